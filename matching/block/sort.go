package block

// entry is one key of one record: what grouping sorts.
type entry struct {
	key uint64
	rec uint32
}

// digitBits is the radix of the sort: 2048 counters fit the first-level cache
// beside the write heads they steer.
const digitBits = 11

// sortEntries orders entries by key, keeping the order of equal keys, by
// least-significant-digit radix sort over the lowest keyBits bits. scratch
// must be as long as entries; the result is in one of the two, which is
// returned first.
func sortEntries(entries, scratch []entry, keyBits int) (sorted, spare []entry) {
	scratch = scratch[:len(entries)]
	for shift := 0; shift < keyBits; shift += digitBits {
		var heads [1 << digitBits]uint32
		for i := range entries {
			heads[entries[i].key>>shift&(1<<digitBits-1)]++
		}
		if len(entries) > 0 && heads[entries[0].key>>shift&(1<<digitBits-1)] == uint32(len(entries)) {
			continue // every key has the same digit here
		}
		sum := uint32(0)
		for d := range heads {
			heads[d], sum = sum, sum+heads[d]
		}
		for _, e := range entries {
			d := e.key >> shift & (1<<digitBits - 1)
			scratch[heads[d]] = e
			heads[d]++
		}
		entries, scratch = scratch, entries
	}
	return entries, scratch
}
