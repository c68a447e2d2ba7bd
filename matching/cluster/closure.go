package cluster

// Closure prepares a second pass: blocking on single records misses pairs that
// blocking on the clusters' representatives finds, such as a maiden name that
// only one record of a person has. candidates are edges between records of
// different clusters found that way; cluster is each record's cluster number
// as Result.Cluster gives it, a record alone being its own. The result is the
// input of another Partition, of the clusters that a candidate touches and
// nothing else; refining its components merges whole clusters under the same
// rules as before and leaves their insides as they are.
func Closure(first Input, cluster []uint32, candidates []Edge) Input {
	touched := make([]bool, first.N)
	for _, e := range candidates {
		touched[cluster[e.A]], touched[cluster[e.B]] = true, true
	}
	second := Input{N: first.N, Cannot: first.Cannot, MaxSize: first.MaxSize}
	for _, list := range [][]Edge{first.Edges, candidates} {
		for _, e := range list {
			if touched[cluster[e.A]] && touched[cluster[e.B]] {
				second.Edges = append(second.Edges, e)
			}
		}
	}
	for r, c := range cluster {
		if uint32(r) != c && touched[c] {
			second.Joined = append(second.Joined, Pair{c, uint32(r)})
		}
	}
	return second
}
