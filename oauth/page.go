package oauth

import (
	"errors"
	"io"
	"net/http"

	"mailgrant/assets"
	"mailgrant/internal/diagnosis"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/markup"
	"mailgrant/internal/redact"
)

// page is the outcome as the browser shows it.
type page struct {
	texts      *i18n.Texts
	good       bool
	title      string
	paragraphs []string
	facts      []fact
	steps      []string // to be done
}

type fact struct{ name, value string }

// write sends the page; its one style is allowed by a nonce.
func (p page) write(w http.ResponseWriter) {
	nonce, lang := random(16), string(p.texts.Language())
	whole := markup.HTML(assets.ResultPage, markup.Values{
		"lang": lang, "nonce": nonce, "good": p.good, "title": p.title,
		"paragraphs": markup.Each(p.paragraphs, func(text string) markup.Values { return markup.Values{"text": text} }),
		"seen":       len(p.facts) > 0,
		"facts":      markup.Each(p.facts, func(f fact) markup.Values { return markup.Values{"name": f.name, "value": f.value} }),
		"to-do":      len(p.steps) > 0,
		"steps": markup.Each(diagnosis.Steps(p.texts, p.steps), func(s diagnosis.Step) markup.Values {
			return markup.Values{"text": s.Text, "step": s.Number > 0, "next-step": s.Number > 1}
		}),
	}, func(key string) string { return p.texts.Text(key) })
	h := w.Header()
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'nonce-"+nonce+"'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Language", lang)
	_, _ = io.WriteString(w, whole) // the browser may be gone
}

// goodPage tells which account was accepted, and as what.
func goodPage(t *i18n.Texts, d mailbox.Definition, g Grant) page {
	user := redact.Line(g.Account.User)
	key := "oauth.page." + string(g.Identity)
	p := page{
		texts: t, good: true, title: t.Text(key + ".title"),
		paragraphs: t.List(key+".text", i18n.Args{"account": user, "user": d.User, "mailbox": d.Address()}),
		facts:      []fact{{t.Text("oauth.page.account"), user}},
	}
	if d.Address() != g.Account.User {
		p.facts = append(p.facts, fact{t.Text("oauth.page.mailbox"), d.Address()})
	}
	return p
}

func consentPage(t *i18n.Texts) page {
	return page{texts: t, good: true, title: t.Text("oauth.page.consent.title"), paragraphs: t.List("oauth.page.consent.text")}
}

func badPage(t *i18n.Texts, err error) page {
	if other, is := errors.AsType[*OtherAccount](err); is {
		return page{
			texts: t, title: t.Text("oauth.page.other.title"), paragraphs: t.List("oauth.page.other.text"),
			facts: []fact{
				{t.Text("oauth.page.account"), redact.Line(other.Account.User)},
				{t.Text("oauth.page.expected"), other.Expected},
			},
			steps: t.List("oauth.page.other.steps", i18n.Args{"expected": other.Expected}),
		}
	}
	diag, named := errors.AsType[diagnosis.Diagnosis](err)
	if !named {
		diag = diagnosis.Explain(diagnosis.Input{Phase: diagnosis.PhaseToken, Err: err, Text: redact.Text(err.Error())})
	}
	r := diag.Render(t)
	p := page{texts: t, title: r.Title, paragraphs: []string{r.Explanation}, steps: r.Fix}
	if r.ServerText != "" {
		p.facts = []fact{{t.Text("oauth.page.server"), r.ServerText}}
	}
	return p
}
