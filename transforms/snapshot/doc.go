// Package snapshot writes published tables as Parquet, proves by a second
// reader that the file holds what was meant, and reads it back for export.
//
// In: rows or Arrow batches in the order of the table's sort column, and what
// the file is about (purpose, as-of, digests) as metadata. Out: the bytes of a
// Parquet file and a [Summary]: rows, and per column nulls and a digest of all
// values.
//
// Columns are codes and runs from the row to the page ([Rows], builder,
// chunk); arrow-go makes the schema and the footer, and reads back for export.
//
// What always holds:
//
//   - the same rows and metadata give the same bytes, whatever the batches;
//   - memory is bounded by one row group, not by the table;
//   - of a direct identifier no value stands outside the data pages: no
//     statistics, no page index, no bloom filter, for a minimum in a footer is
//     a leak;
//   - [Verify] trusts nothing of the writer. It reads the file with parquet-go,
//     which shares no code with the writer, and compares everything with what
//     was meant.
//
// Which columns a purpose may carry is in matrix.json ([Columns]); the ids
// that stand for people in a snapshot are made by a [Pseudonym].
package snapshot
