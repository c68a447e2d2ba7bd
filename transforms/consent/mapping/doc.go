// Package mapping reads exports of customer data platforms and consent
// platforms as rows of the consent feed.
//
// A mapping is data: one JSON file under data/ for each shape of export, which
// says for every field of the feed in which column it stands and what its
// values mean. [For] finds it by name, [Mapping.Bind] adds the job's own names
// of purposes, [Mapping.Columns] says what extract must read, and
// [Mapping.Rows] turns one row of the export into rows for a consent.Parser,
// one per statement and subject.
//
// What always holds:
//
//   - A value that a mapping does not know, and a purpose that neither the job
//     nor the registry knows, comes out as text that no parser reads: a
//     problem of that field, never a consent. So it holds its subject.
//   - Absence says nothing: a profile without a preference gives no row. An
//     entry that is there without a state does, and is refused.
//   - Without a subject a statement is still a row, so that a denial of nobody
//     stops the run instead of vanishing.
//   - What a mapping cannot read is not passed over in silence:
//     [Mapping.Unread] names an export's columns that hold states and are not
//     read.
//
// schemas/docs/consent-sources.md describes the exports.
package mapping
