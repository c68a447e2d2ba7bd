// Package schemas is the room of contracts: what things are, and nothing that
// runs. Its packages hold no I/O, no goroutine and no clock; every other room
// imports them, and they import none.
//
//	attribute   semantic types of columns, attributes of people
//	consent     consent events, the purpose registry, the policy table, verdicts
//	job         the job file
//	model       the trained match model
//	table       the records table in memory, the published tables
//
// # The life of a record
//
// A person bought something, and a shop's system wrote a line about it. This
// is what becomes of the line, with the names that the code has. The order of
// it all stands in jobs/pipeline, in Run.
//
// Extract. A [concord/schemas/job.Channel] says which objects to read, which
// column is the key, which the event time, and what each column holds: an
// [concord/schemas/attribute.Type]. transforms/extract turns the bytes of an
// object, csv, JSON lines or Parquet, into batches of text. A line that cannot
// be read goes to quarantine with its row number and a code; the file goes on.
// From here on the books are kept: rows read = accepted + quarantined +
// duplicate, or the run fails.
//
// Normalize. jobs/ingest gives every distinct text of a column a code, and
// transforms/normalize reads each distinct text once. One raw value becomes
// values of one or more attributes ([concord/schemas/attribute.Name]), each
// with two forms: the shown one ("José") and the canonical one ("jose").
// Placeholders are marked as junk: shown to nobody, matched by nothing.
//
// Record. Lines of one (source, key) become one record, the latest by event
// time. All records of the run are one [concord/schemas/table.Records]:
// columns of codes, in the order of a hash of (source, key), so that neither
// files nor rows have an order that could matter later.
//
// Consent. transforms/consent reads feeds, consent columns and signals into a
// log of [concord/schemas/consent.Event]. Each is about an anchor: a contact
// point, device or account, known only by a keyed hash. Nothing in the log is
// ever merged. A record whose linking was denied is marked now and stays
// single.
//
// Block. matching/column takes the canonical codes. matching/block proposes
// rules ("same birth date and sound of the family name"), counts the pairs of
// each exactly before anything is scored, and keeps those that are worth their
// work. Deterministic rules with guards (matching/rules) find the sure pairs.
//
// Train. matching/train estimates the [concord/schemas/model.Model] without
// labels: for each level of each comparison, how often it occurs among
// matches (m) and among strangers (u).
//
// Score. matching/score streams the pairs through the comparators of
// matching/compare. A pair's match weight is in log2 odds; pairs above zero
// are links. No pair is stored.
//
// Cluster. matching/cluster turns links into clusters: components first, then
// correlation clustering, where a pair that speaks against a merge counts as
// one that speaks for it. matching/identity gives each cluster its golden id,
// derived from its earliest record.
//
// Golden. transforms/golden chooses, attribute by attribute, the value that
// survives, and keeps where it came from.
//
// Decide. For each snapshot of the job, brand and contact point,
// transforms/consent decides anew from the log: a
// [concord/schemas/consent.Verdict] with its reasons. Merging records can only
// narrow what a contact point may be used for. A value whose own source does
// not permit the purpose cannot survive in its snapshot; the next one does.
//
// Snapshot. transforms/snapshot writes the tables of
// [concord/schemas/table] as Parquet: only rows, columns and values that the
// purpose permits, under profile ids that only this purpose has. A second
// Parquet library reads every file back, and every row is decided again.
//
// Publish. Gates compare the run with the last one that was published and may
// refuse. Then lineage, the manifest and the report (transforms/report) are
// written, and last the pointers move. Until then no reader has seen anything;
// if the run dies before, none ever will.
package schemas
