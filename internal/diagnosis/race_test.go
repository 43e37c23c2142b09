//go:build race

package diagnosis

// raced says that the race detector is there, which makes reading every text of
// the collection ten times slower.
const raced = true
