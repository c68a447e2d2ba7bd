package pipeline

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Judgements decide their own pairs, and teach the model.
func TestJudgementsTeachTheModel(t *testing.T) {
	train := func(judgements string) (labelled int64, digest string) {
		t.Helper()
		c := settle(t, townJob+"\nmatch: {judgements: judged.csv}\n", newTown(400).files(), 2)
		if err := os.WriteFile(filepath.Join(filepath.Dir(c.Path), "judged.csv"), []byte("a,b,same\n"+judgements), 0o666); err != nil {
			t.Fatal(err)
		}
		x, err := Resolve(context.Background(), c)
		if err != nil {
			t.Fatal(err)
		}
		return x.Model().Training.LabelledPairs, x.run.matcher.modelDigest
	}
	without, first := train("")
	judged, web := "", newTown(400).web
	for i := range 20 {
		a, _, _ := strings.Cut(web[i], ",")
		b, _, _ := strings.Cut(web[i+1], ",")
		judged += fmt.Sprintf("web/%s,web/%s,no\n", a, b)
	}
	with, second := train(judged)
	if without != 0 || with != 20 {
		t.Errorf("%d labelled pairs without judgements, %d with 20", without, with)
	}
	if first == second {
		t.Error("the model is the same with and without labels")
	}
}
