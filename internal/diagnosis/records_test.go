package diagnosis

import (
	"slices"
	"strings"
	"testing"
)

// TestRecordsBegin: a line of a log begins with a time, in whatever way that
// is written; addresses, versions and words are none.
func TestRecordsBegin(t *testing.T) {
	for line, want := range map[string]bool{
		"2026-11-28 10:00:00 x": true, "2026/11/28 x": true, "2026.11.28": true, "[2026-11-28T10:00:00Z] x": true, "28.11.2026 10:00 x": true,
		"11/28/26, 10:00 x": true, "28/11/2026T10:00": true, "10:11:12.345 x": true, "[10:11:12] x": true, "Nov 28 10:11:12 mail x": true, "Nov  8 10:11:12 mail x": true,
		"Fri, 28 Nov 2026": true, "([{2026-11-28": true, "([{<2026-11-28": false, "10.12.13.14 refused": false, "1.2.3": false, "12.34.5678": false, "535 5.7.3 x": false,
		"The 28 10:00 x": true, "nov 28 10:11": false, "Error 10:11:12": false, "10:11": false, "": false, "   ": false, "é2026-11-28": true, "20261128": false,
	} {
		if beginsRecord(line) != want {
			t.Errorf("%q: %v", line, !want)
		}
	}
}

// TestRecordsPartTexts: what stands in one record belongs together, and a
// record ends where the next begins.
func TestRecordsPartTexts(t *testing.T) {
	const first, second, third = "10:00:00 one\n  more of one\n", "10:00:01 two\n", "10:00:02 three"
	src := first + second + third
	r := recordsOf(src)
	if want := []int{0, len(first), len(first) + len(second)}; !slices.Equal(r.begins, want) {
		t.Fatalf("%v, want %v", r.begins, want)
	}
	at := func(word string) place {
		i := strings.Index(src, word)
		return place{from: i, to: i + len(word)}
	}
	if !r.same(at("one"), at("more")) || r.same(at("more"), at("two")) || r.same(at("two"), at("three")) {
		t.Error("the wrong things belong together")
	}
	if whole := (place{from: at("more").from, to: at("two").to}); !r.torn(whole) || r.torn(at("more of one")) {
		t.Error("the wrong places are torn")
	}
	for word, want := range map[string]string{"more": "  more of one", "two": "10:00:01 two", "three": src} {
		low, high := r.around(at(word).from, at(word).to)
		if got := src[low:high]; got != want {
			t.Errorf("around %s: %q, want %q", word, got, want)
		}
	}
	if got := r.before(at("more").from); got != 0 {
		t.Errorf("the record of what is more begins at %d", got)
	}
	if got := recordsOf("no log").before(3); got != 0 {
		t.Errorf("the only record begins at %d", got)
	}
}

// TestLongLinesAreRecords: what stands in a line of thousands of letters has
// little to do with what comes before.
func TestLongLinesAreRecords(t *testing.T) {
	long := strings.Repeat("x ", longLine)
	if got := recordsOf("a\n" + long + "\nb").begins; !slices.Equal(got, []int{2}) {
		t.Errorf("%v", got)
	}
	if at := lineStart(strings.Repeat("x", 3*maxLine), 2*maxLine); at != maxLine {
		t.Errorf("looked back to %d", at)
	}
}

// TestWhatIsShown: whole lines around a place, without what comes after in the
// log; of a long line the words before, and no half of a secret.
func TestWhatIsShown(t *testing.T) {
	filler := strings.Repeat("10:00:00 nothing to see here\n", 400)
	src := filler + "10:00:01 refused: AUTHENTICATE failed\n" + filler
	at := strings.Index(src, "AUTHENTICATE")
	if got := recordsOf(src).show(at, at+12); got != "10:00:01 refused: AUTHENTICATE failed" {
		t.Errorf("%q", got)
	}
	const secret = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJlc2lnbmF0dXJl"
	src = strings.Repeat("word ", 4000) + "password=" + secret + " then AUTHENTICATE failed"
	at = strings.Index(src, "AUTHENTICATE")
	got := recordsOf(src).show(at, at+12)
	if !strings.HasPrefix(got, "…") || !strings.Contains(got, "AUTHENTICATE failed") || strings.Contains(got, secret[len(secret)-10:]) {
		t.Errorf("%q", got)
	}
}
