package normalize

import (
	"testing"

	"concord/schemas/attribute"
)

func TestSex(t *testing.T) {
	checkExamples(t, attribute.TypeSex, Options{}, []example{
		{"Male", "sex=m"}, {"F", "sex=f"}, {"weiblich", "sex=f"}, {"Männlich", "sex=m"}, {"Féminin", "sex=f"}, {"hombre", "sex=m"}, {"1", "sex=m"}, {"2", "sex=f"},
		{"divers", "sex=x"}, {"Non-binary", "sex=x"}, {"男", "sex=m"}, {"女", "sex=f"}, {"0", ""}, {"9", ""}, {"U", ""}, {"prefer not to say", ""}, {"7", "sex=!bad_sex"}, {"yes", "sex=!bad_sex"},
	})
}

func TestLanguage(t *testing.T) {
	checkExamples(t, attribute.TypeLanguage, Options{}, []example{
		{"en_US", "language=en"}, {"EN", "language=en"}, {"deu", "language=de"}, {"Deutsch", "language=de"}, {"français", "language=fr"}, {"English", "language=en"},
		{"中文", "language=zh"}, {"Klingonese", "language=!bad_language"},
	})
	checkShown(t, attribute.TypeLanguage, Options{}, []example{{"en_us", "en-US"}, {"pt-BR", "pt-BR"}, {"de-XQ", "de"}})
}

func TestDevice(t *testing.T) {
	checkExamples(t, attribute.TypeDevice, Options{}, []example{
		{"{6D92078A-8246-4BA4-AE5B-76104861E7DC}", "device_id=6d92078a82464ba4ae5b76104861e7dc"}, {"00:1B:44:11:3A:B7", "device_id=001b44113ab7"},
		{"GA1.2.Xy", "device_id=GA1.2.Xy"}, {"00000000-0000-0000-0000-000000000000", "device_id= j"}, {"a b", "device_id=!bad_device"},
	})
}

func TestNumbers(t *testing.T) {
	o := Options{Attribute: attribute.Custom("n")}
	checkExamples(t, attribute.TypeNumber, o, []example{
		{"1,234", "custom_n=1234"}, {"1.234,50", "custom_n=1234.5"}, {"1,234.50", "custom_n=1234.5"}, {"12,5", "custom_n=12.5"}, {"1'234.5", "custom_n=1234.5"},
		{"-007", "custom_n=-7"}, {"-0.0", "custom_n=0"}, {"+3.", "custom_n=3"}, {"1,2,3", "custom_n=!bad_number"}, {"1e5", "custom_n=!bad_number"}, {"1.2.3", "custom_n=!bad_number"},
		{"12,34,567", "custom_n=1234567"},
	})
	checkShown(t, attribute.TypeMoney, o, []example{
		{"1.234,50 €", "1234.5 EUR"}, {"USD 12", "12 USD"}, {"$1,234.50", "1234.5 $"}, {"(5.00)", "-5"}, {"12", "12"},
	})
	checkExamples(t, attribute.TypeMoney, o, []example{{"twelve", "custom_n=!bad_number"}, {"12 apples", "custom_n=!bad_number"}})
}

func TestText(t *testing.T) {
	checkExamples(t, attribute.TypeText, Options{Attribute: attribute.Custom("note")}, []example{{"  Called\ntwice ", "custom_note=called twice"}, {"n/a", ""}})
}
