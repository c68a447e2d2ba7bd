package consent

import "fmt"

// Channel is how a person is reached. It is a dimension of its own: consent
// to e-mail says nothing about text messages.
type Channel uint8

// The channels. AnyChannel on a denial covers them all; on a grant or a
// question it is a cell of its own.
const (
	AnyChannel Channel = iota
	ByEmail
	BySMS
	ByPush
	ByPhone
	ByPost
	ByWhatsApp
	InApp
	NumChannels
)

var channelNames = [NumChannels]string{"*", "email", "sms", "push", "phone", "postal", "whatsapp", "inapp"}

// String is the channel's name in feeds and tables.
func (c Channel) String() string { return name(channelNames[:], uint8(c)) }

// ParseChannel is the channel of that name.
func ParseChannel(s string) (Channel, error) {
	i, ok := find(channelNames[:], s)
	if !ok {
		return 0, fmt.Errorf("channel: want one of %s", listed(channelNames[:]))
	}
	return Channel(i), nil
}

// Reaches tells whether a message by channel c can arrive at an anchor of
// kind k: an e-mail reaches an e-mail address, never an account number.
func (c Channel) Reaches(k Kind) bool {
	switch c {
	case ByEmail:
		return k == Email
	case BySMS, ByPhone, ByWhatsApp:
		return k == Phone
	case ByPost:
		return k == Postal
	case ByPush, InApp:
		return k == Device || k == Account
	default:
		return true
	}
}

// Covers tells whether a denial by channel c denies a cell of channel asked:
// the same channel, a denial of all of them, or a cell that asks for all of
// them when one is denied.
func (c Channel) Covers(asked Channel) bool {
	return c == asked || c == AnyChannel || asked == AnyChannel
}
