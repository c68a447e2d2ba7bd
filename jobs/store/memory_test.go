package store_test

import (
	"testing"

	"concord/jobs/store"
	"concord/jobs/store/storetest"
)

func TestMemoryLaws(t *testing.T) {
	storetest.Run(t, func(*testing.T) store.Store { return &store.Memory{} })
}
