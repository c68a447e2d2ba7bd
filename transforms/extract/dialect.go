package extract

import "math"

// Format is the container of an extract's rows.
type Format string

// The formats.
const (
	CSV     Format = "csv"     // delimited text, tab- and pipe-separated included
	JSONL   Format = "jsonl"   // JSON objects: one per line, in a row, or in one array
	Parquet Format = "parquet" // Apache Parquet
)

// Header says whether a csv file's first row holds column names.
type Header uint8

// The header choices.
const (
	DetectHeader Header = iota
	HasHeader
	NoHeader
)

// NoQuote and NoEscape switch quoting and escaping off. 0xFF occurs in no
// UTF-8 text, so the value stands for no character.
const (
	NoQuote  byte = 0xFF
	NoEscape byte = 0xFF
)

// Dialect describes how a file is written. The zero value of each field means
// "detect from content"; what is set is taken as given.
type Dialect struct {
	Format    Format
	Encoding  string // "utf-8", "utf-16le", "utf-16be", "windows-1252", or another single-byte code page
	Delimiter byte   // csv: between fields
	Quote     byte   // csv: around fields, doubled inside; NoQuote for none
	Escape    byte   // csv: makes the next character literal; NoEscape for none
	Newline   byte   // csv: '\n' (also ends "\r\n" rows) or '\r' (lone carriage returns)
	Header    Header // csv
	Skip      int    // csv: physical lines before the header or first row
	// Columns names a csv file's columns, in file order: instead of a header,
	// or in place of one when Header is HasHeader.
	Columns []string
	// Sparse makes a requested column that no row of the file has null
	// everywhere instead of a FileError. For JSON lines with optional keys.
	Sparse bool
}

// Limits bound what one file may cost. Zero means the default.
type Limits struct {
	RowBytes  int // longest row, default 16 MiB, at most 256 MiB
	Fields    int // most columns of a file, default 10,000
	Nesting   int // deepest JSON, default 64
	Ratio     int // decompressed size over compressed size, default 250; see ratioFloor
	RawBytes  int // most raw bytes kept of a bad row, default 64 KiB
	BatchRows int // most rows in a batch, accepted and bad, default 8,192
}

// Defaults of [Limits], each with its reason.
const (
	defaultRowBytes  = 16 << 20 // far above any customer row; a quarter of a small container's memory would not be
	maxRowBytes      = 256 << 20
	defaultFields    = 10_000 // wide survey exports reach a few thousand columns
	defaultNesting   = 64     // event payloads nest 5–10 deep
	defaultRatio     = 250    // repetitive exports reach about 100:1; deflate bombs 1,030:1
	defaultRawBytes  = 64 << 10
	defaultBatchRows = 8192 // a batch of usual rows stays near 1 MB, inside L2 with its output
	batchBytes       = 8 << 20
	// ratioFloor is what any compressed file may expand to before Ratio counts.
	ratioFloor = 64 << 20
)

func (l Limits) withDefaults() Limits {
	set := func(v *int, def, most int) {
		if *v <= 0 {
			*v = def
		}
		*v = min(*v, most)
	}
	set(&l.RowBytes, defaultRowBytes, maxRowBytes)
	set(&l.Fields, defaultFields, math.MaxInt32)
	set(&l.Nesting, defaultNesting, 10_000)
	set(&l.Ratio, defaultRatio, math.MaxInt32)
	set(&l.RawBytes, defaultRawBytes, maxRowBytes)
	set(&l.BatchRows, defaultBatchRows, 1<<20)
	return l
}
