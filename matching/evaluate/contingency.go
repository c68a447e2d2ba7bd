package evaluate

import "slices"

// contingency is the table of clusters against entities, without its zeros,
// over the records whose entity is known.
type contingency struct {
	records, unknown int
	clusterSize      []uint32 // by cluster, renumbered from 0 in order of number
	entitySize       []uint32 // by entity, likewise
	cells            []cell   // by entity
}

// cell is the records that a cluster and an entity share.
type cell struct{ cluster, entity, records uint32 }

func newContingency(cluster, entity []uint32) (*contingency, error) {
	if err := sameLength(len(cluster), len(entity)); err != nil {
		return nil, err
	}
	t := &contingency{}
	known := make([]uint32, 0, len(entity))
	for r, e := range entity {
		if e == Unknown {
			t.unknown++
			continue
		}
		known = append(known, uint32(r))
	}
	t.records = len(known)
	var inCluster, inEntity []uint32 // by known record
	inCluster, t.clusterSize = renumber(cluster, known)
	inEntity, t.entitySize = renumber(entity, known)
	t.tally(inCluster, inEntity)
	return t, nil
}

// renumber makes the numbers of the known records dense and counts each.
func renumber(of, known []uint32) (dense, size []uint32) {
	dense = make([]uint32, len(known))
	most := uint32(0)
	for _, r := range known {
		most = max(most, of[r])
	}
	if int64(most) > 4*int64(len(of))+1024 { // numbers far apart: rank them by sorting
		return renumberSparse(of, known)
	}
	rank := make([]uint32, int(most)+1)
	for _, r := range known {
		rank[of[r]] = 1
	}
	n := uint32(0)
	for v, present := range rank {
		rank[v] = n
		n += present
	}
	size = make([]uint32, n)
	for i, r := range known {
		dense[i] = rank[of[r]]
		size[dense[i]]++
	}
	return dense, size
}

func renumberSparse(of, known []uint32) (dense, size []uint32) {
	numbers := make([]uint32, len(known))
	for i, r := range known {
		numbers[i] = of[r]
	}
	slices.Sort(numbers)
	numbers = slices.Compact(numbers)
	dense, size = make([]uint32, len(known)), make([]uint32, len(numbers))
	for i, r := range known {
		k, _ := slices.BinarySearch(numbers, of[r])
		dense[i] = uint32(k)
		size[k]++
	}
	return dense, size
}

// tally fills the cells: a counting sort by entity, then a count per cluster
// within each.
func (t *contingency) tally(inCluster, inEntity []uint32) {
	end := make([]uint32, len(t.entitySize)+1)
	for e, n := range t.entitySize {
		end[e+1] = end[e] + n
	}
	members := make([]uint32, len(inEntity)) // clusters of the records, by entity
	next := slices.Clone(end)
	for i, e := range inEntity {
		members[next[e]] = inCluster[i]
		next[e]++
	}
	count := make([]uint32, len(t.clusterSize))
	for e := range t.entitySize {
		of := members[end[e]:end[e+1]]
		for _, c := range of {
			count[c]++
		}
		for _, c := range of {
			if count[c] > 0 {
				t.cells = append(t.cells, cell{cluster: c, entity: uint32(e), records: count[c]})
				count[c] = 0
			}
		}
	}
}
