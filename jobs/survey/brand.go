package survey

import "fmt"

// maxBrands is the most brands that one company is believed to have.
const maxBrands = 50

// brandOf finds the column that says which brand a record belongs to. What a
// person permits one brand says nothing of another, so that a brand matters
// more than other categories.
func brandOf(columns []column) Choice {
	for i := range columns {
		c := &columns[i]
		words := wordsOf(c.name)
		if len(words) != 1 || words[0] != "brand" && words[0] != "marke" && words[0] != "marque" && words[0] != "marca" || c.list || c.filled == 0 {
			continue
		}
		seen := map[string]bool{}
		for _, v := range c.values {
			seen[v] = true
		}
		delete(seen, "")
		if len(seen) <= maxBrands {
			return Choice{c.name, Guess{0.9, fmt.Sprintf("the name says so; %d brands in the rows looked at", len(seen))}}
		}
	}
	return Choice{}
}
