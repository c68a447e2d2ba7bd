package extract

import "bytes"

// foreign lists files that people hand in instead of an extract, by their
// first bytes (from each format's own specification).
var foreign = []struct {
	at     int
	magic  string
	looks  string
	remedy string
}{
	{0, "PK\x03\x04", "an Excel workbook or zip archive", "export it as csv, or unpack it"},
	{0, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel workbook", "export it as csv"},
	{0, "%PDF-", "a PDF document", "export the table as csv"},
	{0, "BZh", "a bzip2 file", "recompress it as gzip or zstd"},
	{0, "\xfd7zXZ\x00", "an xz file", "recompress it as gzip or zstd"},
	{0, "\x04\x22\x4d\x18", "an lz4 file", "recompress it as gzip or zstd"},
	{0, "7z\xbc\xaf\x27\x1c", "a 7-Zip archive", "unpack it"},
	{0, "Rar!\x1a\x07", "a RAR archive", "unpack it"},
	{257, "ustar", "a tar archive", "unpack it"},
	{0, "\x1f\x8b", "a gzip file inside a compressed file", "unpack it once"},
	{0, "\x28\xb5\x2f\xfd", "a zstd file inside a compressed file", "unpack it once"},
	{0, "Obj\x01", "an Avro file", "export it as Parquet or JSON lines"},
	{0, "ORC", "an ORC file", "export it as Parquet"},
	{0, "ARROW1", "an Arrow IPC (Feather) file", "export it as Parquet"},
	{0, "SQLite format 3\x00", "an SQLite database", "export the table as csv"},
	{0, "\x89PNG", "a PNG image", "name another file"},
	{0, "\xff\xd8\xff", "a JPEG image", "name another file"},
	{0, "\x7fELF", "a program", "name another file"},
	{0, "-----BEGIN PGP", "an OpenPGP message", "decrypt it first"},
	{0, "age-encryption.org/", "an age file", "decrypt it first"},
	{0, "<!DOCTYPE", "an HTML page, perhaps an error page of the server", "fetch the extract again"},
	{0, "<!doctype", "an HTML page, perhaps an error page of the server", "fetch the extract again"},
	{0, "<html", "an HTML page, perhaps an error page of the server", "fetch the extract again"},
	{0, "<?xml", "an XML document", "export it as csv or JSON lines"},
}

// refuseForeign is the error for bytes that are no extract, nil for text.
func refuseForeign(head []byte) error {
	for _, f := range foreign {
		if len(head) > f.at && bytes.HasPrefix(head[f.at:], []byte(f.magic)) {
			if f.magic == "ORC" && !isBinary(head) {
				continue // three letters that a csv header may begin with
			}
			return fileError(FileBinary, nil, "the file is no csv, JSON lines or Parquet: it looks like %s; %s", f.looks, f.remedy)
		}
	}
	return nil
}

// isBinary tells text from other bytes by the control characters that text
// does not have. Random bytes hold 11 %; a stray NUL here and there is a
// matter for single rows.
func isBinary(text []byte) bool {
	control := 0
	for _, c := range text {
		if c < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f' || c == 0x7f {
			control++
		}
	}
	return control > 1 && control*20 > len(text)
}
