package extract

import "fmt"

// Codes of bad rows: what [BadRow.Code] says. Quarantine tables, reports and
// tests use these words; they do not change between releases.
const (
	// RowTooFewFields is a csv row with fewer fields than the file has columns.
	RowTooFewFields = "too_few_fields"
	// RowTooManyFields is a csv row with more non-empty fields than columns.
	RowTooManyFields = "too_many_fields"
	// RowBadQuote is text after a closing quote. The row's first line is
	// quarantined and reading goes on at the next line.
	RowBadQuote = "bad_quote"
	// RowUnterminatedQuote is a quote that is still open at the end of the file
	// or at the row limit. Resumes like RowBadQuote.
	RowUnterminatedQuote = "unterminated_quote"
	// RowTooLong is a row over [Limits.RowBytes]; skipped without being held.
	RowTooLong = "row_too_long"
	// RowBadEncoding is a row whose bytes are not text in the file's encoding.
	RowBadEncoding = "invalid_encoding"
	// RowNUL is a row that holds a NUL character.
	RowNUL = "nul_byte"
	// RowBadJSON is a line that is not one JSON value (RFC 8259).
	RowBadJSON = "bad_json"
	// RowNotObject is a JSON value other than an object where a row belongs.
	RowNotObject = "not_an_object"
	// RowTooDeep is JSON nested deeper than [Limits.Nesting].
	RowTooDeep = "too_deep"
	// RowDuplicateKey is a JSON object that holds a requested key twice.
	RowDuplicateKey = "duplicate_key"
	// RowWrongShape is an object or array where the column is a single value,
	// or a single value where the column lies inside an object.
	RowWrongShape = "wrong_shape"
)

// Codes of bad files: what [FileError.Code] says.
const (
	// FileTruncated is a file that ends too early: a cut gzip or zstd stream,
	// a JSON array without its closing bracket, a Parquet file without footer.
	FileTruncated = "truncated"
	// FileCorrupt is a file whose container is damaged.
	FileCorrupt = "corrupt"
	// FileBinary is a file that is no csv, JSON or Parquet.
	FileBinary = "not_an_extract"
	// FileEncrypted is an encrypted Parquet file.
	FileEncrypted = "encrypted"
	// FileRatio is a compressed file that expands beyond [Limits.Ratio].
	FileRatio = "decompression_ratio"
	// FileDuplicateColumn is a header that names two columns alike.
	FileDuplicateColumn = "duplicate_column"
	// FileMissingColumn is a requested column that the file does not have.
	FileMissingColumn = "missing_column"
	// FileTooManyColumns is a schema with more columns than [Limits.Fields].
	FileTooManyColumns = "too_many_columns"
	// FileUnbalancedQuotes is a csv whose quotes fail so often that the quote
	// character cannot be right.
	FileUnbalancedQuotes = "unbalanced_quotes"
	// FileBadHeader is a header row that cannot be read.
	FileBadHeader = "bad_header"
)

// FileError is an object that must not be used: the fault is in the file and
// reading it again gives the same answer. Errors of the transport (a broken
// connection) are passed on wrapped and are never a FileError.
type FileError struct {
	Code    string
	Column  string // the column concerned, as the caller named it; or ""
	Nearest string // FileMissingColumn: the file's most similar column name
	Detail  string // what is wrong and what to do, without cell content
	Err     error  // the cause, or nil
}

// Error says what is wrong and what to do about it. It does not print Err:
// the text of foreign errors may quote the file.
func (e *FileError) Error() string { return e.Detail + " (" + e.Code + ")" }

// Unwrap is the cause.
func (e *FileError) Unwrap() error { return e.Err }

func fileError(code string, cause error, format string, args ...any) *FileError {
	return &FileError{Code: code, Err: cause, Detail: fmt.Sprintf(format, args...)}
}
