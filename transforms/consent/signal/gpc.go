package signal

import "strings"

// gpc reads Global Privacy Control: the header Sec-GPC, whose one value is 1,
// or the property navigator.globalPrivacyControl, true or false. Its absence
// is no consent, only silence.
func (r Reader) gpc(text string) ([]Statement, error) {
	switch strings.ToLower(text) {
	case "1", "true":
		return r.objections("gpc", "", saleOptOut, sharingOptOut, advertisingOptOut), nil
	case "", "0", "false":
		return nil, nil
	}
	return nil, &Error{Kind: GPC, Code: BadValue}
}
