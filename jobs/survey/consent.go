package survey

import (
	"fmt"
	"slices"
	"strings"

	schema "concord/schemas/consent"
	"concord/transforms/consent"
)

// ConsentColumn is a column of a people channel that seems to record consent.
// What it permits is for the job's owner to say, so that it is proposed as a
// comment.
type ConsentColumn struct {
	Purpose  string
	Inverted bool // a yes in it is a no to the purpose: do_not_call
	Guess
}

// feedFields are the event fields without which a table is no consent feed.
var feedFields = []consent.Field{consent.FieldSubjectKind, consent.FieldSubjectValue, consent.FieldPurpose, consent.FieldState, consent.FieldEventTime}

// isFeed tells whether the columns are named as the fields of a consent event.
func isFeed(columns []column) bool {
	return !slices.ContainsFunc(feedFields, func(f consent.Field) bool {
		return !slices.ContainsFunc(columns, func(c column) bool { return c.name == string(f) })
	})
}

// feedNote says how much of a feed is read as events. A row that cannot be
// read may be a denial: it holds its contact point back, and the run refuses
// to publish while it names none.
func feedNote(columns []column) string {
	purposes := 0
	reg := schema.DefaultRegistry()
	for i := range columns {
		if columns[i].name != string(consent.FieldPurpose) {
			continue
		}
		for _, v := range columns[i].values {
			if _, _, _, err := reg.Resolve(strings.TrimSpace(v)); err != nil {
				purposes++
			}
		}
	}
	note := "consent events, by the names of the columns; each purpose that may be published to needs a snapshot below"
	if purposes > 0 {
		note += fmt.Sprintf("; %d of the rows looked at name a purpose that Concord does not know and will hold back their contact points: `concord plan` counts them", purposes)
	}
	return note
}

// Words of consent columns: what they permit, and what turns them round.
var consentWords = []struct {
	words   map[string]bool
	purpose string
}{
	{wordSet("newsletter"), "marketing.communications.email"},
	{wordSet("analytics tracking"), "analytics.reporting"},
	{wordSet("optin optout opt subscribed unsubscribed subscribe unsubscribe marketing promo promotional mailable contactable callable gdpr consent permission einwilligung werbung donotcall donotcontact donotemail dnc"), "marketing.communications"},
}

// channelWords refine a purpose by the way that a person is reached.
var channelWords = map[string]string{"email": "email", "mail": "email", "e": "email", "newsletter": "email", "sms": "sms", "text": "sms", "phone": "phone", "call": "phone", "tel": "phone", "post": "postal", "postal": "postal", "push": "push", "whatsapp": "whatsapp"}

// consentColumn recognises a yes-or-no column about what a person permitted,
// by its name and its values; nil for any other.
func consentColumn(c *column) *ConsentColumn {
	words := wordsOf(c.name)
	purpose := ""
	for _, w := range consentWords {
		if slices.ContainsFunc(append(words, strings.Join(words, "")), func(x string) bool { return w.words[x] }) {
			purpose = w.purpose
			break
		}
	}
	if purpose == "" || c.filled == 0 {
		return nil
	}
	for _, w := range words {
		if ch := channelWords[w]; ch != "" && purpose == "marketing.communications" {
			purpose += "." + ch
		}
	}
	yes := shareOf(c, func(v string) bool { return yesNo[strings.ToLower(strings.TrimSpace(v))] })
	if yes < 0.9 {
		return nil
	}
	inverted := slices.ContainsFunc(words, func(w string) bool {
		return w == "out" || w == "not" || w == "no" || w == "dnc" || strings.HasPrefix(w, "un") || strings.HasPrefix(w, "donot") || w == "optout"
	})
	return &ConsentColumn{purpose, inverted, Guess{0.8 * yes, fmt.Sprintf("the name of a consent column; %.0f %% of the values say yes or no", 100*yes)}}
}

// yesNo are the texts that consent columns say yes and no with.
var yesNo = wordSet("y n yes no true false t f 1 0 x on off ja nein oui non si sí opt-in opt-out subscribed unsubscribed granted denied")

// shareOf is the share of the filled values that pass.
func shareOf(c *column, pass func(string) bool) float64 {
	good, total := 0, 0
	for _, v := range c.values {
		if v == "" {
			continue
		}
		total++
		if pass(v) {
			good++
		}
	}
	if total == 0 {
		return 0
	}
	return float64(good) / float64(total)
}
