package diagnosis

import (
	"cmp"
	"maps"
	"strconv"
	"strings"

	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/redact"
)

// placeholders are all that the texts of causes use. Each stands behind the
// noun it names ("the mailbox {mailbox}"), so that a sentence stays whole
// where a value is not known and the place remains empty.
var placeholders = []string{"mailbox", "user", "account", "host", "port", "protocol", "issuer", "names", "until", "found", "proxy", "client", "tenant", "file"}

// args are the values of the placeholders, as far as they are known.
func (f *facts) args() i18n.Args {
	e := &f.in.Evidence
	args := i18n.Args{
		"mailbox": f.mailbox(), "user": cmp.Or(e.SASLUser, e.User), "host": cmp.Or(e.Host, dnsName(f.in.Err)), "client": e.ClientID, "tenant": e.Tenant, "as": e.As,
		"proxy": e.Proxy, "account": f.signedInAs(), "protocol": mailbox.Protocol(f.phase).Title(),
	}
	if e.Port != 0 {
		args["port"] = strconv.Itoa(e.Port)
	}
	if f.clue["powershell"] {
		args["powershell"] = "yes"
	}
	return safe(args)
}

// safe makes values fit to be shown: they may come from a certificate, a
// token or a file of somebody else.
func safe(args i18n.Args) i18n.Args {
	out := i18n.Args{}
	for name, value := range args {
		value = strings.NewReplacer("{", "(", "}", ")").Replace(redact.Line(value))
		if r := []rune(value); len(r) > 120 {
			value = string(r[:119]) + "…"
		}
		if value != "" {
			out[name] = value
		}
	}
	return out
}

// fill completes the arguments: unknown values leave no trace, or are said
// to be unknown where a sentence ends in them.
func (d Diagnosis) fill(t *i18n.Texts) i18n.Args {
	args := i18n.Args{}
	for _, name := range placeholders {
		args[name] = ""
		if key := "finding.default." + name; t.Has(key) {
			args[name] = t.Text(key)
		}
	}
	maps.Copy(args, d.Args)
	return args
}

// tidy closes the gaps that empty values leave.
var tidy = strings.NewReplacer("   ", " ", "  ", " ", " .", ".", " ,", ",", " :", ":", " ;", ";", " )", ")", "( ", "(", " ?", "?").Replace

// languages and textParts are what the texts of a cause are made of: its
// name, what it means, the steps that mend it, and how to tell it from others.
var (
	languages = []string{string(i18n.English), string(i18n.German)}
	textParts = []string{"title", "text", "fix", "tell"}
)

// instead is the word for a step that can be taken instead of the one before;
// it is read with the steps.
const instead = "instead"

// textLine is a line of a text, with its conditions.
type textLine struct {
	ruled
	instead bool
}

// texts reads one part of a cause's texts in one language, as it stands.
func (e *entry) texts(lang i18n.Language, part string) (lines []textLine) {
	for line := range strings.Lines(e.block) {
		verb, value, _ := strings.Cut(strings.TrimSpace(line), " ")
		own, ok := strings.CutPrefix(verb, string(lang)+".")
		if ok && (own == part || own == instead && part == "fix") {
			conditions, value, _ := readWhen(value)
			lines = append(lines, textLine{ruled{conditions, value}, own == instead})
		}
	}
	return lines
}

// list returns one part of the cause's texts with its values filled in.
func (d Diagnosis) list(t *i18n.Texts, part string) []string {
	var out []string
	args := d.fill(t)
	f := &facts{phase: d.Phase, provider: d.provider, clue: map[string]bool{"entra": len(entraLinks(d)) > 0}}
	f.in.Evidence = Evidence{Host: d.Args["host"], Proxy: d.Args["proxy"], User: d.Args["user"], Sender: d.Args["mailbox"], As: d.Args["as"]}
	for name := range d.Args { // by which the code that made it says more than a cause does
		f.clue[name] = true
	}
	step := false // of which the lines that follow are alternatives is shown
	for _, line := range entryOf(d.Cause).texts(t.Language(), part) {
		if step = step && line.instead; !line.when.holds(f) {
			continue
		}
		text := strings.TrimSpace(tidy(i18n.Fill(line.value, args)))
		if step {
			text = insteadOf(t, text)
		}
		out, step = append(out, text), true
	}
	return out
}

func (d Diagnosis) text(t *i18n.Texts, part string) string {
	return strings.Join(d.list(t, part), " ")
}
