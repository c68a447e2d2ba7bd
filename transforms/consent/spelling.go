package consent

import (
	"strings"

	schema "concord/schemas/consent"
)

// token is how spellings are looked up: lower case, words joined by "_".
func token(s string) string {
	s = strings.ToLower(strings.TrimSpace(s))
	s = strings.TrimPrefix(s, "dpv:")
	return wordBreaks.Replace(s)
}

var wordBreaks = strings.NewReplacer(" ", "_", "-", "_")

// spelling is what a state's spelling means.
type spelling struct {
	state    schema.State
	personal bool // said by the person, for the person, unless the row says otherwise
	bars     bool // no statement about a use but an entry of a suppression list
	bar      schema.SuppressionKind
	known    bool
}

// spellings are the states as feeds write them: our own names, those of the
// DPV, and what preference centres and e-mail services export.
var spellings = map[string]spelling{
	"unknown": {state: schema.Unknown}, "consentunknown": {state: schema.Unknown},
	"requested": {state: schema.Requested}, "pending": {state: schema.Requested}, "consentrequested": {state: schema.Requested},
	"deferred": {state: schema.Deferred}, "consentrequestdeferred": {state: schema.Deferred},
	"given": {state: schema.Given}, "granted": {state: schema.Given}, "grant": {state: schema.Given}, "accepted": {state: schema.Given},
	"opt_in": {state: schema.Given}, "optin": {state: schema.Given}, "opted_in": {state: schema.Given},
	"subscribed": {state: schema.Given}, "consentgiven": {state: schema.Given},
	"renewed": {state: schema.Renewed}, "reconfirmed": {state: schema.Renewed}, "renewedconsentgiven": {state: schema.Renewed},
	"refused": {state: schema.Refused}, "denied": {state: schema.Refused}, "declined": {state: schema.Refused},
	"rejected": {state: schema.Refused}, "consentrefused": {state: schema.Refused},
	"withdrawn": {state: schema.Withdrawn}, "revoked": {state: schema.Withdrawn}, "opt_out": {state: schema.Withdrawn},
	"optout": {state: schema.Withdrawn}, "opted_out": {state: schema.Withdrawn}, "unsubscribed": {state: schema.Withdrawn},
	"unsubscribe": {state: schema.Withdrawn}, "stop": {state: schema.Withdrawn}, "consentwithdrawn": {state: schema.Withdrawn},
	"global_unsubscribe": {state: schema.Withdrawn, personal: true}, "unsubscribed_all": {state: schema.Withdrawn, personal: true},
	"do_not_contact": {state: schema.Objected, personal: true},
	"objected":       {state: schema.Objected, personal: true}, "objection": {state: schema.Objected, personal: true},
	"gpc": {state: schema.Objected, personal: true}, "do_not_sell": {state: schema.Objected, personal: true},
	"expired": {state: schema.Expired}, "lapsed": {state: schema.Expired}, "consentexpired": {state: schema.Expired},
	"terminated": {state: schema.Terminated}, "consentrevoked": {state: schema.Terminated},
	"invalidated": {state: schema.Invalidated}, "invalid": {state: schema.Invalidated}, "consentinvalidated": {state: schema.Invalidated},
	"suppressed": {bars: true, bar: schema.Suppressed}, "suppress": {bars: true, bar: schema.Suppressed}, "blocklisted": {bars: true, bar: schema.Suppressed},
	"restricted": {bars: true, bar: schema.Restricted}, "restriction": {bars: true, bar: schema.Restricted},
	"erased": {bars: true, bar: schema.Erased}, "erasure": {bars: true, bar: schema.Erased}, "forgotten": {bars: true, bar: schema.Erased},
}

// kinds are the subject kinds as feeds write them.
var kinds = map[string]schema.Kind{
	"email": schema.Email, "e-mail": schema.Email, "email_address": schema.Email,
	"phone": schema.Phone, "phone_number": schema.Phone, "msisdn": schema.Phone, "mobile": schema.Phone, "telephone": schema.Phone,
	"postal": schema.Postal, "address": schema.Postal, "postal_address": schema.Postal,
	"device": schema.Device, "device_id": schema.Device, "cookie": schema.Device, "browser": schema.Device,
	"account": schema.Account, "customer": schema.Account, "customer_id": schema.Account, "account_id": schema.Account, "user_id": schema.Account,
}

// channels are the channels as feeds write them. "mail" is not among them: it
// is a letter in one country and an e-mail in the next.
var channels = map[string]schema.Channel{
	"*": schema.AnyChannel, "any": schema.AnyChannel, "all": schema.AnyChannel,
	"email": schema.ByEmail, "e_mail": schema.ByEmail,
	"sms": schema.BySMS, "text": schema.BySMS, "mms": schema.BySMS,
	"push": schema.ByPush, "push_notification": schema.ByPush,
	"phone": schema.ByPhone, "call": schema.ByPhone, "voice": schema.ByPhone, "telephone": schema.ByPhone,
	"postal": schema.ByPost, "post": schema.ByPost, "letter": schema.ByPost, "direct_mail": schema.ByPost,
	"whatsapp": schema.ByWhatsApp,
	"inapp":    schema.InApp, "in_app": schema.InApp,
}

// yeses and noes are the words of a ticked and an unticked box. A word that
// is in neither is no answer, and never read as one.
var (
	yeses = wordSet("1 y yes true t on x checked ticked subscribed granted accepted opt_in optin opted_in " +
		"ja jawohl wahr oui vrai si sí sì verdadero vero sim verdadeiro da да tak prawda ano áno igen evet doğru kyllä joo ναι nai نعم да так はい 是")
	noes = wordSet("0 n no false f off unchecked unticked unsubscribed denied refused opt_out optout opted_out " +
		"nein falsch non faux falso não nao nu nie fałsz ne nem hayır hayir yanlış ei nej nee нет не ні όχι οχι ochi لا いいえ 否")
)

func wordSet(words string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(words) {
		set[w] = true
	}
	return set
}

// yesNo reads a yes or a no in the languages of [yeses] and [noes].
func yesNo(text string) (yes, known bool) {
	t := token(text)
	return yeses[t], yeses[t] || noes[t]
}
