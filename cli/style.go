package cli

import (
	"io"
	"os"
	"strings"

	"mailgrant/internal/native"
	"mailgrant/mailtest"
)

// style writes for people: in colour on a terminal, plain elsewhere.
// See https://no-color.org for the variable.
type style struct{ on bool }

func styleOf(w io.Writer) style {
	if o, wrapped := w.(*output); wrapped {
		w = o.Writer
	}
	f, ok := w.(*os.File)
	return style{on: ok && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb" && native.Escapes(f)}
}

const (
	bold   = "1"
	dim    = "2"
	red    = "31"
	green  = "32"
	yellow = "33"
	cyan   = "36"
)

func (s style) paint(code, text string) string {
	if !s.on || text == "" {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}

// mark is the sign of a state; colour alone never tells it.
func (s style) mark(state mailtest.State) string {
	switch state {
	case mailtest.Passed:
		return s.paint(green, "✓")
	case mailtest.Warned:
		return s.paint(yellow, "!")
	case mailtest.Failed:
		return s.paint(red, "✗")
	case mailtest.Running:
		return s.paint(cyan, "…")
	}
	return s.paint(dim, "–")
}

// wrap breaks a text at blanks so that no line is longer than width, and
// indents every line but the first.
func wrap(text string, width int, indent string) string {
	var lines []string
	for _, paragraph := range strings.Split(text, "\n") {
		line := ""
		for _, word := range strings.Fields(paragraph) {
			if line != "" && len([]rune(line))+1+len([]rune(word)) > width {
				lines = append(lines, line)
				line = ""
			}
			if line != "" {
				line += " "
			}
			line += word
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n"+indent)
}
