//go:build !linux

package spill

import (
	"errors"
	"os"
)

func checkFolder(string) error {
	return errors.New("spilling to disk is built for Linux only: raise match.budget.memory")
}

func mapFile(*os.File, int64, int64) ([]byte, error) { return nil, errors.ErrUnsupported }

func rest([]byte) {}

func release(*os.File, mapped) error { return nil }

func unmap([]byte) error { return nil }

func resident() int64 { return 0 }
