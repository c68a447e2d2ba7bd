package store

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path"
	"syscall"
)

// Create starts an object in a hidden file beside its destination.
func (d *Directory) Create(ctx context.Context, key string) (Writer, error) {
	if err := d.begin(ctx, "create", key); err != nil {
		return nil, err
	}
	if fi, err := d.root.Stat(key); err == nil && fi.IsDir() {
		return nil, d.failed("create", key, fmt.Errorf("there are keys below it: %w", ErrKey))
	}
	if err := d.makeFolder(path.Dir(key)); err != nil {
		if errors.Is(err, syscall.ENOTDIR) || errors.Is(err, os.ErrExist) {
			err = fmt.Errorf("a part of it is an object: %w", ErrKey)
		}
		return nil, d.failed("create", key, err)
	}
	partial := path.Join(path.Dir(key), partialName())
	f, err := d.root.OpenFile(partial, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o666)
	if err != nil {
		return nil, d.failed("create", key, err)
	}
	return &fileWriter{d: d, ctx: ctx, key: key, partial: partial, f: f}, nil
}

// partialName is a name that no other writer has.
func partialName() string {
	var b [8]byte
	rand.Read(b[:])
	return "." + hex.EncodeToString(b[:]) + partialSuffix
}

// makeFolder makes a folder and those above it, durably.
func (d *Directory) makeFolder(folder string) error {
	if fi, err := d.root.Stat(folder); err == nil && fi.IsDir() {
		return nil
	}
	if err := d.root.MkdirAll(folder, 0o777); err != nil {
		return err
	}
	for ; folder != "."; folder = path.Dir(folder) {
		if err := d.sync(path.Dir(folder)); err != nil {
			return err
		}
	}
	return nil
}

// sync makes the names in a folder survive the machine.
func (d *Directory) sync(folder string) error {
	f, err := d.root.Open(folder)
	if err != nil {
		return err
	}
	return errors.Join(syncFolder(f), f.Close())
}

type fileWriter struct {
	d       *Directory
	ctx     context.Context
	key     string
	partial string
	f       *os.File // nil once committed or aborted
}

func (w *fileWriter) Write(p []byte) (int, error) {
	if err := w.begin("write"); err != nil {
		return 0, err
	}
	n, err := w.f.Write(p)
	if err != nil {
		err = w.d.failed("write", w.key, err)
	}
	return n, err
}

func (w *fileWriter) begin(op string) error {
	if w.f == nil {
		return w.d.failed(op, w.key, errors.New("the object was committed or aborted"))
	}
	return w.d.begin(w.ctx, op, w.key)
}

func (w *fileWriter) Commit() error {
	if err := w.begin("commit"); err != nil {
		return errors.Join(err, w.Abort())
	}
	if err := w.f.Sync(); err != nil { // before the rename, or a crash could publish a hole
		return errors.Join(w.d.failed("commit", w.key, err), w.Abort())
	}
	f := w.f
	w.f = nil
	err := f.Close()
	if err == nil {
		err = w.d.root.Rename(w.partial, w.key)
	}
	if err != nil {
		return errors.Join(w.d.failed("commit", w.key, err), w.d.root.Remove(w.partial))
	}
	if err := w.d.sync(path.Dir(w.key)); err != nil {
		return w.d.failed("commit", w.key, err)
	}
	return nil
}

func (w *fileWriter) Abort() error {
	if w.f == nil {
		return nil
	}
	err := errors.Join(w.f.Close(), w.d.root.Remove(w.partial))
	w.f = nil
	if err != nil {
		return w.d.failed("abort", w.key, err)
	}
	return nil
}

// PutIf writes a small object if the present one is as expected. Processes
// that share the directory take turns by an advisory lock on a file in its
// root, which the system releases when its holder dies.
func (d *Directory) PutIf(ctx context.Context, key string, data []byte, ifMatch string) (tag string, err error) {
	if err := d.begin(ctx, "put", key); err != nil {
		return "", err
	}
	if err := checkPointer("put", key, int64(len(data))); err != nil {
		return "", fmt.Errorf("store %s: %w", d.path, err)
	}
	lock, err := d.root.OpenFile(lockName, os.O_CREATE|os.O_RDWR, 0o666)
	if err != nil {
		return "", d.failed("put", key, err)
	}
	defer func() { err = errors.Join(err, lock.Close()) }() // which unlocks
	if err := lockFile(lock); err != nil {
		return "", d.failed("put", key, err)
	}
	_, present, err := d.Get(ctx, key)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return "", err
	}
	if present != ifMatch {
		return "", d.failed("put", key, ErrConflict)
	}
	if err := d.put(ctx, key, data); err != nil {
		return "", err
	}
	return tagOf(data), nil
}

func (d *Directory) put(ctx context.Context, key string, data []byte) error {
	w, err := d.Create(ctx, key)
	if err != nil {
		return err
	}
	if _, err := w.Write(data); err != nil {
		return errors.Join(err, w.Abort())
	}
	return w.Commit()
}
