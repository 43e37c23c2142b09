package diagnosis

import (
	"strconv"
	"strings"

	"mailgrant/internal/i18n"
	"mailgrant/internal/redact"
)

// placeholders are all that the texts of causes use. Each stands behind the
// noun it names ("the mailbox {mailbox}"), so that a sentence stays whole
// where a value is not known and the place remains empty.
var placeholders = []string{"mailbox", "user", "account", "host", "port", "protocol", "issuer", "names", "until", "found", "proxy", "client", "tenant"}

// argsOf fills the placeholders from what the caller knows.
func argsOf(in Input) i18n.Args {
	e := &in.Evidence
	args := i18n.Args{
		"mailbox": firstOf(e.SharedMailbox, e.Sender, e.User), "user": firstOf(e.SASLUser, e.User), "host": e.Host,
		"client": e.ClientID, "tenant": e.Tenant, "proxy": e.Proxy, "account": e.Account,
	}
	if e.Claims != nil && e.Claims.User != "" {
		args["account"] = e.Claims.User
	}
	if e.Port != 0 {
		args["port"] = strconv.Itoa(e.Port)
	}
	args["protocol"] = map[Phase]string{PhaseIMAP: "IMAP", PhasePOP3: "POP", PhaseSMTP: "SMTP"}[in.Phase]
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
		if key := "diag.default." + name; t.Has(key) {
			args[name] = t.Text(key)
		}
	}
	for name, value := range d.Args {
		args[name] = value
	}
	return args
}

// tidy closes the gaps that empty values leave.
var tidy = strings.NewReplacer("   ", " ", "  ", " ", " .", ".", " ,", ",", " :", ":", " ;", ";", " )", ")", "( ", "(", " ?", "?").Replace

// text and list look up one of the cause's texts.
func (d Diagnosis) text(t *i18n.Texts, part string) string {
	return strings.TrimSpace(tidy(t.Text("diag."+string(d.Cause)+"."+part, d.fill(t))))
}

func (d Diagnosis) list(t *i18n.Texts, part string) []string {
	key := "diag." + string(d.Cause) + "." + part
	lines := t.List(key, d.fill(t))
	if more := key + "-proxy"; d.Args["proxy"] != "" && t.Has(more) {
		lines = append(lines, t.Text(more, d.fill(t))) // what only matters behind a proxy
	}
	for i, line := range lines {
		lines[i] = strings.TrimSpace(tidy(line))
	}
	return lines
}
