//go:build race

package authorization

// workFactor is little under the race detector, which makes scrypt take half a
// minute; no program is built with it.
const workFactor = 10
