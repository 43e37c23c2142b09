package diagnosis

import "testing"

// alone leaves out what the race detector makes long and shows nothing in: tests
// that explain thousands of texts, one after another.
func alone(t *testing.T) {
	t.Helper()
	if raced {
		t.Skip("the run without the race detector has it")
	}
}
