package mailtest

import (
	"strings"
)

// deliver hands a letter over and returns the server's words of consent. A
// refusal after the text, as Exchange gives for a sender that is not the
// account's, is told like any other.
func (d *smtpDialog) deliver(l letter) (string, error) {
	for _, c := range []struct {
		line string
		want int
	}{{"MAIL FROM:<" + l.from + ">", 250}, {"RCPT TO:<" + l.to + ">", 250}, {"DATA", 354}} {
		if _, err := d.command(c.want, c.line); err != nil {
			return "", err
		}
	}
	// A dot at the beginning of a line is doubled (RFC 5321, section 4.5.2).
	text := strings.ReplaceAll(strings.TrimSuffix(l.text, "\r\n"), "\r\n.", "\r\n..")
	lines, err := d.command(250, text+"\r\n.")
	return strings.Join(lines, "\n"), err
}
