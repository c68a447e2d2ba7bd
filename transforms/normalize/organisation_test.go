package normalize

import (
	"testing"

	"concord/schemas/attribute"
)

func TestOrganisation(t *testing.T) {
	checkExamples(t, attribute.TypeOrganisation, Options{}, []example{
		{"Siemens AG", "organisation=siemens"},
		{"Siemens Aktiengesellschaft", "organisation=siemens"},
		{"A.B.C. Company", "organisation=abc"},
		{"ABC Co.", "organisation=abc"},
		{"Procter & Gamble Co.", "organisation=procter and gamble"},
		{"The Procter and Gamble Company", "organisation=procter and gamble"},
		{"S.C. Johnson & Son, Inc.", "organisation=sc johnson and son"},
		{`ООО "БАЙКАЛ"`, "organisation=baykal"},
		{"JPMorgan Chase Bank, N.A.", "organisation=jpmorgan chase bank"},
		{"Volkswagen Bank G.m.b.H.", "organisation=volkswagen bank"},
		{"FABERLIC EUROPE Sp. z o.o.", "organisation=faberlic europe"},
		{"World Health Organization", "organisation=world health organisation"},
		{"Inc", "organisation=inc"},
		{"self employed", "organisation= j"},
		{"!!!", "organisation=!bad_name"},
	})
	checkShown(t, attribute.TypeOrganisation, Options{}, []example{{"greenfield energy", "Greenfield Energy"}, {"IBM", "IBM"}, {"Apple Inc.", "Apple Inc."}})
}
