// Package golden merges a cluster, the records of one person, into a golden
// record: for each attribute the value that survives, and where it came from.
//
// In: the records table and, per cluster, the row numbers of its members.
// Out: a [Golden] per cluster, and its contact points. A [Plan] is compiled
// once per run from the job's survivorship rules; a [Merger] does the work
// and allocates nothing per cluster once its buffers have grown.
//
// What always holds:
//
//   - a surviving value is one that a member holds, never a mixture;
//   - the parts of an address survive together, from one slot of one record,
//     so no golden record lives in a street of one city and in another city.
//     The parts of a name are chosen one by one: sources disagree about middle
//     names and titles far more often than about who somebody is;
//   - junk and values that show nothing never survive;
//   - a value that [Permit] refuses might as well not exist: it neither wins
//     nor counts towards another's frequency;
//   - members may come in any order, and the codes of a dictionary say
//     nothing: ties end in the bytes of the values and the keys of the records.
//
// To add a rule: one file like most_recent.go, one test, one line in all.go.
package golden
