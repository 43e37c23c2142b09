package oauth

import (
	"errors"
	"html"
	"io"
	"net/http"
	"strings"

	"mailgrant/assets"
	"mailgrant/internal/diagnosis"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/markup"
	"mailgrant/internal/redact"
)

// page is the outcome as the browser shows it.
type page struct {
	Lang       string
	Good       bool
	Title      string
	Paragraphs []string
	Facts      []fact
	StepsTitle string
	Steps      []diagnosis.Step
	Close      string
}

type fact struct{ Name, Value string }

// write sends the page; its one style is allowed by a nonce.
func (p page) write(w http.ResponseWriter) {
	nonce := random(16)
	class, mark := "bad", "✗"
	if p.Good {
		class, mark = "good", "✓"
	}
	whole := strings.NewReplacer(
		"{lang}", p.Lang, "{title}", html.EscapeString(p.Title), "{nonce}", nonce,
		"{class}", class, "{mark}", mark, "{content}", p.content(),
	).Replace(assets.ResultPage)
	h := w.Header()
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'nonce-"+nonce+"'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Language", p.Lang)
	_, _ = io.WriteString(w, whole) // the browser may be gone
}

// content is what stands below the title.
func (p page) content() string {
	var m markup.Page
	for _, text := range p.Paragraphs {
		m.Add("<p>%s</p>\n", text)
	}
	m.If(len(p.Facts) > 0, "<dl>\n")
	for _, f := range p.Facts {
		m.Add("<dt>%s</dt><dd>%s</dd>\n", f.Name, f.Value)
	}
	m.If(len(p.Facts) > 0, "</dl>\n")
	m.If(len(p.Steps) > 0, "<h2>%s</h2>\n<ol>\n", p.StepsTitle)
	for _, step := range p.Steps {
		m.If(step.Number > 1, "</li>\n")
		m.If(step.Number > 0, "<li>%s", step.Text)
		m.If(step.Number == 0, "<br>%s", step.Text)
	}
	m.If(len(p.Steps) > 0, "</li>\n</ol>\n")
	m.Add("<footer>%s</footer>\n", p.Close)
	return m.String()
}

// goodPage tells which account was accepted, and as what.
func goodPage(t *i18n.Texts, d mailbox.Definition, g Grant) page {
	args := i18n.Args{"account": redact.Line(g.Account.User), "user": d.User, "mailbox": d.Address()}
	key := "oauth.page." + string(g.Identity)
	p := page{
		Good: true, Title: t.Text(key + ".title"), Paragraphs: t.List(key+".text", args),
		Facts: []fact{{t.Text("oauth.page.account"), redact.Line(g.Account.User)}},
	}
	if d.Address() != g.Account.User {
		p.Facts = append(p.Facts, fact{t.Text("oauth.page.mailbox"), d.Address()})
	}
	return p.in(t)
}

// consentPage tells that an administrator has agreed.
func consentPage(t *i18n.Texts) page {
	return page{Good: true, Title: t.Text("oauth.page.consent.title"), Paragraphs: t.List("oauth.page.consent.text")}.in(t)
}

// badPage tells what went wrong and what to do.
func badPage(t *i18n.Texts, err error) page {
	var other *OtherAccount
	if errors.As(err, &other) {
		return page{
			Title:      t.Text("oauth.page.other.title"),
			Paragraphs: t.List("oauth.page.other.text"),
			Facts: []fact{
				{t.Text("oauth.page.account"), redact.Line(other.Account.User)},
				{t.Text("oauth.page.expected"), other.Expected},
			},
			StepsTitle: t.Text("oauth.page.steps"), Steps: diagnosis.Steps(t, t.List("oauth.page.other.steps", i18n.Args{"expected": other.Expected})),
		}.in(t)
	}
	var diag diagnosis.Diagnosis
	if !errors.As(err, &diag) {
		diag = diagnosis.Explain(diagnosis.Input{Phase: diagnosis.PhaseToken, Err: err, Text: redact.Text(err.Error())})
	}
	r := diag.Render(t)
	p := page{Title: r.Title, Paragraphs: []string{r.Explanation}, StepsTitle: t.Text("oauth.page.steps"), Steps: diagnosis.Steps(t, r.Fix)}
	if r.ServerText != "" {
		p.Facts = []fact{{t.Text("oauth.page.server"), r.ServerText}}
	}
	return p.in(t)
}

// in adds what every page has.
func (p page) in(t *i18n.Texts) page {
	p.Lang, p.Close = string(t.Language()), t.Text("oauth.page.close")
	return p
}
