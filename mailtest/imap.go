package mailtest

import (
	"slices"
	"strconv"
	"strings"
)

var _ = checking(IMAP, func(s surroundings) Check { return &imapDialog{surroundings: s} })

// imapDialog is IMAP (RFC 3501). A test sends nothing that changes a mailbox.
type imapDialog struct {
	surroundings
	capabilities []string // in upper case; nil: the server has not told yet
	tags         int      // given out since the sign-in
	messages     int      // in the folder that is open
	logout       string   // the tag of LOGOUT, once that was sent
}

func (d *imapDialog) greet() error {
	line, err := d.wire.readLine()
	if err != nil {
		return d.broken(err)
	}
	status, text, untagged := imapStatus(line)
	if !untagged {
		return d.nonsense("the first line is " + line)
	}
	d.fact(FactGreeting, d.wire.log.mask(text))
	switch status {
	case "OK":
	case "BYE":
		return d.refused("BYE " + text)
	default: // PREAUTH leaves nothing to test, and must not be trusted before TLS
		return d.nonsense("the first line is " + line)
	}
	// RFC 3501, section 7.1: a greeting may save the question.
	if code, _, found := strings.Cut(text, "]"); found {
		d.learn(strings.CutPrefix(strings.ToUpper(code), "[CAPABILITY "))
	}
	if !d.startTLSFirst() {
		return nil
	}
	return d.ask("A1")
}

// imapStatus reads "* OK text".
func imapStatus(line string) (status, text string, untagged bool) {
	rest, ok := strings.CutPrefix(line, "* ")
	if !ok {
		return "", "", false
	}
	status, text, _ = strings.Cut(rest, " ")
	return strings.ToUpper(status), text, true
}

// learn takes a list of capabilities in; there may be several.
func (d *imapDialog) learn(list string, told bool) {
	if told {
		d.capabilities = d.shownWords(append(d.capabilities, strings.Fields(list)...))
		d.fact(FactCapabilities, d.capabilities)
	}
}

// ask asks for the capabilities, unless the server has told them already.
func (d *imapDialog) ask(tag string) error {
	if d.capabilities != nil {
		return nil
	}
	lines, _, err := d.command(tag, "CAPABILITY")
	for _, l := range lines {
		d.learn(strings.CutPrefix(strings.ToUpper(l.text), "* CAPABILITY "))
	}
	return err
}

func (d *imapDialog) startTLS() error {
	if !slices.Contains(d.capabilities, "STARTTLS") {
		return errNoSTARTTLS
	}
	_, _, err := d.command("A2", "STARTTLS")
	// What was told without encryption is void (RFC 3501, section 6.2.1).
	d.capabilities = nil
	return err
}

func (d *imapDialog) offers() ([]string, bool, error) {
	if err := d.ask("A3"); err != nil {
		return nil, false, err
	}
	var mechanisms []string
	for _, c := range d.capabilities {
		if m, found := strings.CutPrefix(c, "AUTH="); found {
			mechanisms = append(mechanisms, m)
		}
	}
	slices.Sort(mechanisms)
	if !slices.Contains(d.capabilities, "LOGINDISABLED") {
		mechanisms = append(mechanisms, loginCommand)
	}
	return mechanisms, true, nil
}

func (d *imapDialog) password(offered []string, _ bool) (string, bool) {
	for _, m := range []string{mechPlain, loginCommand, mechLogin} {
		if slices.Contains(offered, m) {
			return m, true
		}
	}
	return loginCommand, false
}

func (d *imapDialog) signIn(mechanism string, id identity) error {
	tag, done := d.tag(), ""
	say := func(line string) (challenge string, asks bool, err error) {
		if err := d.wire.send(line); err != nil {
			return "", false, d.broken(err)
		}
		_, done, err = d.hear(tag)
		challenge, asks = strings.CutPrefix(done, "+")
		return strings.TrimSpace(challenge), asks, err
	}
	if mechanism == loginCommand {
		lines := loginLines(id)
		lines[0] = tag + " " + lines[0]
		for i, line := range lines {
			_, asks, err := say(line)
			if err != nil {
				return err
			}
			if more := i+1 < len(lines); asks != more {
				return d.nonsense(done)
			}
		}
		return d.contradicted(done)
	}
	x := newExchange(mechanism, id)
	if mechanism != mechLogin && slices.Contains(d.capabilities, "SASL-IR") { // LOGIN has no initial response
		x.withInitial(0)
	}
	if err := d.exchange(x, tag+" AUTHENTICATE", say); err != nil {
		return err
	}
	return d.contradicted(done)
}

// loginLines is the command LOGIN. What cannot stand between quotes (RFC 3501,
// section 9) begins the next line, which the server has to ask for.
func loginLines(id identity) (lines []string) {
	line := "LOGIN"
	for _, s := range []string{id.user, id.secret} {
		if strings.ContainsFunc(s, func(r rune) bool { return r == 0 || r == '\r' || r == '\n' || r > 127 }) {
			lines = append(lines, line+" {"+strconv.Itoa(len(s))+"}")
			line = s
			continue
		}
		line += ` "` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
	}
	return append(lines, line)
}

// contradicted finds the refusal that Exchange gives with an OK, as in
// OK [Error="UserDisabled" AuthResult=27] AUTHENTICATE completed.
func (d *imapDialog) contradicted(answer string) error {
	code, _, _ := strings.Cut(answer, "]")
	_, code, found := strings.Cut(code, "[")
	if !found || !strings.Contains(code, "=") {
		return nil
	}
	d.fact(FactResponseCodes, d.shownWords([]string{"[" + code + "]"}))
	if strings.Contains(code, "Error=") {
		return d.refused(answer)
	}
	return nil
}

// look opens the inbox for reading and takes its leave in the same breath:
// what LOGOUT answers does not depend on EXAMINE, so nobody waits for it.
func (d *imapDialog) look() error {
	examine := d.tag()
	d.logout = d.tag()
	if err := d.wire.send(examine+" EXAMINE INBOX", d.logout+" LOGOUT"); err != nil {
		return d.broken(err)
	}
	_, done, err := d.answer(examine)
	if err != nil {
		return err
	}
	d.fact(FactMessages, d.messages)
	return d.contradicted(done)
}

func (d *imapDialog) quit() bool {
	if d.logout == "" {
		d.logout = "A9"
		if d.tags > 0 {
			d.logout = d.tag()
		}
		if d.wire.send(d.logout+" LOGOUT") != nil {
			return false
		}
	}
	_, _, err := d.answer(d.logout)
	return err == nil || strings.HasPrefix(words(err), "BYE")
}
