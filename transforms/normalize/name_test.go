package normalize

import (
	"testing"

	"concord/schemas/attribute"
)

func TestFullName(t *testing.T) {
	checkExamples(t, attribute.TypeFullName, Options{}, []example{
		{"Dr. Ana María de la Cruz Jr", "name_prefix=dr; given_name=ana; middle_name=maria; family_name=de la cruz; name_suffix=jr"},
		{"Last, First M.", "given_name=first; middle_name=m; family_name=last"},
		{"Smith, John, Jr.", "given_name=john; family_name=smith; name_suffix=jr"},
		{"SMITH John", "given_name=john; family_name=smith"},
		{"John SMITH", "given_name=john; family_name=smith"},
		{"DE LA CRUZ Ana", "given_name=ana; family_name=de la cruz"},
		{"Vincent van Gogh", "given_name=vincent; family_name=van gogh"},
		{"Osama bin Laden", "given_name=osama; family_name=bin laden"},
		{"bin Salman Mohammed", "given_name=mohammed; family_name=bin salman"},
		{"Van Morrison", "given_name=van; family_name=morrison"},
		{"José Ortega y Gasset", "given_name=jose; family_name=ortega y gasset"},
		{"J. R. R. Tolkien", "given_name=j; middle_name=r r; family_name=tolkien"},
		{"J.R.R. Tolkien", "given_name=j; middle_name=r r; family_name=tolkien"},
		{`Robert "Bob" Smith III`, "given_name=robert; family_name=smith; name_suffix=iii"},
		{"Sr. Juan Pérez", "name_prefix=mr; given_name=juan; family_name=perez"},
		{"Herr Prof. Dr. Max Weber", "name_prefix=mr prof dr; given_name=max; family_name=weber"},
		{"Mary-Jane O’Neil", "given_name=mary jane; family_name=oneil"},
		{"Maria", "given_name=maria"},
		{"Andreason", "family_name=andreason"},
		{"Wang Jie", "given_name=jie u; family_name=wang u"},
		{"Acme Widgets, Inc.", "organisation=acme widgets u"},
		{"12345", "family_name=!bad_name"},
		{"test test", "family_name= j"},
	})
}

func TestFullNameInOtherScripts(t *testing.T) {
	checkExamples(t, attribute.TypeFullName, Options{}, []example{
		{"ВАСИЛЬЕВ, Александр Павлович", "given_name=alexander; middle_name=pavlovich; family_name=vasilyev"},
		{"王杰", "given_name=jie; family_name=wang"},
		{"张秀英", "given_name=xiu ying; family_name=zhang"},
		{"佐藤太郎", "given_name=tai lang; family_name=sato"},
		{"김민수", "given_name=minsu; family_name=kim"},
		{"محمد بن سلمان آل سعود", "given_name=mohamed; middle_name=bin salman; family_name=al saud"},
		{"Παπαδόπουλος Δημήτρης", "given_name=papadopoulos; family_name=dimitris"},
		{"គឹម,តារា", "given_name=taaraa; family_name=kim"},
	})
	checkShown(t, attribute.TypeFullName, Options{}, []example{
		{"ВАСИЛЬЕВ, Александр Павлович", "Александр; Павлович; Васильев"},
		{"王杰", "杰; 王"},
	})
}

func TestNameColumns(t *testing.T) {
	checkExamples(t, attribute.TypeGivenName, Options{}, []example{
		{"Hans Peter", "given_name=hans peter"},
		{"Rosemary A", "given_name=rosemary; middle_name=a"},
		{"Morris II", "given_name=morris; name_suffix=ii"},
		{"Morris I", "given_name=morris; middle_name=i"},
		{"Dr. Anna", "name_prefix=dr; given_name=anna"},
		{"J.", "given_name=j"},
		{"Na", "given_name=na"},
		{"NA", ""},
		{"asdf", "given_name= j"},
		{"xxx", "given_name= j"},
		{"Baby Girl", "given_name= j"},
		{"Twin A", "given_name= j; middle_name=a"},
		{"daughter", "given_name= j"},
		{"Son", "given_name=son"},
		{"Boy George", "given_name=boy george"},
	})
	checkExamples(t, attribute.TypeFamilyName, Options{}, []example{
		{"Smith Sr", "family_name=smith; name_suffix=sr"},
		{"Dobbins Senior", "family_name=dobbins; name_suffix=sr"},
		{"Senior", "family_name=senior"},
		{"O'hare", "family_name=ohare"},
		{"O Hare", "family_name=ohare"},
		{"Mc Donald", "family_name=mcdonald"},
		{"Smith-Jones", "family_name=smith jones"},
		{"al-Assad", "family_name=al assad"},
		{"M Sentosa", "family_name=m sentosa"},
		{"Müller", "family_name=muller"},
		{"🙂", "family_name=!bad_name"},
	})
	checkExamples(t, attribute.TypeNamePrefix, Options{}, []example{
		{"Mr.", "name_prefix=mr"}, {"Frau", "name_prefix=mrs"}, {"Prof.Dr.", "name_prefix=prof dr"}, {"hon", "name_prefix=hon"},
	})
	checkExamples(t, attribute.TypeNameSuffix, Options{}, []example{
		{"Jr.", "name_suffix=jr"}, {"Senior", "name_suffix=sr"}, {"Ph.D.", "name_suffix=phd"}, {"3rd", "name_suffix=iii"},
	})
}

func TestNameCase(t *testing.T) {
	checkShown(t, attribute.TypeFamilyName, Options{}, []example{
		{"MCDONALD", "McDonald"}, {"o'brien", "O'Brien"}, {"DE LA CRUZ", "de la Cruz"}, {"smith-jones", "Smith-Jones"},
		{"deVries", "deVries"}, {"DI CAPRIO", "di Caprio"}, {"straße", "Straße"}, {"Van", "Van"},
	})
	checkShown(t, attribute.TypeFullName, Options{}, []example{
		{"CHRISTINA BROWN", "Christina; Brown"}, {"ketty James", "Ketty; James"}, {"PROF. ADA LOVELACE", "Prof; Ada; Lovelace"},
	})
}
