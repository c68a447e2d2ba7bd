package consent

import "fmt"

// Kind is what sort of thing an anchor is.
type Kind uint8

// The kinds of anchor. The zero Kind is no kind.
const (
	Email Kind = iota + 1
	Phone
	Postal
	Device
	Account // a customer number at one source
	numKinds
)

var kindNames = [numKinds]string{"", "email", "phone", "postal", "device", "account"}

// String is the kind's name in feeds and tables.
func (k Kind) String() string { return name(kindNames[:], uint8(k)) }

// ParseKind is the kind of that name.
func ParseKind(s string) (Kind, error) {
	i, ok := find(kindNames[:], s)
	if !ok {
		return 0, fmt.Errorf("anchor kind: want one of %s", listed(kindNames[1:]))
	}
	return Kind(i), nil
}

// Anchor is what consent attaches to: a contact point, a device or an
// account. Hash is the keyed hash (HMAC-SHA-256) of its canonical value; the
// value itself never appears in consent data.
type Anchor struct {
	Kind Kind
	Hash [32]byte
}

// Cell is what one verdict is about. Brand may be "" where the job has no
// brands. Purpose is a key of the registry.
type Cell struct {
	Anchor     Anchor
	Controller string
	Brand      string
	Purpose    string
	Channel    Channel
}
