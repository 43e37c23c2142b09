//go:build race

package authorization

// renewals is smaller under the race detector, which makes each one slower.
const renewals = 200
