package engine_test

import (
	"testing"

	"go.uber.org/goleak"

	"concord/jobs/engine"
	"concord/jobs/engine/enginetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestLocalKeepsTheLaws(t *testing.T) {
	for _, workers := range []int{0, 1, 2, 4} {
		enginetest.Laws(t, engine.Local{Count: workers})
	}
}
