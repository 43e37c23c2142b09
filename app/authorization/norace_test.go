//go:build !race

package authorization

const (
	renewals = 1000 // how often four processes renew one authorization
	kills    = 500  // how many processes are killed at work
)
