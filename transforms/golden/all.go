package golden

import "strings"

// all lists the rules in the order that help texts show them.
var all = []Rule{
	mostRecent,
	mostTrusted,
	mostFrequent,
	longest,
	mostComplete,
	earliest,
	allValues,
}

// All lists every survivorship rule. The slice is shared: do not change it.
func All() []Rule { return all }

// Lookup finds a rule by its name.
func Lookup(name string) (Rule, bool) {
	for _, r := range all {
		if r.Name == name {
			return r, true
		}
	}
	return Rule{}, false
}

func ruleNames() string {
	names := make([]string, len(all))
	for i, r := range all {
		names[i] = r.Name
	}
	return strings.Join(names, ", ")
}
