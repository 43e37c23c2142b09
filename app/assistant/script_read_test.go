package assistant

import (
	"strings"
	"testing"
	"unicode"
)

// read is a PowerShell script, taken apart as about_Quoting_Rules and the
// language specification (2.3) have it.
type readAs struct {
	code      string   // without comments and strings; a string leaves ''
	strings   []string // the verbatim ones
	expanding string   // the expanding ones, one a line
}

func isSingle(r rune) bool { return r == '\'' || r >= '\u2018' && r <= '\u201b' }
func isDouble(r rune) bool { return r == '"' || r >= '\u201c' && r <= '\u201e' }

// readScript reads a whole script and demands that its brackets fit.
func readScript(t *testing.T, text string) readAs {
	t.Helper()
	var s readAs
	var code, expanding strings.Builder
	var open []rune
	runes := []rune(text)
	for i := 0; i < len(runes); i++ {
		r := runes[i]
		switch {
		case r == '#' && (i == 0 || strings.ContainsRune(" \t\n({;|", runes[i-1])):
			for i+1 < len(runes) && runes[i+1] != '\n' {
				i++
			}
		case r == '<' && i+1 < len(runes) && runes[i+1] == '#', r == '@' && i+1 < len(runes) && (isSingle(runes[i+1]) || isDouble(runes[i+1])):
			t.Fatalf("neither block comments nor here-strings are used: %s", string(runes[i:min(i+40, len(runes))]))
		case r == '`':
			t.Fatalf("no backtick is used: %s", string(runes[max(0, i-40):i+1]))
		case isSingle(r), isDouble(r):
			same := isSingle
			if isDouble(r) {
				same = isDouble
			}
			value, end := readString(t, runes, i, same)
			if isSingle(r) {
				s.strings = append(s.strings, value)
			} else {
				expanding.WriteString(value + "\n")
			}
			i = end
			code.WriteString("''")
		default:
			open = bracket(t, open, r, runes, i)
			code.WriteRune(r)
		}
	}
	if len(open) != 0 {
		t.Fatalf("%q is not closed:\n%s", string(open), text)
	}
	s.code, s.expanding = code.String(), expanding.String()
	return s
}

func readString(t *testing.T, runes []rune, i int, same func(rune) bool) (value string, end int) {
	t.Helper()
	var b strings.Builder
	for j := i + 1; j < len(runes); j++ {
		switch {
		case runes[j] == '\n':
			t.Fatalf("a string goes over a line: %s", string(runes[i:j]))
		case !same(runes[j]):
			b.WriteRune(runes[j])
		case j+1 < len(runes) && same(runes[j+1]):
			j++
			b.WriteRune(runes[j])
		default:
			return b.String(), j
		}
	}
	t.Fatalf("a string does not end: %s", string(runes[i:]))
	return "", 0
}

func bracket(t *testing.T, open []rune, r rune, runes []rune, i int) []rune {
	t.Helper()
	closes := map[rune]rune{')': '(', '}': '{', ']': '['}
	switch {
	case strings.ContainsRune("({[", r):
		return append(open, r)
	case closes[r] != 0:
		if len(open) == 0 || open[len(open)-1] != closes[r] {
			t.Fatalf("%q closes nothing: %s", r, string(runes[max(0, i-60):i+1]))
		}
		return open[:len(open)-1]
	}
	return open
}

// words are what could be names of commands.
func words(code string) []string {
	return strings.FieldsFunc(code, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("-_$:.", r)
	})
}

// isCmdlet tells a Verb-Noun.
func isCmdlet(word string) bool {
	verb, noun, found := strings.Cut(word, "-")
	return found && verb != "" && noun != "" && unicode.IsUpper(rune(verb[0])) && unicode.IsUpper(rune(noun[0]))
}

// guarded demands that every line which changes something stands in a block
// that asks first, or after a question in its block.
func guarded(t *testing.T, name, code string) {
	t.Helper()
	lines := strings.Split(code, "\n")
	for i, line := range lines {
		changes := false
		for _, word := range words(line) {
			for _, verb := range changing {
				changes = changes || isCmdlet(word) && strings.HasPrefix(word, verb)
			}
		}
		if !changes {
			continue
		}
		asks := false
		for j, depth := i-1, indent(line); j >= 0 && !asks; j-- {
			switch at := indent(lines[j]); {
			case strings.TrimSpace(lines[j]) == "":
			case at < depth: // the block around it
				asks, depth = strings.Contains(lines[j], "ShouldProcess"), at
			case at == depth: // a question before it, in the same block
				asks = strings.Contains(lines[j], "-not $PSCmdlet.ShouldProcess") && strings.Contains(lines[j], "continue")
			}
		}
		if !asks {
			t.Errorf("%s: changes without asking: %s", name, line)
		}
	}
}

func indent(line string) int { return len(line) - len(strings.TrimLeft(line, " ")) }

// oneLine is a value without what has no place in one line.
func oneLine(value string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r == '\u0085' || r == '\u2028' || r == '\u2029' {
			return -1
		}
		return r
	}, value)
}
