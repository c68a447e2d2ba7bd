package store

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
)

// Memory is a store that holds objects in memory, for tests and for trying a
// job out. The zero Memory is empty and ready. "Survives the machine" is the
// one law that it does not keep.
type Memory struct {
	mu      sync.Mutex
	objects map[string]memoryEntry
}

// memoryEntry is an object. Its data is never changed, only replaced.
type memoryEntry struct {
	data     []byte
	modified time.Time
}

var _ Store = (*Memory)(nil)

// List is the objects in scope, sorted by key.
func (m *Memory) List(ctx context.Context, s Scope) ([]Info, error) {
	if err := checkPrefix(s.Prefix); err != nil {
		return nil, fmt.Errorf("list: %w", err)
	}
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("list %q: %w", s.Prefix, err)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []Info
	for key, e := range m.objects {
		if s.in(key) {
			out = append(out, e.info(key))
		}
	}
	slices.SortFunc(out, func(a, b Info) int { return strings.Compare(a.Key, b.Key) })
	return out, nil
}

func (e memoryEntry) info(key string) Info {
	return Info{Key: key, Size: int64(len(e.data)), ModTime: e.modified}
}

// Stat describes one object.
func (m *Memory) Stat(ctx context.Context, key string) (Info, error) {
	e, err := m.entry(ctx, "stat", key)
	if err != nil {
		return Info{}, err
	}
	return e.info(key), nil
}

// entry finds an object for the operation op.
func (m *Memory) entry(ctx context.Context, op, key string) (memoryEntry, error) {
	if err := begin(ctx, op, key); err != nil {
		return memoryEntry{}, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	e, ok := m.objects[key]
	if !ok {
		return e, fmt.Errorf("%s %q: %w", op, key, ErrNotFound)
	}
	return e, nil
}

// begin checks what every operation on one key begins with.
func begin(ctx context.Context, op, key string) error {
	if err := CheckKey(key); err != nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("%s %q: %w", op, key, err)
	}
	return nil
}

// Open opens an object for reading.
func (m *Memory) Open(ctx context.Context, key string) (Object, error) {
	e, err := m.entry(ctx, "open", key)
	if err != nil {
		return nil, err
	}
	return memoryObject{bytes.NewReader(e.data)}, nil
}

type memoryObject struct{ *bytes.Reader }

func (memoryObject) Close() error { return nil }

// Create starts an object.
func (m *Memory) Create(ctx context.Context, key string) (Writer, error) {
	if err := begin(ctx, "create", key); err != nil {
		return nil, err
	}
	return &memoryWriter{store: m, ctx: ctx, key: key}, nil
}

type memoryWriter struct {
	store *Memory
	ctx   context.Context
	key   string
	data  []byte
	done  bool
}

func (w *memoryWriter) Write(p []byte) (int, error) {
	if err := w.begin("write"); err != nil {
		return 0, err
	}
	w.data = append(w.data, p...)
	return len(p), nil
}

func (w *memoryWriter) begin(op string) error {
	if w.done {
		return fmt.Errorf("%s %q: the object was committed or aborted", op, w.key)
	}
	return begin(w.ctx, op, w.key)
}

func (w *memoryWriter) Commit() error {
	if err := w.begin("commit"); err != nil {
		return err
	}
	w.done = true
	w.store.mu.Lock()
	defer w.store.mu.Unlock()
	w.store.put(w.key, w.data)
	return nil
}

func (w *memoryWriter) Abort() error {
	w.done, w.data = true, nil
	return nil
}

// put is called with the lock held.
func (m *Memory) put(key string, data []byte) {
	if m.objects == nil {
		m.objects = map[string]memoryEntry{}
	}
	m.objects[key] = memoryEntry{data: data, modified: time.Now()}
}

// Get reads a small object and its tag.
func (m *Memory) Get(ctx context.Context, key string) ([]byte, string, error) {
	e, err := m.entry(ctx, "get", key)
	if err != nil {
		return nil, "", err
	}
	if err := checkPointer("get", key, int64(len(e.data))); err != nil {
		return nil, "", err
	}
	return slices.Clone(e.data), tagOf(e.data), nil
}

// PutIf writes a small object if the present one is as expected.
func (m *Memory) PutIf(ctx context.Context, key string, data []byte, ifMatch string) (string, error) {
	if err := begin(ctx, "put", key); err != nil {
		return "", err
	}
	if err := checkPointer("put", key, int64(len(data))); err != nil {
		return "", err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	present := Absent
	if e, ok := m.objects[key]; ok {
		present = tagOf(e.data)
	}
	if present != ifMatch {
		return "", fmt.Errorf("put %q: %w", key, ErrConflict)
	}
	m.put(key, slices.Clone(data))
	return tagOf(data), nil
}

// Remove removes an object.
func (m *Memory) Remove(ctx context.Context, key string) error {
	if err := begin(ctx, "remove", key); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.objects, key)
	return nil
}
