package report

import (
	_ "embed"
	"slices"
	"strconv"
	"strings"

	"mailgrant/internal/diagnosis"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/markup"
	"mailgrant/mailtest"
)

//go:embed report.css
var style string

// writeHTML is one file that needs no other and runs nothing: it can be
// printed and opened on any machine.
func writeHTML(books []book) []byte {
	var p markup.Page
	first := books[0]
	p.Add(`<!doctype html>
<html lang="%s">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>%s</title>
<style>`, string(first.texts.Language()), first.title())
	p.Style(style)
	p.Add("</style></head>\n<body>\n")
	for _, b := range books {
		b.html(&p)
	}
	p.Add("</body>\n</html>\n")
	return []byte(p.String())
}

// title is what a browser shows in its tab: of a report on one mailbox, that one.
func (b book) title() string {
	if len(b.records) == 1 {
		return b.text("title-of", "mailbox", b.heading(b.records[0]))
	}
	return b.text("title")
}

func (b book) html(p *markup.Page) {
	p.Add(`<main lang="%s">
<h1>%s</h1>
<p class="quiet">%s</p>
`, string(b.texts.Language()), b.text("title"), b.text("made", "version", b.version, "time", b.when(b.made3339())))
	if len(b.records) > 1 {
		b.overview(p)
	}
	for _, r := range b.records {
		b.mailbox(p, r)
	}
	p.Add("</main>\n")
}

// overview is the table in front of several mailboxes.
func (b book) overview(p *markup.Page) {
	p.Add("<p>%s</p>\n<table><tr><th></th>", b.text("summary", "all", strconv.Itoa(len(b.records)), "good", strconv.Itoa(b.good())))
	for _, name := range mailbox.Protocols() {
		p.Add("<th>%s</th>", name.Title())
	}
	p.Add("<th>%s</th><th>%s</th></tr>\n", b.text("life"), b.text("finding"))
	for _, r := range b.records {
		p.Add("<tr><td>%s</td>", r.Mailbox)
		for _, name := range mailbox.Protocols() {
			tested, ok := r.Protocols[name]
			p.Add("<td>")
			if ok {
				b.mark(p, stateOf(tested))
			}
			p.Add("</td>")
		}
		title := ""
		if len(r.Diagnoses) > 0 {
			title = r.Diagnoses[0].Title
		}
		p.Add("<td>%s</td><td>%s</td></tr>\n", b.words(r.life), title)
	}
	p.Add("</table>\n")
}

func (b book) mailbox(p *markup.Page, r record) {
	state := mailtest.Failed
	if r.OK {
		state = mailtest.Passed
	}
	p.Add("<section>\n<h2>%s</h2>\n<p>", b.heading(r))
	b.mark(p, state)
	p.Add(" %s <span class=\"quiet\">%s · %s ms</span></p>\n", b.verdict(r), b.when(r.Started), strconv.FormatInt(r.DurationMS, 10))
	p.If(r.opened != "", "<p>%s</p>\n", r.opened)
	p.If(r.next != "", "<p>%s</p>\n", r.next)
	b.life(p, r)
	b.suitable(p, r.suits)
	for _, d := range r.Diagnoses {
		b.finding(p, d)
	}
	for _, name := range r.protocols() {
		b.protocol(p, name, r.Protocols[name], r.tried(name))
	}
	b.roundTrip(p, r.RoundTrip)
	p.Add("</section>\n")
}

// mark is the sign of a state with its word for those who cannot see it.
func (b book) mark(p *markup.Page, s mailtest.State) {
	p.Add(`<span class="mark %s" title="%s">%s</span>`, string(s), b.text("state."+string(s)), marks[s])
}

func (b book) protocol(p *markup.Page, name mailtest.Protocol, got mailtest.ResultJSON, tried []mailtest.ExperimentJSON) {
	p.Add("<h3>")
	b.mark(p, stateOf(got))
	p.Add(" %s <span class=\"quiet\">%s:%s · %s · %s ms</span></h3>\n<ul class=\"steps\">", name.Title(), got.Host, strconv.Itoa(got.Port),
		b.texts.Text("cli.security."+got.Security), strconv.FormatInt(got.DurationMS, 10))
	for _, s := range got.Steps {
		p.Add("<li>")
		b.mark(p, s.State)
		p.Add(" %s", b.texts.Text("cli.step."+string(s.Step)))
		p.If(s.State != mailtest.Skipped, " <span class=\"quiet\">%s ms</span>", strconv.FormatInt(s.DurationMS, 10))
		p.Add("</li>")
	}
	p.Add("</ul>\n")
	if len(tried) > 0 {
		p.Add("<p class=\"quiet\">%s</p>\n<ul>", b.text("tried"))
		for _, x := range tried {
			p.Add("<li>%s <span class=\"quiet\">%s ms</span></li>", x.Text, strconv.FormatInt(x.DurationMS, 10))
		}
		p.Add("</ul>\n")
	}
	p.Add("<table class=\"facts\">")
	for _, line := range b.facts(got) {
		p.Add("<tr><th>%s</th><td>%s</td></tr>\n", line[0], line[1])
	}
	p.Add("</table>\n")
	if lines := transcript(got); len(lines) > 0 {
		p.Add("<details><summary>%s</summary><pre>%s</pre></details>\n", b.text("transcript", "protocol", name.Title()), strings.Join(lines, "\n"))
	}
}

func (b book) roundTrip(p *markup.Page, r *mailtest.ResultJSON) {
	if r == nil {
		return
	}
	p.Add("<h3>")
	b.mark(p, stateOf(*r))
	p.Add(" %s <span class=\"quiet\">%s ms</span></h3>\n<ul class=\"steps\">", b.text("round-trip"), strconv.FormatInt(r.DurationMS, 10))
	for _, s := range r.Steps {
		p.Add("<li>")
		b.mark(p, s.State)
		p.Add(" %s</li>", s.Text)
	}
	p.Add("</ul>\n")
}

func (b book) finding(p *markup.Page, d diagnosis.Rendered) {
	p.Add("<div class=\"finding\">\n<h3>%s</h3>\n", d.Title)
	if note := d.Note(b.texts); note != "" {
		p.Add("<p class=\"quiet\">%s</p>\n", note)
	}
	p.Add("<p>%s</p>\n<ol>", d.Explanation)
	for _, step := range diagnosis.Steps(b.texts, d.Fix) {
		p.If(step.Number > 1, "</li>")
		p.If(step.Number > 0, "<li>%s", step.Text)
		p.If(step.Number == 0, "<br>%s", step.Text)
	}
	p.Add("</li></ol>\n<table class=\"facts\">")
	for _, line := range b.details(d) {
		p.Add("<tr><th>%s</th><td><code>%s</code></td></tr>\n", line[0], line[1])
	}
	see := b.see(d)
	p.If(len(see) > 0, "<tr><th>%s</th><td>", b.text("detail.links"))
	for _, line := range see {
		link := strings.HasPrefix(line, "https://")
		p.If(link, "<a href=\"%s\">%s</a>\n", line, line)
		p.If(!link, "%s\n", line)
	}
	p.Add("</table>\n")
	b.alternatives(p, d)
	p.Add("</div>\n")
}

// alternatives are the other causes that are open, folded.
func (b book) alternatives(p *markup.Page, d diagnosis.Rendered) {
	if len(d.Alternatives) == 0 {
		return
	}
	p.Add("<details><summary>%s</summary>\n<dl>\n", b.texts.Text("finding.others"))
	p.Add("<dt>%s</dt><dd>%s</dd>\n", d.Title, d.Check)
	for _, a := range d.Alternatives {
		p.Add("<dt>%s</dt><dd>%s</dd>\n", a.Title, a.Check)
	}
	p.Add("</dl></details>\n")
}

// see is where a reader finds more: the addresses of a cause, and its place in
// the error reference.
func (b book) see(d diagnosis.Rendered) []string {
	lines := slices.Clone(d.Links)
	if d.Cause != diagnosis.CauseUnknown {
		lines = append(lines, b.texts.Text("finding.more", i18n.Args{"cause": string(d.Cause)}))
	}
	return lines
}

// facts are what was seen of a server and a sign-in, each with its name.
func (b book) facts(r mailtest.ResultJSON) (lines [][2]string) {
	for _, name := range told {
		v := fact(r, name)
		if name == mailtest.FactExpires {
			v = b.when(v)
		}
		if v != "" {
			lines = append(lines, [2]string{b.text("fact." + name), v})
		}
	}
	return lines
}

// details are what support asks for, each with its name.
func (b book) details(d diagnosis.Rendered) (lines [][2]string) {
	for _, line := range [][2]string{
		{"command", d.Command},
		{"server-text", d.ServerText},
		{"codes", strings.Join(d.Codes, ", ")},
		{"correlation", d.CorrelationID},
		{"trace", d.TraceID},
		{"cause", string(d.Cause)},
	} {
		if line[1] != "" {
			lines = append(lines, [2]string{b.text("detail." + line[0]), line[1]})
		}
	}
	return lines
}
