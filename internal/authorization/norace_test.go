//go:build !race

package authorization

// renewals is how often four processes renew one authorization.
const renewals = 1000
