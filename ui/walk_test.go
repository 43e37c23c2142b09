package ui_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"mailgrant/internal/i18n"
	"mailgrant/internal/provider"
	"mailgrant/ui"
	"mailgrant/ui/presenter"
)

// box is a place in the window.
type box struct{ x, y, w, h float32 }

func (b box) String() string { return fmt.Sprintf("%.0f,%.0f %.0f×%.0f", b.x, b.y, b.w, b.h) }

// overlaps ignores what is less than a pixel and a half: lines of a text touch.
func (b box) overlaps(o box) bool {
	const slack = 1.5
	return b.x+slack < o.x+o.w && o.x+slack < b.x+b.w && b.y+slack < o.y+o.h && o.y+slack < b.y+b.h
}

// line is one drawn line of text.
type line struct {
	text string
	at   box     // where it is drawn
	need float32 // its width
	room float32 // to the right edge of what cuts it off
	page *page   // that scrolls; nil: none
	over bool    // in what lies over the page for a while
}

// page is what scrolls, and where it ends in the window.
type page struct{ end float32 }

// below tells whether one has to scroll to a line.
func (l line) below() bool { return l.page != nil && l.at.y+l.at.h > l.page.end }

// seen is everything that can be read in a window.
type seen struct {
	lines []line
	words []string // whole texts, as widgets have them

	broken []string // words that a line break splits
	page   *page    // what is walked now scrolls in it
	over   bool     // what is walked now lies over the page
}

// brokenWords are the words of a text that are longer than its lines.
func brokenWords(l *widget.Label) []string {
	if l.Wrapping == fyne.TextWrapOff || l.TextStyle.Monospace {
		return nil
	}
	var broken []string
	for _, word := range strings.Fields(l.Text) {
		if fyne.MeasureText(word, theme.Size(l.SizeName), l.TextStyle).Width > l.Size().Width-2*theme.InnerPadding()+1 {
			broken = append(broken, word)
		}
	}
	return broken
}

// look walks the widget tree as the painter does. Columns cut off to the
// right; what is below the end of a scroll can be scrolled to.
func look(o fyne.CanvasObject) *seen {
	s := &seen{}
	s.walk(o, fyne.NewPos(0, 0), 1e6)
	return s
}

func (s *seen) walk(o fyne.CanvasObject, at fyne.Position, right float32) {
	if o == nil || !o.Visible() {
		return
	}
	at = at.Add(o.Position())
	if scroll, ok := o.(*container.Scroll); ok {
		right = fyne.Min(right, at.X+o.Size().Width)
		at = at.Add(scroll.Offset) // as if nothing was scrolled
		defer func(was *page) { s.page = was }(s.page)
		s.page = &page{at.Y - scroll.Offset.Y + o.Size().Height}
	}
	if ui.Covers(o) {
		defer func(was bool) { s.over = was }(s.over)
		s.over = true
	}
	s.take(o, at, right)
	switch o := o.(type) {
	case *fyne.Container:
		for _, child := range o.Objects {
			s.walk(child, at, right)
		}
	case fyne.Widget:
		for _, child := range test.WidgetRenderer(o).Objects() {
			s.walk(child, at, right)
		}
	}
}

func (s *seen) take(o fyne.CanvasObject, at fyne.Position, right float32) {
	add := func(words ...string) {
		for _, w := range words {
			if strings.TrimSpace(w) != "" {
				s.words = append(s.words, w)
			}
		}
	}
	switch o := o.(type) {
	case *canvas.Text:
		if strings.TrimSpace(o.Text) == "" {
			return
		}
		need := fyne.MeasureText(o.Text, o.TextSize, o.TextStyle)
		x := at.X
		switch o.Alignment {
		case fyne.TextAlignCenter:
			x += (o.Size().Width - need.Width) / 2
		case fyne.TextAlignTrailing:
			x += o.Size().Width - need.Width
		}
		s.lines = append(s.lines, line{o.Text, box{x, at.Y, need.Width, need.Height}, need.Width, right - x, s.page, s.over})
	case *widget.Label:
		add(o.Text)
		s.broken = append(s.broken, brokenWords(o)...)
	case *widget.Button:
		add(o.Text)
	}
	add(ui.OwnText(o)...)
}

// has tells whether a text contains the words.
func (s *seen) has(words string) bool {
	for _, w := range s.words {
		if strings.Contains(w, words) {
			return true
		}
	}
	for _, l := range s.lines {
		if strings.Contains(l.text, words) {
			return true
		}
	}
	return false
}

// check finds texts that are cut, that lie on others, or that lack a key.
func (s *seen) check(t *testing.T, width float32) {
	t.Helper()
	for i, l := range s.lines {
		if l.need > l.room+1 || l.at.x < -1 || l.at.x+l.need > width+1 {
			t.Errorf("cut: %q needs %.0f, has %.0f (%s)", l.text, l.need, l.room, l.at)
		}
		if strings.Contains(l.text, "⟨") {
			t.Errorf("missing text: %s", l.text)
		}
		if placeholder.MatchString(l.text) {
			t.Errorf("placeholder not filled: %s", l.text)
		}
		for _, other := range s.lines[i+1:] {
			together := l.page == other.page || !l.below() && !other.below()
			if together && l.over == other.over && l.at.overlaps(other.at) {
				t.Errorf("%q (%s) lies on %q (%s)", l.text, l.at, other.text, other.at)
			}
		}
	}
	for _, word := range s.broken {
		if strings.ContainsRune(word, '/') && len(word) > 50 {
			continue // an address that no line of the smallest window holds
		}
		t.Errorf("a line break splits %q", word)
	}
}

var placeholder = regexp.MustCompile(`\{[a-z_-]+\}`)

// speech is what a language can say: its texts with anything in the places of
// the placeholders.
type speech struct {
	says []*regexp.Regexp
	met  map[string]bool // what was asked before: most texts stand in many states
}

func speechOf(language i18n.Language) speech {
	texts := i18n.For(language)
	all := speech{met: map[string]bool{}}
	var said []string
	causes, _ := filepath.Glob("../internal/diagnosis/causes/*.txt")
	line := regexp.MustCompile(`(?m)^ *` + string(language) + `\.\w+ (?:\([^)]*\) )?(.+)$`)
	for _, file := range causes {
		text, _ := os.ReadFile(file)
		for _, found := range line.FindAllSubmatch(text, -1) {
			said = append(said, string(found[1]))
		}
	}
	for _, key := range texts.Keys() {
		if !strings.HasPrefix(key, "cli.") {
			said = append(said, texts.List(key)...)
		}
	}
	for _, p := range provider.Profiles() {
		if p.Name != "" {
			said = append(said, p.Name)
		}
	}
	for _, text := range said {
		pattern := placeholder.ReplaceAllString(regexp.QuoteMeta(strings.ReplaceAll(text, "{", "\x00")), "")
		pattern = regexp.MustCompile("\x00"+`[a-z_-]+\\?\}`).ReplaceAllString(pattern, "(?s:.*)")
		if strings.Trim(pattern, "(?s:.*)· ") == "" {
			continue // nothing but a value
		}
		all.says = append(all.says, regexp.MustCompile(`(?i)^`+pattern+`$`))
	}
	return all
}

func (s speech) knows(text string) bool {
	known, met := s.met[text]
	if !met {
		known = slices.ContainsFunc(s.says, func(r *regexp.Regexp) bool { return r.MatchString(text) })
		s.met[text] = known
	}
	return known
}

// data are texts that are the same in every language: names, addresses,
// commands and the words of servers.
var data = regexp.MustCompile(`^(\S+|\d+ ms|.* · (TLS|STARTTLS)|\S+ · \d+ ms|Set-\S+ .*|[\d.,: ]+( Uhr)?|\d+ \w+( \d+)?(, [\d:]+)?|TLS 1\.3|\S+ – (draft|Entwurf)|Helpdesk.*|\(Select one\))$`)

// numbered is how a step or an attempt begins.
var numbered = regexp.MustCompile(`^(\d\. |\d\d:\d\d( Uhr)? [A-Z0-9, ]+: )`)

// checkLanguage finds texts of the other language.
func (s *seen) checkLanguage(t *testing.T, own, other speech, quotes []string) {
	t.Helper()
	for _, w := range s.words {
		w = numbered.ReplaceAllString(w, "")
		switch {
		case own.knows(w) || slices.Contains(quotes, w):
		case other.knows(w):
			t.Errorf("in the other language: %q", w)
		case data.MatchString(w):
		default:
			t.Errorf("in no language's texts: %q", w)
		}
	}
}

// quoted are the texts in a state that are others' words.
func quoted(s presenter.State) []string {
	quotes := []string{s.Form.Form[presenter.FieldUser]}
	add := func(f *presenter.Finding) {
		if f != nil {
			quotes = append(quotes, f.Words, f.Command)
		}
	}
	add(s.Auth.Finding)
	for _, p := range s.Test.Protocols {
		add(p.Finding)
	}
	for _, f := range s.Test.Findings {
		add(&f)
	}
	if trip := s.Test.RoundTrip; trip != nil {
		add(trip.Finding)
	}
	for _, i := range s.Assistant.Items {
		add(i.Problem)
		for _, v := range i.Values {
			quotes = append(quotes, v.Value)
		}
	}
	if s.Takeover != nil {
		quotes = append(quotes, s.Takeover.Files)
	}
	for _, p := range provider.Profiles() {
		quotes = append(quotes, p.Name) // a proper name
	}
	return append(quotes, ofTheProduct(s.Product)...)
}

// ofTheProduct are the words that a product's profile gives: they come from a
// file of their own, whose languages app/products tests.
func ofTheProduct(s presenter.ProductState) []string {
	words := append([]string{s.Host}, s.Remarks...)
	for _, c := range s.Choices {
		words = append(words, c.Name)
	}
	for _, part := range s.Parts {
		words = append(words, part.Lines...)
		for _, r := range part.Rows {
			words = append(words, r.Where, r.Name, r.Value, r.Note)
		}
	}
	return words
}

// entriesCut finds fields that are too narrow for what stands in them.
func entriesCut(t *testing.T, o fyne.CanvasObject) {
	t.Helper()
	if o == nil || !o.Visible() {
		return
	}
	if f, ok := o.(fyne.Widget); ok {
		if text, multi := entryText(o); text != "" && !multi {
			need := fyne.MeasureText(text, theme.TextSize(), fyne.TextStyle{}).Width + 2*theme.InnerPadding()
			if need > o.Size().Width+1 {
				t.Errorf("the field is too narrow for %q: %.0f of %.0f", text, o.Size().Width, need)
			}
		}
		for _, child := range test.WidgetRenderer(f).Objects() {
			entriesCut(t, child)
		}
		return
	}
	if c, ok := o.(*fyne.Container); ok {
		for _, child := range c.Objects {
			entriesCut(t, child)
		}
	}
}
