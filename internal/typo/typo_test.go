package typo

import "testing"

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{
		{"", "", 0},
		{"test", "test", 0},
		{"", "list", 4},
		{"tst", "test", 1},
		{"teest", "test", 1},
		{"fest", "test", 1},
		{"tets", "test", 2},
		{"inport", "import", 1},
		{"version", "ersions", 2},
		{"kitten", "sitting", 3},
		{"inport", "export", 2},
		{"übersicht", "ubersicht", 1}, // a letter, not its two bytes
	} {
		if got := Distance(c.a, c.b); got != c.want {
			t.Errorf("Distance(%q, %q) = %d, want %d", c.a, c.b, got, c.want)
		}
		if got := Distance(c.b, c.a); got != c.want {
			t.Errorf("Distance(%q, %q) = %d, want %d", c.b, c.a, got, c.want)
		}
	}
}

func TestSlip(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"sender", "sender", true},
		{"sendr", "sender", true},
		{"sennder", "sender", true},
		{"sonder", "sender", true},
		{"esnder", "sender", true},
		{"sneedr", "sender", false},
		{"user", "uses", false},
		{"imaphost1", "imaphost2", false},
		{"", "sender", false},
	} {
		if got := Slip(c.a, c.b); got != c.want {
			t.Errorf("Slip(%q, %q) = %v, want %v", c.a, c.b, got, c.want)
		}
	}
}
