# syntax=docker/dockerfile:1

# The image holds one static binary, certificates for object storage over TLS
# and nothing else: no shell, no package manager, no root.
#
#   docker build -t concord .
#   docker run --rm -v "$PWD/jobs/examples/retail:/job" concord run /job/job.yaml
#
# The job's output folder must be writable by user 65532.

FROM golang:1.26 AS build
WORKDIR /src

# Modules first: they change less often than the code.
COPY go.mod go.sum ./
RUN --mount=type=cache,target=/go/pkg/mod go mod download

# The commit that the binary reports comes from .git.
# timetzdata puts the time zones into the binary, so that the image needs none.
COPY . .
RUN --mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/root/.cache/go-build \
    CGO_ENABLED=0 go build -trimpath -tags timetzdata -ldflags "-s -w" -o /out/concord .

# /tmp is where work that exceeds memory is spilled.
RUN mkdir -p /out/tmp && chmod 1777 /out/tmp

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=build --chown=65532:65532 /out/tmp /tmp
COPY --from=build /out/concord /concord
USER 65532:65532
ENTRYPOINT ["/concord"]
