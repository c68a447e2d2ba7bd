package consent

import "strings"

// name is names[i], or a mark that no parser accepts.
func name(names []string, i uint8) string {
	if int(i) >= len(names) {
		return "invalid"
	}
	return names[i]
}

// find is the place of s in names; the empty name is never found.
func find(names []string, s string) (int, bool) {
	for i, n := range names {
		if n == s && s != "" {
			return i, true
		}
	}
	return 0, false
}

func listed(names []string) string { return strings.Join(names, ", ") }
