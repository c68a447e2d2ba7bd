package train

import "math"

// monotone makes m/u rise with the level: a better agreement never weighs
// less. Where neighbouring levels are out of order they are given one common
// ratio, (Σm)/(Σu), which is the maximum-likelihood estimate under the order
// (pool adjacent violators, Ayer et al. 1955, weighted by u). Σm stays what it
// was and u is untouched. It returns by how many bits the weight of a match
// changed on average, 0 when nothing was out of order.
func monotone(m, u []float64) float64 {
	type pool struct {
		m, u        float64
		first, last int
	}
	var pools []pool
	for l := 1; l < len(m); l++ {
		p := pool{m[l], u[l], l, l}
		for n := len(pools); n > 0 && pools[n-1].m*p.u > p.m*pools[n-1].u; n = len(pools) {
			below := pools[n-1]
			p = pool{below.m + p.m, below.u + p.u, below.first, p.last}
			pools = pools[:n-1]
		}
		pools = append(pools, p)
	}
	bits := 0.0
	for _, p := range pools {
		if p.first == p.last {
			continue
		}
		for l := p.first; l <= p.last; l++ {
			to := p.m / p.u * u[l]
			bits += m[l] * math.Abs(math.Log2(to/m[l]))
			m[l] = to
		}
	}
	return bits
}
