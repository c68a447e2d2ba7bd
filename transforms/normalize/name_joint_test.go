package normalize

import (
	"testing"

	"concord/schemas/attribute"
)

func TestNamesOfSeveral(t *testing.T) {
	t.Parallel()
	checkExamples(t, attribute.TypeFullName, Options{}, []example{
		{"John & Mary Smith", "given_name=john u; family_name=smith u"},
		{"John and Mary Smith", "given_name=john u; family_name=smith u"},
		{"John A. & Mary B. Smith", "given_name=john u; middle_name=a u; family_name=smith u"},
		{"Smith, John & Mary", "given_name=john u; family_name=smith u"},
		{"JOHN SMITH OR MARY SMITH", "given_name=john u; family_name=smith u"},
		{"John Smith / Mary Jones", "given_name=john u; family_name=smith u"},
		{"Hans und Petra Müller", "given_name=hans u; family_name=muller u"},
		{"Mr John and Mrs Mary Smith", "name_prefix=mr u; given_name=john u; family_name=smith u"},
		{"Mr & Mrs J Smith", "name_prefix=mr mrs; given_name=j; family_name=smith"},
		{"Herr und Frau Müller", "name_prefix=mr mrs; family_name=muller"},
		{"José Ortega y Gasset", "given_name=jose; family_name=ortega y gasset"},
		{"Lior Or Cohen", "given_name=lior; middle_name=or; family_name=cohen"},
		{"Or Cohen", "given_name=or; family_name=cohen"},
		{"Mary Smith née Jones", "given_name=mary; family_name=smith"},
		{"Anna Müller geb. Schmidt", "given_name=anna; family_name=muller"},
		{"Estate of John Smith", "given_name=john; family_name=smith"},
		{"c/o John Smith", "given_name=john; family_name=smith"},
		{"John Smith 123", "given_name=john; family_name=smith"},
		{"The Smith Family", "family_name=smith"},
		{"Familie Müller", "family_name=muller"},
		{"Baby Boy Smith", "given_name= j; family_name=smith"},
		{"Boy George Smith", "given_name=boy; middle_name=george; family_name=smith"},
	})
	checkExamples(t, attribute.TypeGivenName, Options{}, []example{
		{"John & Mary", "given_name=john u"}, {"Hans und Petra", "given_name=hans u"}, {"Mary Ann", "given_name=mary ann"},
	})
}
