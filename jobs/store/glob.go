package store

import (
	"context"
	"fmt"
	"path"
	"strings"
)

// Glob is a pattern of keys: * is any run of characters within a part, ? any
// one, [a-z] and [^a-z] one of or but a class, \ takes the next character
// literally, and ** as a whole part is any number of parts, none included, but
// one at least where it is the last. As in a shell, a wildcard does not match
// a dot that a part begins with: extracts/** leaves .DS_Store alone.
type Glob struct{ parts []string }

// ParseGlob reads a pattern. The error names the part that is wrong.
func ParseGlob(pattern string) (Glob, error) {
	parts := strings.Split(pattern, "/")
	for _, p := range parts {
		switch {
		case p == "" || p == "." || p == "..":
			return Glob{}, fmt.Errorf("glob %q: the part %q: want names between single slashes, relative to the store", pattern, p)
		case p != "**" && strings.Contains(p, "**"):
			return Glob{}, fmt.Errorf("glob %q: the part %q: ** stands alone between slashes", pattern, p)
		}
		if _, err := path.Match(p, ""); err != nil {
			return Glob{}, fmt.Errorf("glob %q: the part %q: an open bracket or a stray backslash", pattern, p)
		}
	}
	if parts[len(parts)-1] == "**" {
		parts = append(parts, "*")
	}
	return Glob{parts: parts}, nil
}

// Match tells whether the pattern is all of key. It takes time proportional
// to the parts of both.
func (g Glob) Match(key string) bool {
	parts := strings.Split(key, "/")
	// reach[j]: the pattern so far matches the first j parts.
	reach := make([]bool, len(parts)+1)
	reach[0] = true
	for _, p := range g.parts {
		if p == "**" {
			for j, part := range parts {
				reach[j+1] = reach[j+1] || reach[j] && !strings.HasPrefix(part, ".")
			}
			continue
		}
		for j := len(parts); j > 0; j-- {
			reach[j] = reach[j-1] && matchPart(p, parts[j-1])
		}
		reach[0] = false
	}
	return reach[len(parts)]
}

func matchPart(pattern, part string) bool {
	if strings.HasPrefix(part, ".") && strings.IndexAny(pattern, "*?[") == 0 {
		return false
	}
	ok, err := path.Match(pattern, part)
	return ok && err == nil
}

// Scope is the smallest scope that has every key that can match.
func (g Glob) Scope() Scope {
	s := Scope{Segments: len(g.parts)}
	literal := true
	for i, p := range g.parts {
		if p == "**" {
			s.Segments = 0
		}
		if !literal {
			continue
		}
		end := strings.IndexAny(p, `*?[\`)
		if end >= 0 {
			s.Prefix += p[:end]
			literal = false
			continue
		}
		s.Prefix += p
		if i < len(g.parts)-1 {
			s.Prefix += "/"
		}
	}
	return s
}

// Lister is what Match needs of a store.
type Lister interface {
	List(ctx context.Context, s Scope) ([]Info, error)
}

// Match lists the objects whose keys a pattern matches, sorted by key.
func Match(ctx context.Context, s Lister, pattern string) ([]Info, error) {
	g, err := ParseGlob(pattern)
	if err != nil {
		return nil, err
	}
	all, err := s.List(ctx, g.Scope())
	if err != nil {
		return nil, err
	}
	matched := all[:0]
	for _, i := range all {
		if g.Match(i.Key) {
			matched = append(matched, i)
		}
	}
	return matched, nil
}
