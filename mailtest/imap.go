package mailtest

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

var _ = checking(IMAP, func(s surroundings) Check { return &imapDialog{surroundings: s} })

// imapDialog is IMAP. The first words, the capabilities and STARTTLS are our
// own dialog, since the library shows no greeting, asks for the capabilities
// behind our back and does the handshake out of sight; so is the round trip,
// for which it would need more of the server's words than the filter lets
// through. The rest is the library's, which reads only while it waits for an
// answer (imapFilter.owes).
type imapDialog struct {
	surroundings
	capabilities []string // in upper case; nil: the server has not told yet
	client       *imapclient.Client
	filter       *imapFilter
	tags         int                       // of our own commands
	messages     int                       // in the folder that is open
	logout       interface{ Wait() error } // sent together with EXAMINE
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
	return d.ask()
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
func (d *imapDialog) ask() error {
	if d.capabilities != nil {
		return nil
	}
	answers, err := d.do("CAPABILITY")
	for _, r := range answers {
		d.learn(strings.CutPrefix(strings.ToUpper(r.text), "* CAPABILITY "))
	}
	return err
}

func (d *imapDialog) startTLS() error {
	if !slices.Contains(d.capabilities, "STARTTLS") {
		return errNoSTARTTLS
	}
	_, err := d.do("STARTTLS")
	// What was told without encryption is void (RFC 3501, section 6.2.1).
	d.capabilities = nil
	return err
}

func (d *imapDialog) offers() ([]string, bool, error) {
	if err := d.ask(); err != nil {
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

// hand gives the connection to the library, with a greeting that tells all
// that it needs to know.
func (d *imapDialog) hand() error {
	greeting := "* OK [CAPABILITY IMAP4rev1"
	if slices.Contains(d.capabilities, "SASL-IR") {
		greeting += " SASL-IR"
	}
	d.filter = newIMAPFilter()
	d.wire.hand(greeting+"] ready\r\n", d.filter)
	d.client = imapclient.New(d.wire, nil)
	if err := d.client.WaitGreeting(); err != nil {
		return d.broken(err)
	}
	return nil
}

func (d *imapDialog) password(offered []string) (string, bool) {
	return firstOffered(offered, mechPlain, loginCommand, mechLogin)
}

func (d *imapDialog) signIn(mechanism string, id identity) error {
	err := d.hand()
	if err != nil {
		return err
	}
	x, command := &exchange{}, "AUTHENTICATE"
	if mechanism == loginCommand {
		command = "LOGIN"
		err = d.client.Login(id.user, id.secret).Wait()
	} else {
		x = newExchange(mechanism, id)
		if mechanism != mechLogin { // LOGIN has no initial response
			x.withInitial(0)
		}
		if err = d.client.Authenticate(x); err != nil {
			_ = d.wire.send("*") // the library leaves a question open (RFC 9051, section 6.2.2); see imapFilter.sending
		}
	}
	if err != nil {
		return d.explained(err, command, x.explained)
	}
	return d.contradicted(command)
}

// explained turns the library's error into the server's words or ours.
func (d *imapDialog) explained(err error, command, challenge string) error {
	answer, bye := d.heard(command)
	var no *imap.Error
	switch {
	case errors.As(err, &no) && challenge != "":
		return d.refused(answer + "\n" + challenge)
	case errors.As(err, &no):
		return d.refused(answer)
	case bye != "":
		return d.refused(bye)
	}
	return d.broken(err)
}

// contradicted finds the refusal that Exchange gives with an OK, as in
// OK [Error="UserDisabled" AuthResult=27] AUTHENTICATE completed.
func (d *imapDialog) contradicted(command string) error {
	answer, _ := d.heard(command)
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
	examine := d.client.Select("INBOX", &imap.SelectOptions{ReadOnly: true})
	d.logout = d.client.Logout()
	data, err := examine.Wait()
	if err != nil {
		return d.explained(err, "EXAMINE", "")
	}
	d.fact(FactMessages, int(data.NumMessages))
	return d.contradicted("EXAMINE")
}

func (d *imapDialog) leaving() bool { return d.logout != nil }

func (d *imapDialog) quit() bool {
	if d.client == nil {
		_, err := d.do("LOGOUT")
		return err == nil
	}
	if d.logout == nil {
		d.logout = d.client.Logout()
	}
	err := d.logout.Wait()
	_, bye := d.heard("LOGOUT")
	return err == nil || bye != ""
}

// close ends the connection. The library waits for its reader there; a reader
// that does not come back is left behind.
func (d *imapDialog) close() {
	_ = d.wire.Close()
	if d.client != nil {
		ended, end := context.WithCancel(context.Background())
		end()
		comesBack(ended, func() { _ = d.client.Close() })
	}
}

// heard returns what the server answered to a command, and its BYE.
func (d *imapDialog) heard(command string) (answer, bye string) {
	d.wire.mu.Lock()
	defer d.wire.mu.Unlock()
	return d.filter.answers[command], d.filter.bye
}
