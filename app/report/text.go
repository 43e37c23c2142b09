package report

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"mailgrant/app/table"
	"mailgrant/internal/diagnosis"
	"mailgrant/internal/mailbox"
	"mailgrant/mailtest"
)

// marks and words of the states; a colour alone never tells one.
var marks = map[mailtest.State]string{
	mailtest.Passed: "✓", mailtest.Warned: "!", mailtest.Failed: "✗", mailtest.Skipped: "–",
}

// told are the facts a reader gets, in this order, by the key of their name.
var told = []string{
	mailtest.FactAddress, mailtest.FactGreeting, mailtest.FactVersion, mailtest.FactCipher, mailtest.FactSubject,
	mailtest.FactIssuer, mailtest.FactExpires, mailtest.FactRoot, mailtest.FactOffered, mailtest.FactMechanism,
	mailtest.FactUser, mailtest.FactAccount, mailtest.FactResource, mailtest.FactMessages, mailtest.FactSender,
}

// when is a time for people: that of this machine, as the window shows it.
// Reports travel, so it says its zone.
func (b book) when(rfc3339 string) string {
	at, err := time.Parse(time.RFC3339, rfc3339)
	if err != nil {
		return rfc3339
	}
	return at.Local().Format(b.text("time"))
}

func (b book) made3339() string { return b.made.UTC().Format(time.RFC3339) }

// verdict is the sentence that a mailbox's part begins with.
func (b book) verdict(r record) string {
	if r.OK {
		return b.text("works")
	}
	return b.text("fails")
}

func writeText(books []book) []byte {
	var out strings.Builder
	for i, b := range books {
		if i > 0 {
			out.WriteString("\n" + strings.Repeat("=", 72) + "\n\n")
		}
		fmt.Fprintf(&out, "%s\n%s\n", b.text("title"), b.text("made", "version", b.version, "time", b.when(b.made3339())))
		if len(b.records) > 1 {
			fmt.Fprintln(&out, b.text("summary", "all", strconv.Itoa(len(b.records)), "good", strconv.Itoa(b.good())))
		}
		for _, r := range b.records {
			b.record(&out, r)
		}
	}
	return []byte(out.String())
}

func (b book) record(out *strings.Builder, r record) {
	heading := b.heading(r)
	fmt.Fprintf(out, "\n%s\n%s %s (%s, %d ms)\n", heading+"\n"+strings.Repeat("-", len([]rune(heading))),
		marks[r.state()], b.verdict(r), b.when(r.Started), r.DurationMS)
	for _, line := range []string{r.opened, r.next} {
		if line != "" {
			fmt.Fprintln(out, line)
		}
	}
	if words := b.words(r.life); words != "" {
		fmt.Fprintf(out, "%s: %s\n", b.text("life"), words)
	}
	if secret := b.secret(r.life); secret != "" {
		fmt.Fprintln(out, secret)
	}
	if s := r.suits; s != nil {
		fmt.Fprintf(out, "\n%s %s\n%s\n", marks[checkStates[s.State]], b.text("product", "product", s.Name), s.Verdict)
		for _, c := range s.Checks {
			fmt.Fprintf(out, "  %s %s\n", marks[c.mark()], c.Text)
		}
		for _, d := range s.findings() {
			b.findingText(out, d)
		}
	}
	for _, name := range r.protocols() {
		p := r.Protocols[name]
		fmt.Fprintf(out, "\n%s %s  %s:%d  %s  %d ms\n", marks[stateOf(p)], name.Title(), p.Host, p.Port, b.texts.Text("cli.security."+p.Security), p.DurationMS)
		for _, s := range p.Steps {
			fmt.Fprintf(out, "  %s %s  %d ms\n", marks[s.State], b.texts.Text("cli.step."+string(s.Step)), s.DurationMS)
		}
		for i, x := range r.tried(name) {
			if i == 0 {
				fmt.Fprintf(out, "  %s\n", b.text("tried"))
			}
			fmt.Fprintf(out, "    ? %s  %d ms\n", x.Text, x.DurationMS)
		}
		for _, line := range b.facts(p) {
			fmt.Fprintf(out, "  %s: %s\n", line[0], strings.ReplaceAll(line[1], "\n", "\n    "))
		}
	}
	if trip := r.RoundTrip; trip != nil {
		fmt.Fprintf(out, "\n%s %s  %d ms\n", marks[stateOf(*trip)], b.text("round-trip"), trip.DurationMS)
		for _, s := range trip.Steps {
			fmt.Fprintf(out, "  %s %s\n", marks[s.State], s.Text)
		}
	}
	for _, d := range r.Diagnoses {
		b.findingText(out, d)
	}
	for _, name := range r.protocols() {
		lines := transcript(r.Protocols[name])
		if len(lines) > 0 {
			fmt.Fprintf(out, "\n%s\n  %s\n", b.text("transcript", "protocol", name.Title()), strings.Join(lines, "\n  "))
		}
	}
}

func (b book) findingText(out *strings.Builder, d diagnosis.Rendered) {
	fmt.Fprintf(out, "\n%s\n", d.Title)
	if note := d.Note(b.texts); note != "" {
		fmt.Fprintf(out, "%s\n", note)
	}
	fmt.Fprintf(out, "%s\n", d.Explanation)
	for _, step := range diagnosis.Steps(b.texts, d.Fix) {
		fmt.Fprintf(out, "  %-2s %s\n", step.Label(), step.Text)
	}
	for _, line := range b.details(d) {
		fmt.Fprintf(out, "  %s: %s\n", line[0], strings.ReplaceAll(line[1], "\n", "\n    "))
	}
	if see := b.see(d); len(see) > 0 {
		fmt.Fprintf(out, "  %s: %s\n", b.text("detail.links"), strings.Join(see, "\n    "))
	}
	if len(d.Alternatives) > 0 {
		fmt.Fprintf(out, "  %s:\n", b.texts.Text("finding.others"))
	}
	for _, a := range d.Alternatives {
		fmt.Fprintf(out, "  - %s\n    %s\n", a.Title, a.Check)
	}
}

// writeCSV is a table with one row a mailbox. Its values are those of the JSON.
func writeCSV(b book) ([]byte, error) {
	head := b.texts.List("report.columns")
	for _, p := range mailbox.Protocols() {
		head = append(head, string(p))
	}
	rows := [][]string{append(head, b.texts.List("report.columns-after")...)}
	for _, r := range b.records {
		row := []string{r.Mailbox, r.Address, strconv.FormatBool(r.OK), r.Started, strconv.FormatInt(r.DurationMS, 10)}
		for _, p := range mailbox.Protocols() {
			state := ""
			if tested, ok := r.Protocols[p]; ok {
				state = string(stateOf(tested))
			}
			row = append(row, state)
		}
		cause, title := "", ""
		if len(r.Diagnoses) > 0 {
			cause, title = string(r.Diagnoses[0].Cause), r.Diagnoses[0].Title
		}
		rows = append(rows, append(row, cause, title, string(r.life.State), cell(r.life.Ends), cell(r.life.Secret.Ends)))
	}
	return table.Sheet(rows, b.texts.Language())
}
