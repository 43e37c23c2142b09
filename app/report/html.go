package report

import (
	"embed"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"mailgrant/assets"
	"mailgrant/internal/diagnosis"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/markup"
	"mailgrant/internal/native"
	"mailgrant/mailtest"
)

// What reports are made of; report.html and report.txt are one in a language.
//
//go:embed report.css report.html report.txt
var forms embed.FS

// head begins a report of some languages, up to its style.
const head = `<!doctype html>
<html lang="{{.lang}}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{{.title}}</title>
<style>`

// writeHTML is one file that needs no other and runs nothing: it can be
// printed and opened on any machine.
func writeHTML(books []book) []byte {
	page := assets.Text(forms, "report.html")
	all := markup.HTML(head+assets.Text(forms, "report.css")+"</style></head>\n<body>\n", markup.Values{"lang": string(books[0].texts.Language()), "title": books[0].title()}, nil)
	for _, b := range books {
		all += markup.HTML(page, b.values(), func(key string) string { return b.texts.Text(key) })
	}
	return []byte(all + "</body>\n</html>\n")
}

// title is what a browser shows in its tab: of a report on one mailbox, that one.
func (b book) title() string {
	if len(b.records) == 1 {
		return b.text("title-of", "mailbox", b.heading(b.records[0]))
	}
	return b.text("title")
}

func (b book) values() markup.Values {
	v := markup.Values{
		"lang": string(b.texts.Language()), "made": b.text("made", "version", b.version, "system", native.System(), "time", b.when(b.made.UTC().Format(time.RFC3339))),
		"mailboxes": markup.Each(b.records, b.mailbox),
	}
	if len(b.records) > 1 { // then a table stands in front
		v["summary"] = b.text("summary", "all", strconv.Itoa(len(b.records)), "good", strconv.Itoa(b.good()))
		v["columns"] = markup.Each(mailbox.Protocols(), func(p mailtest.Protocol) markup.Values { return markup.Values{"title": p.Title()} })
	}
	return v
}

// marked adds the sign of a state, with its word for those who cannot see it.
func (b book) marked(s mailtest.State, v markup.Values) markup.Values {
	v["state"], v["word"], v["sign"] = string(s), b.text("state."+string(s)), marks[s]
	return v
}

func (b book) mailbox(r record) markup.Values {
	heading := b.heading(r)
	v := markup.Values{
		"mailbox": r.Mailbox, "heading": heading, "line": strings.Repeat("-", utf8.RuneCountInString(heading)),
		"verdict": b.verdict(r), "started": b.when(r.Started), "ms": ms(r.DurationMS),
		"address": r.Address, "until": b.until(r.life), "setting": markup.Each(b.setting(r), named),
		"opened": r.opened, "next": r.next, "life": b.words(r.life), "secret": b.secret(r.life),
		"cells": markup.Each(mailbox.Protocols(), func(p mailtest.Protocol) markup.Values {
			return b.marked(r.stateOf(p), markup.Values{}) // without a sign where it was not tested
		}),
		"protocols": markup.Each(r.test.Tested(), func(p mailtest.Protocol) markup.Values { return b.protocol(p, r) }),
	}
	if len(r.Diagnoses) > 0 {
		v["first"] = r.Diagnoses[0].Title
	}
	finding := func(d diagnosis.Rendered) markup.Values { return b.finding(r, d) }
	var wrong []markup.Values
	if s := r.Suits; s != nil {
		v["product"] = []markup.Values{b.marked(checkStates[s.State], markup.Values{
			"title": b.text("product", "product", s.Name), "verdict": s.Verdict,
			"checks": markup.Each(s.Checks, func(c productCheck) markup.Values { return b.marked(c.mark(), markup.Values{"text": c.Text}) }),
		})}
		wrong = markup.Each(s.findings(), finding)
	}
	findings := markup.Each(r.Diagnoses, finding)
	v["wrong"], v["findings"], v["all"] = wrong, findings, slices.Concat(wrong, findings)
	if trip := r.RoundTrip; trip != nil {
		v["trip"] = []markup.Values{b.marked(r.stateOf(mailtest.RoundTripTest), markup.Values{
			"ms":    ms(trip.DurationMS),
			"steps": markup.Each(trip.Steps, func(s mailtest.StepJSON) markup.Values { return b.marked(s.State, markup.Values{"text": s.Text}) }),
		})}
	}
	return b.marked(r.state(), v)
}

func ms(n int64) string { return strconv.FormatInt(n, 10) }

func (b book) protocol(name mailtest.Protocol, r record) markup.Values {
	got, tried := r.Protocols[name], r.tried(name)
	said := transcript(got)
	return b.marked(r.stateOf(name), markup.Values{
		"title": name.Title(), "host": got.Host, "port": strconv.Itoa(got.Port), "security": b.texts.Text("cli.security." + got.Security), "ms": ms(got.DurationMS),
		"steps": markup.Each(got.Steps, func(s mailtest.StepJSON) markup.Values {
			return b.marked(s.State, markup.Values{"text": b.texts.Text("cli.step." + string(s.Step)), "ms": ms(s.DurationMS), "done": s.State != mailtest.Skipped})
		}),
		"tried": len(tried) > 0,
		"experiments": markup.Each(tried, func(x mailtest.ExperimentJSON) markup.Values {
			return markup.Values{"text": x.Text, "ms": ms(x.DurationMS)}
		}),
		"facts": markup.Each(b.facts(got), named),
		"about": b.text("transcript", "protocol", name.Title()), "transcript": strings.Join(said, "\n"), "said": strings.Join(said, "\n  "),
	})
}

func named(line [2]string) markup.Values {
	return markup.Values{"name": line[0], "value": line[1], "indented": strings.ReplaceAll(line[1], "\n", "\n    ")}
}

func (b book) finding(r record, d diagnosis.Rendered) markup.Values {
	see, tell := b.see(d), ""
	if d.Check != "" {
		tell = b.texts.Text("finding.tell", i18n.Args{"check": d.Check})
	}
	return markup.Values{
		"tell":  tell,
		"title": d.Title, "note": d.Note(b.texts), "explanation": d.Explanation, "details": markup.Each(b.details(r, d), named),
		"fix": markup.Each(diagnosis.Steps(b.texts, d.Fix), func(s diagnosis.Step) markup.Values {
			return markup.Values{"text": s.Text, "step": s.Number > 0, "next-step": s.Number > 1, "label": fmt.Sprintf("%-2s", s.Label())}
		}),
		"links": strings.Join(see, "\n    "),
		"see": markup.Each(see, func(line string) markup.Values {
			return markup.Values{"text": line, "link": strings.HasPrefix(line, "https://")}
		}),
		"others": len(d.Alternatives) > 0,
		"alternatives": markup.Each(d.Alternatives, func(a diagnosis.Alternative) markup.Values {
			return markup.Values{"title": a.Title, "check": a.Check}
		}),
	}
}

// see is where a reader finds more: the addresses of a cause, and what explains
// it. That is the program, not its documentation: whoever has a report has it or
// can get it, and the source is nowhere beside it.
func (b book) see(d diagnosis.Rendered) []string {
	lines := slices.Clone(d.Links)
	if d.More() {
		lines = append(lines, "mailgrant explain "+string(d.Cause))
	}
	return lines
}

// facts are what was seen of a server and a sign-in, each with its name.
func (b book) facts(r mailtest.ResultJSON) [][2]string {
	var values [][2]string
	for _, name := range told {
		v := fact(r, name)
		if name == mailtest.FactExpires {
			v = b.when(v)
		}
		values = append(values, [2]string{name, v})
	}
	return b.lines("fact.", values)
}

// details are what support asks for, each with its name.
func (b book) details(r record, d diagnosis.Rendered) [][2]string {
	return b.lines("detail.", [][2]string{
		{"protocols", r.FailedBy(d.Cause)},
		{"command", d.Command},
		{"server-text", d.ServerText},
		{"codes", strings.Join(d.Codes, ", ")},
		{"correlation", d.CorrelationID},
		{"trace", d.TraceID},
		{"cause", string(d.Cause)},
	})
}

// lines give values their names, whose keys begin alike; what is empty is left out.
func (b book) lines(keys string, values [][2]string) (lines [][2]string) {
	for _, v := range values {
		if v[1] != "" {
			lines = append(lines, [2]string{b.text(keys + v[0]), v[1]})
		}
	}
	return lines
}
