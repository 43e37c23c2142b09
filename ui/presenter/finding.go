package presenter

import (
	_ "embed"
	"errors"
	"fmt"
	"slices"
	"strings"

	"mailgrant/app/authorization"
	"mailgrant/internal/bounded"
	"mailgrant/internal/diagnosis"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/markup"
	"mailgrant/internal/redact"
	"mailgrant/mailtest"
)

// finding puts a diagnosis of this mailbox into words.
func (p *Presenter) finding(d diagnosis.Diagnosis) Finding {
	f := p.rendered(d.Render(p.c.Texts))
	f.Practice = p.practiceHint()
	return f
}

// rendered puts a cause into words.
func (p *Presenter) rendered(r diagnosis.Rendered) Finding {
	words := r.ServerText
	for _, id := range []struct{ name, value string }{{"Correlation ID", r.CorrelationID}, {"Trace ID", r.TraceID}} {
		if id.value != "" && !strings.Contains(words, id.value) {
			words = strings.TrimSpace(words + "\n" + id.name + ": " + id.value)
		}
	}
	return Finding{
		Mark: MarkBad, Title: r.Title, Explanation: r.Explanation, Fix: r.Fix, Links: r.Links, Command: r.Command, Words: words,
		Certainty: r.Note(p.c.Texts), Check: r.Check, Others: r.Alternatives,
	}
}

// unnamed is the finding of an error that is no diagnosis.
func (p *Presenter) unnamed(err error) Finding {
	var d diagnosis.Diagnosis
	if errors.As(err, &d) {
		return p.finding(d)
	}
	f := Finding{Mark: MarkBad, Title: p.text("ui.unnamed.title"), Explanation: p.text("ui.unnamed.explanation"), Words: redact.Text(err.Error())}
	if why, ok := p.told(err); ok {
		f.Explanation = why
	}
	return f
}

// told is what an error says for people: of a full disk, of a closed folder.
func (p *Presenter) told(err error) (string, bool) {
	var told interface{ Text(*i18n.Texts) string }
	if !errors.As(err, &told) {
		return "", false
	}
	return told.Text(p.c.Texts), true
}

// inShort is an error in a line.
func (p *Presenter) inShort(err error) string {
	var d diagnosis.Diagnosis
	if errors.As(err, &d) {
		return d.Render(p.c.Texts).Title
	}
	if why, ok := p.told(err); ok {
		return why
	}
	return redact.Line(err.Error())
}

// Explanation is what a text or a log means.
type Explanation struct {
	Begins string    // how the log begins, without secrets; "" for a text that was typed
	Wrong  string    // why the log cannot be read
	Found  []Finding // the most important first
}

// maxLog is how much of a log is read.
const maxLog int64 = 64 << 20

// Explain says what an error text, a log or an address means, to tell. It asks
// nobody, but a long text takes a while. What the text does not say itself is
// that of the chosen mailbox.
func (p *Presenter) Explain(text string, tell func(Explanation)) {
	in := p.atHand()
	p.Beside(func() func() {
		found := p.explained(in, text)
		return func() { tell(Explanation{Found: found}) }
	})
}

// ExplainFile is Explain for the beginning of a log.
func (p *Presenter) ExplainFile(path string, tell func(Explanation)) {
	in := p.atHand()
	p.Beside(func() func() {
		data, err := bounded.ReadHead(path, maxLog)
		if err != nil {
			return func() { tell(Explanation{Wrong: p.text("ui.notice.file", "reason", p.inShort(err))}) }
		}
		text := string(data)
		x := Explanation{Begins: redact.Text(text), Found: p.explained(in, text)}
		return func() { tell(x) }
	})
}

// atHand is what the chosen mailbox tells about a text from elsewhere. What
// was tested and granted can only rule causes out: another program's sign-in
// is not that of the test.
func (p *Presenter) atHand() (in diagnosis.Input) {
	e := p.selected
	if e == nil {
		return in
	}
	d, _ := e.form.read() // as far as it is filled in
	in.Evidence = diagnosis.Evidence{}.Of(d)
	in.Usual = diagnosis.Usual{Provider: diagnosis.Provider(d.Profile().Family), OAuth: d.Authentication == mailbox.AuthOAuth2}
	if d.OAuth != nil {
		in.Evidence.Account = e.Status.Account.User
	}
	if e.Status.State == authorization.StateValid {
		in.Evidence.Granted = e.Status.Granted
	}
	if p.upToDate(e) {
		in.Evidence.Works = works(e.tested.Report)
	}
	return in
}

// works is which protocols of a mailbox can be used, as a test has shown.
func works(r *mailtest.Report) map[diagnosis.Phase]bool {
	shown := map[diagnosis.Phase]bool{}
	for _, p := range r.Tested() {
		if res := r.Result(p); res.Done && res.State != mailtest.Skipped {
			shown[diagnosis.Phase(p)] = res.State != mailtest.Failed
		}
	}
	return shown
}

// namesOthers reports whether a text names addresses, but none of the mailbox at
// hand.
func namesOthers(own diagnosis.Evidence, text string) bool {
	named := mailbox.AddressesIn().FindAllString(text, -1)
	return len(named) > 0 && !slices.ContainsFunc(named, func(a string) bool {
		a = a[strings.LastIndexAny(a, "'=/{|")+1:] // as in from='anna@contoso.com'
		return slices.ContainsFunc([]string{own.User, own.SharedMailbox, own.Sender}, func(o string) bool { return strings.EqualFold(a, o) })
	})
}

// explained is called beside the window.
func (p *Presenter) explained(in diagnosis.Input, text string) (found []Finding) {
	if strings.TrimSpace(text) == "" {
		return nil
	}
	if namesOthers(in.Evidence, text) { // who else is open is not whom it is about
		in.Evidence = diagnosis.Evidence{}
	}
	in.Text = text
	all := diagnosis.ExplainAll(in)
	for _, d := range all {
		f := p.rendered(d.Render(p.c.Texts))
		f.Pasted, f.Several = true, len(all) > 1
		if d.Certainty == diagnosis.Possible && d.Cause != diagnosis.CauseUnknown {
			f.Mark, f.Title = MarkWarning, p.text("ui.explain.possible", "title", f.Title)
		}
		found = append(found, f)
	}
	return found
}

//go:embed finding.txt
var findingText string

// Text is the finding as it is copied, to be pasted into a mail or a ticket.
func (f Finding) Text(t *i18n.Texts) string {
	return filled(findingText, t, markup.Values{
		"title": f.Title, "certainty": f.Certainty, "explanation": f.Explanation, "practice": f.Practice, "command": f.Command,
		"fix": len(f.Fix) > 0, "others": len(f.Others) > 0, "links": strings.Join(f.Links, "\n"), "words": f.Words, "pasted": f.Pasted,
		"steps": markup.Each(diagnosis.Steps(t, f.Fix), func(s diagnosis.Step) markup.Values {
			return markup.Values{"label": fmt.Sprintf("%-2s", s.Label()), "text": s.Text}
		}),
		"alternatives": markup.Each(f.Others, func(a diagnosis.Alternative) markup.Values {
			return markup.Values{"title": a.Title, "check": a.Check}
		}),
	})
}

// filled is a text of a template.
func filled(template string, t *i18n.Texts, values markup.Values) string {
	return strings.TrimRight(markup.Text(template, values, func(key string) string { return t.Text(key) }), "\n")
}
