package diagnosis

import (
	"slices"
	"sort"
	"strings"

	"mailgrant/internal/redact"
)

// records are a text and where in it the records of a log begin: lines with a
// time, and lines that are longer than any record.
type records struct {
	src    string
	begins []int
}

// times are how the line of a log begins, behind three other signs at most:
// "0" is a digit, "A" and "a" are letters, "-" is what stands in a date.
var times = []string{
	"0000-00-00", "00-00-00 ", "00-00-00,", "00-00-00A", "00-00-0000 ", "00-00-0000,", "00-00-0000A", "00:00:00",
	"Aaa 0 00:00", "Aaa 00 00:00", "Aaa, 00 ",
}

func beginsRecord(line string) bool {
	var shape [12]byte
	n := 0
	for i := 0; i < len(line) && n < len(shape); i++ {
		c := line[i]
		switch {
		case isDigit(c):
			c = '0'
		case class[c] == 1:
			c = 'A' + c&0x20
		case n == 0 && i < 3, n > 0 && c == ' ' && shape[n-1] == ' ':
			continue
		case c == '/' || c == '.':
			c = '-'
		}
		shape[n] = c
		n++
	}
	return slices.ContainsFunc(times, func(t string) bool { return strings.HasPrefix(string(shape[:n]), t) })
}

// longLine is longer than the line of a log, and maxLine than what is looked
// at of one.
const (
	longLine = 2000
	maxLine  = 16 << 10
)

func recordsOf(src string) records {
	r := records{src: src}
	for at := 0; at < len(src); {
		n := strings.IndexByte(src[at:], '\n') + 1
		if n == 0 {
			n = len(src) - at
		}
		if n > longLine || beginsRecord(src[at:at+n]) {
			r.begins = append(r.begins, at)
		}
		at += n
	}
	return r
}

// of numbers the record that an offset stands in.
func (r records) of(offset int) int {
	return sort.Search(len(r.begins), func(i int) bool { return r.begins[i] > offset })
}

func (r records) same(a, b place) bool { return r.of(a.from) == r.of(b.from) }

// alike tells that two codes of Entra begin lines of their own, behind the same
// words or none.
func (r records) alike(a, b place) bool {
	head := func(p place) string {
		return strings.Trim(r.src[lineStart(r.src, p.from):min(p.from+len(entraPrefix), len(r.src))], " \t-*.:)(]['\"0123456789")
	}
	return strings.Contains(r.src[a.to:b.from], "\n") && strings.HasSuffix(head(a), entraPrefix) && head(a) == head(b)
}

// torn tells whether a new record begins within a place.
func (r records) torn(p place) bool { return r.of(p.from) != r.of(p.to-1) }

// before is where the record of an offset begins, as far as it is near.
func (r records) before(offset int) int {
	low := lineStart(r.src, max(0, offset-nearby))
	if n := r.of(offset); n > 0 {
		low = max(low, r.begins[n-1])
	}
	return low
}

// around is the piece of the text around a place that belongs to it.
func (r records) around(from, to int) (low, high int) {
	low, high = max(0, from-400), min(len(r.src), to+900)
	if n := r.of(to); n < len(r.begins) && r.begins[n] <= high {
		return max(low, lineStart(r.src, from)), r.begins[n] - 1
	}
	return low, high
}

// near is the text around a place.
func (r records) near(p place) string {
	low, high := r.around(p.from, p.to)
	return r.src[low:high]
}

// line is the lines that a place is in, without paths and the long names of
// programs: they are no words.
func (r records) line(p place) string {
	rest, _, _ := strings.Cut(r.src[p.to:], "\n")
	words := strings.Fields(r.src[lineStart(r.src, p.from) : p.to+len(rest)])
	return strings.Join(slices.DeleteFunc(words, func(word string) bool { return strings.Count(word, "/")+strings.Count(word, ".") > 2 }), " ")
}

// lineStart is where the line of an offset begins. Of a line that is longer
// than any record it looks at the end only.
func lineStart(src string, at int) int {
	low := max(0, at-maxLine)
	return low + strings.LastIndexByte(src[low:at], '\n') + 1
}

// show returns the server's words around a place, fit to be read by people:
// whole lines, without secrets. Masking comes before cutting, so that half a
// secret is never left over.
func (r records) show(from, to int) string {
	src := r.src
	if len(src) <= redact.MaxText {
		return redact.Text(src)
	}
	low := lineStart(src, from)
	_, high := r.around(from, to)
	if nl := strings.LastIndexByte(src[to:high], '\n'); nl > 0 && high < len(src) {
		high = to + nl
	}
	if from-low > 400 {
		return redact.Text(tail(redact.Mask(src[max(low, from-16<<10):from]), 200) + src[from:high])
	}
	return redact.Text(src[low:high])
}

// tail is the end of a text, from the beginning of a word.
func tail(s string, n int) string {
	if len(s) <= n {
		return s
	}
	s = s[len(s)-n:]
	if i := strings.IndexAny(s, " \n\t,"); i >= 0 {
		return "…" + s[i:]
	}
	return "…"
}
