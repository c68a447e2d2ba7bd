package consent

import "strings"

// CategoryCode numbers the data categories of a registry in key order.
type CategoryCode uint8

// maxCategories is how many categories a registry may have.
const maxCategories = 128

// CategorySet is a set of data categories, a bit for each code.
type CategorySet [maxCategories / 64]uint64

// AllCategories is what a statement is about that names no category.
var AllCategories = CategorySet{^uint64(0), ^uint64(0)}

// Add puts c into the set.
func (s *CategorySet) Add(c CategoryCode) { s[c/64] |= 1 << (c % 64) }

// Has tells whether c is in the set.
func (s *CategorySet) Has(c CategoryCode) bool { return s[c/64]>>(c%64)&1 == 1 }

// Union is the categories of either set.
func (s CategorySet) Union(o CategorySet) CategorySet { return CategorySet{s[0] | o[0], s[1] | o[1]} }

// And is the categories of both sets.
func (s CategorySet) And(o CategorySet) CategorySet { return CategorySet{s[0] & o[0], s[1] & o[1]} }

// CategoryOf is the code of a category, or, for one that the registry does not
// have, of its nearest ancestor there.
func (r *Registry) CategoryOf(key string) (CategoryCode, bool) {
	for ; key != ""; key = parentKey(key) {
		if c, ok := r.categoryCodes[key]; ok {
			return c, true
		}
	}
	return 0, false
}

// CategorySetOf is the set of the given categories, of which none given is all.
// For one that the registry does not have, its nearest ancestor counts.
func (r *Registry) CategorySetOf(keys []string) (s CategorySet) {
	if len(keys) == 0 {
		return AllCategories
	}
	for _, key := range keys {
		if c, ok := r.CategoryOf(key); ok {
			s.Add(c)
		}
	}
	return s
}

// BelowCategories is the categories that a consent to the given ones is about:
// they and all below them. None given is all.
func (r *Registry) BelowCategories(keys []string) (s CategorySet) {
	if len(keys) == 0 {
		return AllCategories
	}
	for i, c := range r.categories {
		for _, key := range keys {
			if coversCategory(key, c) {
				s.Add(CategoryCode(i))
			}
		}
	}
	return s
}

// TouchedCategories is the categories that a denial of the given ones is about:
// they, all below them, and all above them, for data of a wider kind may hold
// what was denied. None given is all.
func (r *Registry) TouchedCategories(keys []string) CategorySet {
	s := r.BelowCategories(keys)
	for _, key := range keys {
		for ; key != ""; key = parentKey(key) {
			if c, ok := r.categoryCodes[key]; ok {
				s.Add(c)
			}
		}
	}
	return s
}

// CategoryNames is the shortest list of keys that says a set: those whose
// parent is not in it, each standing for all below it that are. nil is all.
func (r *Registry) CategoryNames(s CategorySet) []string {
	if s == AllCategories {
		return nil
	}
	names := []string{}
	for i, key := range r.categories {
		parent, ok := r.categoryCodes[parentKey(key)]
		if s.Has(CategoryCode(i)) && !(ok && s.Has(parent)) {
			names = append(names, key)
		}
	}
	return names
}

func coversCategory(key, c string) bool {
	return key == c || strings.HasPrefix(c, key) && c[len(key)] == '.'
}

// Category is the data category of contact points of a kind.
func (k Kind) Category() string {
	switch k {
	case Email:
		return "user.contact.email"
	case Phone:
		return "user.contact.phone_number"
	case Device:
		return "user.device"
	case Postal:
		return "user.contact.address"
	}
	return "user.unique_id"
}
