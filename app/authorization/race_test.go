//go:build race

package authorization

// Fewer under the race detector, which makes each one slower.
const (
	renewals = 100
	kills    = 40
)
