package cluster

import "fmt"

// Constraint is a hard rule about which records may share a cluster, whatever
// the evidence. Forbids must be symmetric and pure. A Constraint is shared by
// all goroutines.
type Constraint interface {
	// Name is stable and lower_snake_case; Description is one sentence for
	// reports.
	Name() string
	Description() string
	// Forbids tells whether records a and b may never share a cluster.
	Forbids(a, b uint32) bool
	// NewGroups makes the state of one Refiner.
	NewGroups() Groups
}

// Groups answers Forbids for groups of a component's records without looking
// at every pair. The law: Forbids(g, h) ⟺ Constraint.Forbids(r, s) for some
// record r of g and s of h, as long as no forbidden groups were merged.
type Groups interface {
	// Reset starts with records[i] alone in group i.
	Reset(records []uint32)
	Forbids(g, h uint32) bool
	// Merge joins group from to group into; from is never named again.
	Merge(into, from uint32)
}

// CannotLink is the name that refusals give for a pair in Component.Cannot.
const CannotLink = "cannot_link"

// ConflictError is a must-link that a constraint contradicts.
type ConflictError struct {
	Must       Pair   // the must-link
	Forbidden  Pair   // the two records, each joined to one side of it, that may not meet
	Constraint string // the name of the constraint that forbids them
}

func (e *ConflictError) Error() string {
	return fmt.Sprintf("must-link of records %d and %d would join records %d and %d, which %s forbids: withdraw one of the two",
		e.Must.A, e.Must.B, e.Forbidden.A, e.Forbidden.B, e.Constraint)
}
