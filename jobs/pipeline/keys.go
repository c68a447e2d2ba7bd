package pipeline

import (
	"context"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"concord/jobs/store"
)

// KeyProvider holds the secrets that keyed hashes are made with. A file, an
// environment variable or a key-management service can stand behind it.
// Secret is called once per domain and run, and may block on a network.
type KeyProvider interface {
	// Secret is the key of a domain, at least 32 bytes, and its version, which
	// changes when the key does.
	Secret(ctx context.Context, domain string) (key []byte, version int, err error)
}

// masterKey derives the keys of all domains from one secret by HKDF-SHA-256
// (RFC 5869): whoever holds the key of one domain learns nothing of another.
type masterKey struct {
	secret  []byte
	version int
}

// masterBytes is the length of a secret that Concord makes, and the least it
// accepts: that of the hash.
const masterBytes = sha256.Size

func (m masterKey) Secret(_ context.Context, domain string) ([]byte, int, error) {
	key, err := hkdf.Key(sha256.New, m.secret, nil, "concord/"+domain, masterBytes)
	return key, m.version, err
}

// anchorDomain is the key domain of consent anchors.
const anchorDomain = "consent-anchors"

// purposeDomain is the key domain of a snapshot: its purpose, so that the ids
// of two purposes cannot be joined.
func purposeDomain(purpose string) string { return "purpose/" + purpose }

// keyFile is where a run without a configured key keeps the one it made.
const keyFile = "state/keys/master.key"

// keyProvider opens the job's key: the file or variable it names, or one made
// at the first run and kept beside the outputs.
func (c *Config) keyProvider(ctx context.Context, out store.Store) (KeyProvider, error) {
	spec := c.Job.Consent.Key
	switch {
	case spec.Env != "":
		return parseKey(os.Getenv(spec.Env), "environment variable "+spec.Env)
	case spec.File != "":
		text, err := os.ReadFile(c.directory(spec.File))
		if err != nil {
			return nil, failedf(ErrConfig, "consent.key: %w", err)
		}
		return parseKey(string(text), "file "+filepath.Base(spec.File))
	}
	text, _, err := out.Get(ctx, keyFile)
	if errors.Is(err, store.ErrNotFound) {
		return c.makeKey(ctx, out)
	}
	if err != nil {
		return nil, fmt.Errorf("read the key that an earlier run made: %w", err)
	}
	return parseKey(string(text), keyFile)
}

// makeKey draws the job's secret: the one random thing in a run, since a
// secret that could be derived would be none. Set consent.key to carry it
// between machines.
func (c *Config) makeKey(ctx context.Context, out store.Store) (KeyProvider, error) {
	secret := make([]byte, masterBytes)
	rand.Read(secret) // never fails
	if _, err := out.PutIf(ctx, keyFile, []byte("1:"+hex.EncodeToString(secret)+"\n"), store.Absent); err != nil {
		return nil, fmt.Errorf("keep the key of the job's pseudonyms: %w", err)
	}
	c.Observe.Note("made a key for pseudonyms: keep it, or set consent.key", "object", keyFile)
	return masterKey{secret, 1}, nil
}

// parseKey reads "version:hex", or hex alone as version 1.
func parseKey(text, from string) (KeyProvider, error) {
	text = strings.TrimSpace(text)
	version := 1
	if v, rest, ok := strings.Cut(text, ":"); ok {
		if _, err := fmt.Sscanf(v, "%d", &version); err != nil || version < 1 {
			return nil, failedf(ErrConfig, "consent.key: %s: the version before the colon is a number from 1", from)
		}
		text = rest
	}
	secret, err := hex.DecodeString(text)
	if err != nil || len(secret) < masterBytes {
		return nil, failedf(ErrConfig, "consent.key: %s: want at least %d hexadecimal digits, as `openssl rand -hex 32` prints", from, 2*masterBytes)
	}
	return masterKey{secret, version}, nil
}
