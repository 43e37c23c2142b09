package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/term"

	"mailgrant/internal/diagnosis"
	"mailgrant/internal/i18n"
	"mailgrant/internal/native"
	"mailgrant/internal/pattern"
	"mailgrant/internal/redact"
	"mailgrant/mailtest"
)

// textWidth is the longest line of running text, in characters.
const textWidth = 92

func (p *program) showDiagnosis(w io.Writer, d diagnosis.Diagnosis) {
	p.showRendered(w, d.Render(p.texts))
}

func (p *program) showRendered(w io.Writer, r diagnosis.Rendered) {
	s := styleOf(w)
	fmt.Fprintf(w, "\n%s %s\n", s.paint(red, "✗"), s.paint(bold, r.Title))
	if note := r.Note(p.texts); note != "" {
		color := yellow
		if r.Certainty == diagnosis.Certain {
			color = green
		}
		fmt.Fprintf(w, "  %s\n", s.paint(color, wrap(note, textWidth, "  ")))
	}
	fmt.Fprintf(w, "  %s\n", wrap(r.Explanation, textWidth, "  "))
	if r.Check != "" {
		fmt.Fprintf(w, "  %s\n", wrap(p.texts.Text("finding.tell", i18n.Args{"check": r.Check}), textWidth, "  "))
	}
	if len(r.Fix) > 0 {
		fmt.Fprintf(w, "\n  %s\n", s.paint(bold, p.texts.Text("cli.fix")))
	}
	for _, step := range diagnosis.Steps(p.texts, r.Fix) {
		fmt.Fprintf(w, "  %-2s %s\n", step.Label(), wrap(step.Text, textWidth-3, "     "))
	}
	if r.Command != "" {
		fmt.Fprintf(w, "\n  %s\n    %s\n", p.texts.Text("cli.powershell"), s.paint(cyan, r.Command))
	}
	p.showAlternatives(w, s, r)
	fmt.Fprintln(w)
	for _, link := range r.Links {
		fmt.Fprintf(w, "  %s\n", s.paint(dim, link))
	}
	if r.More() {
		fmt.Fprintf(w, "  %s\n", s.paint(dim, p.texts.Text("finding.more", i18n.Args{"cause": string(r.Cause)})))
	}
	if r.ServerText != "" {
		fmt.Fprintf(w, "\n  %s\n", s.paint(dim, p.texts.Text("cli.server-words")))
		for _, line := range strings.Split(r.ServerText, "\n") {
			fmt.Fprintf(w, "    %s\n", s.paint(dim, line))
		}
	}
	p.showIDs(w, s, r)
	fmt.Fprintln(w)
}

// showAlternatives writes the other causes that are open, each with the check
// that tells it from the rest.
func (p *program) showAlternatives(w io.Writer, s style, r diagnosis.Rendered) {
	if len(r.Alternatives) == 0 {
		return
	}
	fmt.Fprintf(w, "\n  %s\n", s.paint(bold, p.texts.Text("finding.others")+":"))
	for _, a := range r.Alternatives {
		fmt.Fprintf(w, "  • %s\n    %s\n", wrap(a.Title, textWidth-4, "    "), s.paint(dim, wrap(a.Check, textWidth-4, "    ")))
	}
}

// showIDs writes what Microsoft's support asks for.
func (p *program) showIDs(w io.Writer, s style, r diagnosis.Rendered) {
	for _, id := range []struct{ label, value string }{
		{"Correlation ID", r.CorrelationID}, {"Trace ID", r.TraceID},
	} {
		if id.value != "" {
			fmt.Fprintf(w, "    %s\n", s.paint(dim, id.label+": "+id.value))
		}
	}
}

// printJSON writes one value as one line.
func (p *program) printJSON(value any) error {
	var text bytes.Buffer
	enc := json.NewEncoder(&text)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(value); err != nil {
		return err
	}
	_, err := p.Stdout.Write(redact.JSON(text.Bytes()))
	return err
}

func (p *program) date(t time.Time) string {
	if t.IsZero() {
		return "–"
	}
	return t.Local().Format(p.texts.Text("cli.date-format"))
}

// style writes for people: in colour on a terminal, plain elsewhere.
// See https://no-color.org for the variable.
type style struct {
	on      bool
	columns int // of the terminal; 0: not known
}

func styleOf(w io.Writer) style {
	if o, wrapped := w.(*output); wrapped {
		w = o.Writer
	}
	f, ok := w.(*os.File)
	if !ok || os.Getenv("NO_COLOR") != "" || os.Getenv("TERM") == "dumb" || !native.Escapes(f) {
		return style{}
	}
	columns, _, _ := term.GetSize(int(f.Fd()))
	return style{true, columns}
}

var painted = pattern.New(`\x1b\[[0-9]+m`)

// rows is how many lines of the terminal a line takes.
func (s style) rows(line string) int {
	if s.columns <= 0 {
		return 1
	}
	return 1 + max(0, cells(painted().ReplaceAllString(line, ""))-1)/s.columns
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
			switch {
			case line == "":
				line = word
			case utf8.RuneCountInString(line+" "+word) > width:
				lines, line = append(lines, line), word
			default:
				line += " " + word
			}
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n"+indent)
}
