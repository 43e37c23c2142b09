package diagnosis

import (
	"strings"
	"testing"
)

// FuzzPowerShellQuoting: PowerShell reads the value back, and nothing of it
// gets out of the string.
func FuzzPowerShellQuoting(f *testing.F) {
	for _, seed := range []string{
		"helpdesk@contoso.test", "o'neill@contoso.test", "'; Remove-Mailbox x; '", "\u2018\u2019\u201a\u201b", "a\nb\r\nc", "`$(calc)", "\u0085\u2028", "\u201b'\u2018'", "\xff'", "'''", "",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, value string) {
		quoted := quote(value, "value")
		read, rest, ok := readPowerShell(quoted)
		if !ok || rest != "" {
			t.Fatalf("%q becomes %s, which leaves %q", value, quoted, rest)
		}
		if value != "" && read != plainOf(value) {
			t.Fatalf("%q is read back as %q", value, read)
		}
		e := Evidence{User: value, SharedMailbox: value, ClientID: value}
		for _, c := range []Cause{CauseEXOProtocolDisabledMailbox, "exo-mailbox-permission-missing", "shared-mailbox-smtp-user", "exo-service-principal-missing"} {
			if command := outside(t, entryOf(c).commandFor(&facts{phase: PhaseIMAP, in: Input{Evidence: e}})); strings.ContainsAny(command, ";`(){}\"&\r\n\x00") {
				t.Errorf("outside of its strings the command is %q", command)
			}
		}
	})
}

// isQuote is what PowerShell's reader takes for a single quote (about_Quoting_Rules).
func isQuote(r rune) bool { return r == '\'' || r >= '\u2018' && r <= '\u201b' }

// readPowerShell reads one verbatim string at the beginning of a text: of two
// quotes in a row the second one counts, a single one ends the string.
func readPowerShell(text string) (value, rest string, ok bool) {
	runes := []rune(text)
	if len(runes) == 0 || !isQuote(runes[0]) {
		return "", text, false
	}
	var b strings.Builder
	for i := 1; i < len(runes); i++ {
		if !isQuote(runes[i]) {
			b.WriteRune(runes[i])
			continue
		}
		if i+1 < len(runes) && isQuote(runes[i+1]) {
			i++
			b.WriteRune(runes[i])
			continue
		}
		return b.String(), string(runes[i+1:]), true
	}
	return "", text, false
}

// outside returns a command without its strings.
func outside(t *testing.T, command string) string {
	t.Helper()
	var b strings.Builder
	for command != "" {
		i := strings.IndexFunc(command, isQuote)
		if i < 0 {
			return b.String() + command
		}
		b.WriteString(command[:i])
		_, rest, ok := readPowerShell(command[i:])
		if !ok {
			t.Fatalf("a string does not end: %s", command)
		}
		command = rest
	}
	return b.String()
}

// plainOf is a value without what has no place in one line.
func plainOf(value string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r == '\u0085' || r == '\u2028' || r == '\u2029' {
			return -1
		}
		return r
	}, value)
}
