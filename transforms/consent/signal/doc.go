// Package signal reads consent signals that browsers, apps and consent
// platforms put into one string: IAB TC strings (TCF 2.0 to 2.3), IAB GPP
// strings, IAB US Privacy strings and Global Privacy Control.
//
// In: the text of one column of one row. Out: [Statement] values, one per
// purpose of the registry, which [Statement.Event] turns into consent events
// on the row's device or account.
//
// What always holds:
//
//   - A string that is not well formed to the last bit is an [*Error] with a
//     stable [Code] and no statement at all. The caller must hold the row's
//     anchors: what could not be read may have been an objection.
//   - Only a TC string's consent bit makes a grant. That somebody did not opt
//     out is never read as consent, and never lifts an earlier objection.
//   - What a TC string does not permit it denies: it states everything that
//     holds on the device, so a missing bit ends what an earlier one gave.
//   - An empty string says nothing, like an empty consent column.
//   - Nothing here panics, whatever the bytes, and errors hold no value.
//
// Which purpose a bit or a field speaks of is data: the TCF ids and GPP
// fields of the registry in schemas/consent. The formats are those of IAB
// Europe and IAB Tech Lab ("Transparency and Consent String with Global Vendor
// & CMP List Formats", "Global Privacy Platform String", the US National and
// state sections, "U.S. Privacy String") and the W3C Global Privacy Control
// draft. schemas/docs/consent-sources.md says what is read and what refused.
package signal
