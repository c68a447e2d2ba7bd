// Package extract turns the bytes of one extract into Arrow batches of text.
//
// In: the bytes of one object, csv (any common dialect), JSON lines (or one
// JSON array of objects), or Parquet; the first two also gzip or zstd. Out:
// batches of the requested columns, every value as text, and the rows that
// could not be read, each with a code. Everything is detected from content;
// file names are never looked at.
//
// What always holds:
//
//   - Every data row of the object is delivered exactly once: accepted, with
//     its 1-based row number, or as a [BadRow]. A damaged row costs that row,
//     not the file.
//   - An object that cannot be trusted as a whole (truncated, not what it
//     claims to be, a missing column) is a [*FileError]. Rows delivered
//     before it must then not be published.
//   - Memory is bounded by the limits, not by the input: one row limit, one
//     batch and, for Parquet, one page per column.
//   - Errors name rows, columns and codes; never the content of a cell. Raw
//     bytes of a bad row go to quarantine through [BadRow] only.
//
// [Sniff] explains what a file looks like and how sure it is; [Open] uses the
// same answer wherever the dialect leaves something open. The package starts
// no goroutine and opens no file: jobs/store brings the bytes,
// transforms/normalize reads the text.
package extract
