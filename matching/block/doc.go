// Package block finds the pairs of records worth comparing.
//
// A blocking [Rule] is a conjunction of keys: attributes, or features derived
// from them, that two records must share. Rules come in an order, and a pair
// belongs to the first rule that finds it, so it is compared once without any
// set of pairs being kept. The number of pairs is known before the first is
// compared.
//
//	rules ─► Binder: key columns, packed keys, radix sort ─► groups
//	      ─► Plan: exact counts, budget ─► Blocks ─► Units ─► Walker ─► pairs
//
// [Propose] chooses the rules itself, from candidates by semantic type.
//
// Blocking bounds recall: a true pair that shares no key is never seen.
// [Plan.Completeness] measures that where a truth is known; Count.Skipped says
// what was left out of blocks too large to compare.
//
// Everything is sequential and pure. A Binder's steps and a plan's units may
// be spread over goroutines in any order; the pairs are the same.
package block
