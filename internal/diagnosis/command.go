package diagnosis

import (
	"cmp"
	"strings"

	"mailgrant/internal/i18n"
)

// commandFor returns the PowerShell line that mends a cause, or looks at what
// it is about: the first whose conditions hold. Every value is quoted, for it
// may come from somebody else's file.
func (e *entry) commandFor(f *facts) string {
	known := &f.in.Evidence
	for _, c := range e.commands {
		if c.when.holds(f) {
			return strings.NewReplacer(
				"{mailbox}", quote(f.mailbox(), "mailbox"),
				"{user}", quote(cmp.Or(known.User, known.Account), "user"),
				"{client}", quote(known.ClientID, "application id"),
				"{object}", quote("", "object id under Enterprise applications"),
			).Replace(c.value)
		}
	}
	return ""
}

// quote makes a PowerShell string of a value that nothing in it can leave:
// PowerShell takes the typographic quotes for the plain one, so all of them
// are doubled; line breaks and other controls have no place in an address.
// An unknown value becomes a description of what to put there.
func quote(value, what string) string {
	if value == "" {
		return "'<" + what + ">'"
	}
	var b strings.Builder
	b.WriteByte('\'')
	for _, r := range value {
		switch {
		case r < ' ', r == 0x7f, r == '\u2028', r == '\u2029', r == '\u0085':
			continue
		case r == '\'', r >= '\u2018' && r <= '\u201b':
			b.WriteRune(r)
		}
		b.WriteRune(r)
	}
	b.WriteByte('\'')
	return b.String()
}

// blanks puts the descriptions of unknown values into another language.
func blanks(t *i18n.Texts) *strings.Replacer {
	var pairs []string
	for i, what := range i18n.For(i18n.English).List("finding.blanks") {
		pairs = append(pairs, quote("", what), quote("", t.List("finding.blanks")[i]))
	}
	return strings.NewReplacer(pairs...)
}

// QuotePowerShell makes a PowerShell string of a value that nothing in it can
// leave, for commands and scripts that administrators copy.
func QuotePowerShell(value string) string { return quote(value, "value") }
