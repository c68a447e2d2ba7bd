package signal

import (
	"strings"

	schema "concord/schemas/consent"
)

// Kind is a format of signal.
type Kind string

// The kinds, as a job file names them.
const (
	TCF       Kind = "tcf"        // IAB TC string, TCF 2.0 to 2.3
	GPP       Kind = "gpp"        // IAB Global Privacy Platform string
	USPrivacy Kind = "us_privacy" // IAB US Privacy string, such as 1YNN
	GPC       Kind = "gpc"        // Global Privacy Control: Sec-GPC or globalPrivacyControl
)

// Kinds lists the kinds in the order of the documentation.
func Kinds() []Kind { return []Kind{TCF, GPP, USPrivacy, GPC} }

// maxLength bounds a signal. The longest TC strings, with every vendor of the
// global list and restrictions for each, stay below 8 KiB.
const maxLength = 64 << 10

// Reader reads signals for one controller. The zero Reader is for a
// controller that asks in its own name, as publishers do, under the default
// registry. It is read-only.
type Reader struct {
	// Registry is whose TCF ids and GPP fields count; nil for the default.
	Registry *schema.Registry
	// Vendor is the controller's id on the global vendor list. When set, a
	// purpose is given only where the vendor has consent too and no publisher
	// restriction stands against it.
	Vendor int
	// IgnorePublisherTC is for a consent platform that writes the segment
	// "Publisher TC" without ever filling it, as encoders do on their own.
	// Otherwise a purpose is given only if that segment, where there is one,
	// gives it too. Vendors never read it.
	IgnorePublisherTC bool
}

// Read reads a signal with the zero [Reader].
func Read(kind Kind, text string) ([]Statement, error) { return Reader{}.Read(kind, text) }

// Read says what the signal states, in the order of its sections and of the
// registry. The error is an [*Error], and then there are no statements. Space
// around the text does not count; an empty text states nothing.
func (r Reader) Read(kind Kind, text string) ([]Statement, error) {
	if r.Registry == nil {
		r.Registry = schema.DefaultRegistry()
	}
	text = strings.TrimSpace(text)
	switch {
	case len(text) > maxLength:
		return nil, &Error{Kind: kind, Code: TooLong}
	case kind == TCF && text != "":
		return r.tcf(kind, text)
	case kind == GPP && text != "":
		return r.gpp(text)
	case kind == USPrivacy && text != "":
		return r.usPrivacy(kind, text)
	case kind == GPC:
		return r.gpc(text)
	case text == "" && (kind == TCF || kind == GPP || kind == USPrivacy):
		return nil, nil
	}
	return nil, &Error{Kind: kind, Code: UnknownKind}
}
