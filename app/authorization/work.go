//go:build !race

package authorization

// workFactor is the work of deriving a key that an export demands: the most.
const workFactor = maxWork
