package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"syscall"
	"time"
)

// List is the objects in scope, sorted by key. A file in scope that cannot be
// an object (a device, a name that is no key, a symbolic link to a directory,
// to nothing, or out of the store) is an error: leaving it out would lose data
// in silence. A link to a file of the store is an object.
func (d *Directory) List(ctx context.Context, s Scope) ([]Info, error) {
	if err := checkPrefix(s.Prefix); err != nil {
		return nil, fmt.Errorf("store %s: list: %w", d.path, err)
	}
	l := listing{d: d, ctx: ctx, scope: s}
	if err := fs.WalkDir(d.root.FS(), s.folder(), l.visit); err != nil {
		return nil, err
	}
	slices.SortFunc(l.found, func(a, b Info) int { return strings.Compare(a.Key, b.Key) })
	return l.found, nil
}

// folder is the deepest folder that all keys of the scope are in.
func (s Scope) folder() string {
	if i := strings.LastIndexByte(s.Prefix, '/'); i >= 0 {
		return s.Prefix[:i]
	}
	return "."
}

// overlaps tells whether a key in folder can be in the scope.
func (s Scope) overlaps(folder string) bool {
	if s.Segments > 0 && strings.Count(folder, "/")+2 > s.Segments {
		return false
	}
	return strings.HasPrefix(folder+"/", s.Prefix) || strings.HasPrefix(s.Prefix, folder+"/")
}

// listing is one walk over the files of a directory.
type listing struct {
	d     *Directory
	ctx   context.Context
	scope Scope
	found []Info
}

func (l *listing) visit(p string, entry fs.DirEntry, err error) error {
	if ctxErr := l.ctx.Err(); ctxErr != nil {
		return l.d.failed("list", p, ctxErr)
	}
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) {
		return nil // removed since its folder was read, or nothing has the prefix
	}
	if err != nil {
		return l.d.failed("list", p, err)
	}
	switch {
	case entry.IsDir():
		if p != "." && (reserved(entry.Name()) || !l.scope.overlaps(p)) {
			return fs.SkipDir
		}
		return nil
	case reserved(entry.Name()) || !l.scope.in(p):
		return nil
	}
	return l.add(p, entry)
}

func (l *listing) add(p string, entry fs.DirEntry) error {
	if err := CheckKey(p); err != nil {
		return l.d.failed("list", p, fmt.Errorf("rename the file: %w", err))
	}
	link := entry.Type()&fs.ModeSymlink != 0
	fi, err := l.d.root.Stat(p)
	switch {
	case errors.Is(err, fs.ErrNotExist) && !link:
		return nil // removed since its folder was read
	case err != nil:
		return l.d.failed("list", p, err)
	case fi.IsDir() && !l.scope.overlaps(p):
		return nil
	case fi.IsDir():
		return l.d.failed("list", p, errors.New("a symbolic link to a directory is not followed: put the files where the link is"))
	case !fi.Mode().IsRegular():
		return l.d.failed("list", p, fmt.Errorf("neither a file nor a directory: %s", fi.Mode().Type()))
	}
	l.found = append(l.found, infoOf(p, fi))
	return nil
}

// RemovePartials clears away what interrupted writers left below prefix and
// last touched before a moment, and tells how many there were. The moment
// must be older than any writer still at work.
func (d *Directory) RemovePartials(ctx context.Context, prefix string, before time.Time) (removed int, err error) {
	if err := checkPrefix(prefix); err != nil {
		return 0, fmt.Errorf("store %s: remove partials: %w", d.path, err)
	}
	s := Scope{Prefix: prefix}
	err = fs.WalkDir(d.root.FS(), s.folder(), func(p string, entry fs.DirEntry, err error) error {
		if err == nil {
			err = ctx.Err()
		}
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return d.failed("remove partials", p, err)
		}
		if entry.IsDir() || !strings.HasPrefix(p, prefix) || !isPartial(entry.Name()) {
			return nil
		}
		fi, err := entry.Info()
		if err != nil || !fi.ModTime().Before(before) {
			return nil // gone, or still being written
		}
		if err := d.root.Remove(p); err != nil {
			return d.failed("remove partials", p, err)
		}
		removed++
		return nil
	})
	return removed, err
}
