// Package store reads and writes objects: whole files under slash-separated
// keys, listed by prefix, published atomically. Extracts come out of a store
// and everything that a run makes goes into one.
//
// There are two stores: [Directory], on the local file system, and [Memory].
// package storetest checks the laws of the contract on both. Object storage
// over a network is not built yet.
package store

import (
	"context"
	"errors"
	"io"
	"time"
)

// The errors that callers tell apart, with errors.Is. Every error names the
// operation and the key.
var (
	ErrNotFound   = errors.New("no such object")
	ErrConflict   = errors.New("the object is not the one expected: another run may have written it")
	ErrPermission = errors.New("no permission")
	ErrKey        = errors.New("not a key of this store") // malformed, reserved, or leading out of the root
)

// Store is a set of objects. Its methods may be called from any goroutine.
//
// Laws, for keys that CheckKey accepts:
//
//	an object is seen whole or not at all, by every reader, also when the
//	  writer dies at any moment;
//	once Commit or PutIf returned nil, the object survives the machine;
//	an open Object does not change, whatever is written or removed meanwhile;
//	List, Stat and Open agree, and List is sorted by key, bytewise;
//	of concurrent PutIf calls with the same expectation exactly one succeeds;
//	when ctx is done, nothing new becomes visible.
//
// A key is written with Create or with PutIf, never with both. Where a key is
// an object, no key below it ("a" and "a/b") may be written.
type Store interface {
	// List is the objects in scope, sorted by key.
	List(ctx context.Context, s Scope) ([]Info, error)
	// Stat describes one object.
	Stat(ctx context.Context, key string) (Info, error)
	// Open opens an object for reading. The caller closes it.
	Open(ctx context.Context, key string) (Object, error)
	// Create starts an object, replacing what key held when it is committed.
	// The caller calls Commit or Abort; ctx governs all of it.
	Create(ctx context.Context, key string) (Writer, error)
	// Get reads an object of at most MaxPointer bytes with the tag of its
	// present content.
	Get(ctx context.Context, key string) (data []byte, tag string, err error)
	// PutIf writes an object of at most MaxPointer bytes if the present one has
	// the tag ifMatch, Absent meaning that there must be none, and returns the
	// new tag. The error is ErrConflict if the expectation fails.
	PutIf(ctx context.Context, key string, data []byte, ifMatch string) (tag string, err error)
	// Remove removes an object. It is no error if there is none, so that it can
	// be repeated.
	Remove(ctx context.Context, key string) error
}

// Absent is the tag of an object that does not exist.
const Absent = ""

// MaxPointer bounds objects that Get and PutIf handle: commit pointers and
// manifests, which are read at once.
const MaxPointer = 1 << 20

// Scope says which objects to list. The zero Scope is all.
type Scope struct {
	// Prefix is what keys begin with. It is a string, not a folder: "a/b"
	// takes in "a/bc".
	Prefix string
	// Segments bounds the parts of a key between slashes, 0 for no bound: a
	// listing of one folder need not walk what lies below.
	Segments int
}

// Info describes an object.
type Info struct {
	Key     string
	Size    int64 // bytes
	ModTime time.Time
}

// Object is an open object. ReadAt may be called from several goroutines,
// Read from one.
type Object interface {
	io.Reader
	io.ReaderAt
	io.Closer
	Size() int64 // bytes
}

// Writer is an object in the making, invisible until Commit. It belongs to
// one goroutine.
type Writer interface {
	io.Writer
	// Commit publishes what was written. After an error nothing was published,
	// or, if the failure came after the object was in its place, it is whole.
	Commit() error
	// Abort discards what was written. After Commit it does nothing, so it can
	// be deferred.
	Abort() error
}
