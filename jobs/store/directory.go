package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"syscall"
)

// Directory is a store in a directory of the local file system. Keys are
// paths below it. No key leads out of it, not even through a symbolic link.
//
// An object in the making is a hidden file beside its destination, so that
// the final rename stays on one file system; a crash leaves it behind, and
// RemovePartials clears it away.
type Directory struct {
	root *os.Root
	path string // as given: for errors
}

var _ Store = (*Directory)(nil)

// OpenDirectory opens an existing directory as a store. Close it.
func OpenDirectory(path string) (*Directory, error) {
	root, err := os.OpenRoot(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("store %s: there is no such directory: create it, or correct the path", path)
	}
	if err != nil {
		return nil, fmt.Errorf("store %s: %w", path, err)
	}
	return &Directory{root: root, path: path}, nil
}

// MakeDirectory is OpenDirectory, making the directory if there is none.
func MakeDirectory(path string) (*Directory, error) {
	if err := os.MkdirAll(path, 0o777); err != nil {
		return nil, fmt.Errorf("store %s: %w", path, err)
	}
	return OpenDirectory(path)
}

// Close ends the use of the store. Open objects stay readable.
func (d *Directory) Close() error { return d.root.Close() }

// failed explains why op on key failed.
func (d *Directory) failed(op, key string, err error) error {
	switch {
	case errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR):
		err = ErrNotFound
	case errors.Is(err, fs.ErrPermission):
		err = fmt.Errorf("%w: %w", ErrPermission, err)
	case escapes(err):
		err = fmt.Errorf("a symbolic link leads out of the store: put the file where the link is: %w", ErrKey)
	}
	return fmt.Errorf("store %s: %s %q: %w", d.path, op, key, err)
}

// escapes tells whether os.Root refused a path. Its error has no name.
func escapes(err error) bool {
	var p *fs.PathError
	return errors.As(err, &p) && p.Err.Error() == "path escapes from parent"
}

// begin checks what every operation on one key begins with.
func (d *Directory) begin(ctx context.Context, op, key string) error {
	if err := begin(ctx, op, key); err != nil {
		return fmt.Errorf("store %s: %w", d.path, err)
	}
	return nil
}

// Stat describes one object.
func (d *Directory) Stat(ctx context.Context, key string) (Info, error) {
	if err := d.begin(ctx, "stat", key); err != nil {
		return Info{}, err
	}
	fi, err := d.root.Stat(key)
	if err == nil && !fi.Mode().IsRegular() {
		err = fs.ErrNotExist
	}
	if err != nil {
		return Info{}, d.failed("stat", key, err)
	}
	return infoOf(key, fi), nil
}

func infoOf(key string, fi fs.FileInfo) Info {
	return Info{Key: key, Size: fi.Size(), ModTime: fi.ModTime()}
}

// Open opens an object for reading.
func (d *Directory) Open(ctx context.Context, key string) (Object, error) {
	if _, err := d.Stat(ctx, key); err != nil { // before open, which would wait on a named pipe
		return nil, err
	}
	f, err := d.root.Open(key)
	if err != nil {
		return nil, d.failed("open", key, err)
	}
	fi, err := f.Stat()
	if err != nil {
		return nil, errors.Join(d.failed("open", key, err), f.Close())
	}
	return file{f, fi.Size()}, nil
}

// file is an open object. Writers replace files and never change them, so it
// stays what it was.
type file struct {
	*os.File
	size int64
}

func (f file) Size() int64 { return f.size }

// Get reads a small object and its tag.
func (d *Directory) Get(ctx context.Context, key string) (data []byte, tag string, err error) {
	o, err := d.Open(ctx, key)
	if err != nil {
		return nil, "", err
	}
	defer func() { err = errors.Join(err, o.Close()) }()
	if err := checkPointer("get", key, o.Size()); err != nil {
		return nil, "", fmt.Errorf("store %s: %w", d.path, err)
	}
	if data, err = io.ReadAll(o); err != nil {
		return nil, "", d.failed("get", key, err)
	}
	return data, tagOf(data), nil
}

// Remove removes an object.
func (d *Directory) Remove(ctx context.Context, key string) error {
	if err := d.begin(ctx, "remove", key); err != nil {
		return err
	}
	if fi, err := d.root.Lstat(key); err == nil && fi.IsDir() {
		return nil // a folder of objects is no object
	}
	err := d.root.Remove(key)
	if err == nil {
		err = d.sync(path.Dir(key))
	}
	if err == nil {
		return nil
	}
	if err = d.failed("remove", key, err); errors.Is(err, ErrNotFound) {
		return nil
	}
	return err
}
