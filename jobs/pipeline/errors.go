package pipeline

import (
	"errors"
	"fmt"

	"concord/jobs/ingest"
	"concord/jobs/store"
	"concord/matching/block"
	"concord/transforms/extract"
)

// The kinds of failure that callers tell apart, by errors.Is. Anything else
// is internal: a bug, or a disk that failed.
var (
	// ErrConfig: the job file, a file it names, or a flag is wrong.
	ErrConfig = errors.New("configuration")
	// ErrInput: an extract could not be read, or its rows cannot be used.
	ErrInput = errors.New("input")
	// ErrRefused: a budget or a gate refused; nothing was published.
	ErrRefused = errors.New("refused")
	// ErrNotFound: the profile, record or table asked for is not there.
	ErrNotFound = errors.New("not found")
)

// failure is an error of a kind. Its text is the error's own: the kind is for
// exit codes.
type failure struct {
	kind error
	err  error
}

func (f *failure) Error() string   { return f.err.Error() }
func (f *failure) Unwrap() []error { return []error{f.kind, f.err} }

func failed(kind, err error) error {
	if err == nil {
		return nil
	}
	return &failure{kind, err}
}

func failedf(kind error, format string, args ...any) error {
	return failed(kind, fmt.Errorf(format, args...))
}

// classify gives errors of other rooms their kind.
func classify(err error) error {
	var file *extract.FileError
	var ambiguous *ingest.AmbiguousOrderError
	var missing *ingest.NoExtractError
	var empty *ingest.EmptyChannelError
	var budget *block.BudgetError
	switch {
	case err == nil, errors.Is(err, ErrConfig), errors.Is(err, ErrInput), errors.Is(err, ErrRefused), errors.Is(err, ErrNotFound):
		return err
	case errors.As(err, &ambiguous), errors.As(err, &missing):
		return failed(ErrConfig, err)
	case errors.As(err, &file), errors.As(err, &empty):
		return failed(ErrInput, err)
	case errors.As(err, &budget), errors.Is(err, store.ErrConflict):
		return failed(ErrRefused, err)
	}
	return err
}
