package presenter

import (
	"fmt"
	"time"
	"unicode"
	"unicode/utf8"
)

// capital begins a sentence with a capital letter.
func capital(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[n:]
}

func (p *Presenter) date(t time.Time) string { return t.Local().Format(p.text("ui.format.date")) }

func (p *Presenter) dateTime(t time.Time) string {
	return t.Local().Format(p.text("ui.format.date-time"))
}

func (p *Presenter) clock(t time.Time) string { return t.Local().Format(p.text("ui.format.time")) }

// took is a duration as people read it: 412 ms, 3.1 s.
func (p *Presenter) took(d time.Duration) string {
	if d < time.Second {
		return fmt.Sprintf("%d ms", d.Milliseconds())
	}
	return p.c.Texts.Tenths(d.Seconds()) + " s"
}

// left is a time left, 14:59.
func left(d time.Duration) string {
	seconds := int(max(0, d).Round(time.Second) / time.Second)
	return fmt.Sprintf("%d:%02d", seconds/60, seconds%60)
}
