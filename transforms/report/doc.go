// Package report turns the facts of a run into what people and other systems
// read: the run manifest, OpenLineage events, an HTML report.
//
// In: a [Manifest], filled by the run with counts, digests and names, and a
// moment from the caller, for there is no clock here. Out: bytes. All
// functions are pure: the same manifest gives the same bytes.
//
// What always holds:
//
//   - a manifest that [Manifest.Validate] accepts balances: rows read are
//     accepted, quarantined, suppressed or duplicate; accepted records are the
//     members of clusters; profiles are published or withheld for a reason;
//   - every number in a report or an event is a number of the manifest or a
//     sum or share of such numbers;
//   - no personal value is in any of them. A manifest has names of objects,
//     columns, rules and codes, and counts;
//   - every text in the HTML is escaped, and the page loads nothing.
package report
