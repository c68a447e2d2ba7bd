package consent

// reasons is the one list of reason codes. A test refuses an entry without
// its sentences and one out of place.
var reasons = [numReasons]Explanation{
	{Granted, "granted", true, "A consent for exactly this use stands.", "A denial, or the end of the consent."},
	{SoftGranted, "soft_opt_in", true, "An existing customer relationship stands in for consent here.", "A denial, or the end of the period that the law gives such a relationship."},
	{DefaultOptOut, "opt_out_default", true, "The law here permits this use unless somebody denies it, and nobody did.", "A denial, or a record from a stricter jurisdiction joining the profile."},
	{LegalBasis, "legal_basis", true, "The declared legal basis needs no consent, and nobody denied.", "A denial, or a policy that no longer accepts the basis."},

	{NoGrant, "no_grant", false, "Nobody consented to exactly this use of this contact point.", "A consent for exactly this contact point, brand, purpose and channel."},
	{NoConsentFeed, "no_consent_feed", false, "The basis is consent and the job reads no consent feed, so nobody is permitted.", "A consent feed, or a basis other than consent that the policy accepts."},
	{GrantExpired, "grant_expired", false, "The consent had an end and it has passed.", "A renewed consent."},
	{GrantRefreshDue, "refresh_due", false, "The consent is older than the policy lets it stand without renewal.", "A renewed consent."},
	{GrantNotConfirmed, "not_confirmed", false, "The law here wants the consent confirmed (double opt-in), and it was not.", "A confirmed consent."},
	{GrantNotConsent, "not_consent", false, "The grant rests on a customer relationship, and the law here wants consent itself.", "A consent."},
	{GrantNotByGuardian, "guardian_needed", false, "The person is a child, and the consent was not given by a guardian.", "A consent given by the guardian."},
	{NoticeDoesNotCover, "notice_does_not_cover", false, "The notice shown with the consent did not speak of this use.", "A consent whose notice names this purpose."},
	{DataNotCovered, "data_not_covered", false, "The consent was for other kinds of data.", "A consent that names this kind of data, or none in particular."},
	{MinorNeedsGrant, "minor", false, "A minor is in the profile, which makes consent necessary.", "A consent for exactly this use."},

	{DeniedRefused, "refused", false, "This use was refused here.", "A later consent for exactly this use."},
	{DeniedWithdrawn, "withdrawn", false, "Consent was withdrawn here.", "A later consent for exactly this use."},
	{DeniedObjected, "objected", false, "The person objected here.", "A later consent for exactly this use."},
	{DeniedExpired, "expired", false, "The source says that the consent or the basis expired.", "A later consent for exactly this use."},
	{DeniedTerminated, "terminated", false, "The source says that the consent or the contract was terminated.", "A later consent for exactly this use."},
	{DeniedInvalidated, "invalidated", false, "The consent was found to be invalid.", "A later, valid consent for exactly this use."},
	{TimesOverlap, "times_overlap", false, "Consent and denial may have happened at the same time, and then denial wins.", "A consent that is certainly later than the denial."},

	{DeniedForPerson, "denied_for_person", false, "A denial on another contact point of this person was meant for the whole person.", "A later consent on that contact point for what was denied there, or one for exactly this use that names the denial."},
	{DeniedForController, "denied_for_controller", false, "A denial on another contact point of this person was meant for every brand.", "A later consent on that contact point for what was denied there, or one for exactly this use that names the denial."},
	{DeniedAboutPerson, "denied_about_person", false, "This use concerns the person rather than a contact point, and it was denied on another contact point.", "A later consent on that contact point for what was denied there, or one for exactly this use that names the denial."},
	{SharedContactPoint, "shared_contact_point", false, "Another profile holds this contact point too, and it may not be used there.", "Whatever lets the other profile use it."},

	{SuppressedAnchor, "suppressed", false, "The contact point, or one of the person's, is on a suppression list.", "Its removal from the list."},
	{RestrictedProcessing, "restricted", false, "Processing of this person's data is restricted.", "The end of the restriction."},
	{ErasureAccepted, "erased", false, "Erasure of this person's data has been accepted.", "Nothing."},
	{HeldForRepair, "held", false, "A consent row about this contact point could not be read, so nobody can tell that it was not a denial.", "A repaired row."},

	{TopicNotWanted, "topic_not_wanted", false, "The person declined this topic, or chose others.", "A later choice of this topic where it was declined."},
	{WantsNothing, "frequency_never", false, "The person asked never to be written to in this way.", "A later preference for another frequency where it was said."},

	{ForbiddenByPolicy, "forbidden", false, "The policy forbids this use.", "Another policy."},
	{BasisNotAccepted, "basis_not_accepted", false, "The policy does not accept the declared legal basis for this use.", "Consent as the basis, or another policy."},
	{ChannelCannotReach, "channel_cannot_reach", false, "This channel does not reach this kind of contact point.", "Nothing: ask for another channel."},
}
