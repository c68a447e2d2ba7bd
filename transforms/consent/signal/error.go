package signal

// Code is why a signal was refused. Codes are stable: quarantine and reports
// carry them.
type Code string

// The codes.
const (
	// UnknownKind is a kind of signal that does not exist.
	UnknownKind Code = "unknown_kind"
	// BadBase64 is a character outside base64url. Padding ("=") is one.
	BadBase64 Code = "bad_base64url"
	// Truncated says that the text ends within a field.
	Truncated Code = "truncated"
	// TrailingData says that something follows the last field.
	TrailingData Code = "trailing_data"
	// TooLong is a text longer than any signal.
	TooLong Code = "too_long"
	// BadVersion is a version of a format or policy that is not known.
	BadVersion Code = "bad_version"
	// BadValue is a field value that the format forbids.
	BadValue Code = "bad_value"
	// BadSections says that a GPP header and its sections do not match.
	BadSections Code = "bad_sections"
	// UnknownSection is a GPP section that is not read here.
	UnknownSection Code = "unknown_section"
	// BadSegment is a segment that is unknown, repeated or not allowed.
	BadSegment Code = "bad_segment"
	// MissingSegment is a mandatory segment that is not there.
	MissingSegment Code = "missing_segment"
)

// Error says which part of a signal was refused and why, never its content.
type Error struct {
	Kind Kind
	Part string // "core segment", "section usca"; "" for the whole
	Code Code
}

func (e *Error) Error() string {
	text := "read consent signal " + string(e.Kind)
	if e.Part != "" {
		text += ": " + e.Part
	}
	return text + ": " + string(e.Code)
}
