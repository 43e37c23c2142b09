//go:build !race

package longlife

const (
	cycles = 2000
	raced  = false
)
