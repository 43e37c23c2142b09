package presenter

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"mailgrant/internal/i18n"
	"mailgrant/internal/provider"
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

func (p *Presenter) clock(t time.Time) string {
	format := "ui.format.time"
	if t.Local().Format(time.DateOnly) != p.c.Now().Local().Format(time.DateOnly) {
		format = "ui.format.time-date"
	}
	return t.Local().Format(p.text(format))
}

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

// Words is what the window shows for a value of a field that one chooses; of
// one that is typed, or of a value that is none of the choices, the value.
func Words(t *i18n.Texts, f Field, value string) string {
	name := string(f)
	if f != FieldAccountType {
		name = name[strings.LastIndexByte(name, '.')+1:] // a security is called the same for every protocol
	}
	if key := "ui.choice." + name + "." + value; value != "" && t.Has(key) {
		return t.Text(key)
	}
	return value
}

// ProviderWords is what the window calls a provider, or one of its national
// clouds; of an unknown one, how a definition names it.
func ProviderWords(t *i18n.Texts, id, cloud string) string {
	offered := provider.Offered()
	i := slices.IndexFunc(offered, func(p provider.Profile) bool { return p.ID == id && (p.Cloud == cloud || cloud == "") })
	if i < 0 {
		return cmp.Or(cloud, id)
	}
	if p := offered[i]; p.Name != "" {
		return p.Name
	}
	return t.Text("ui.choice.provider." + cmp.Or(cloud, id))
}

// words are those of a form's field.
func (p *Presenter) words(form Form, f Field) string {
	if place(string(f)) == FieldProvider {
		return ProviderWords(p.c.Texts, form[FieldProvider], form[FieldCloud])
	}
	return Words(p.c.Texts, f, form[f])
}
