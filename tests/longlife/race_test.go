//go:build race

package longlife

// cycles is smaller under the race detector, which makes each one slower.
const (
	cycles = 30
	raced  = true
)
