package mailtest

import (
	"errors"
	"slices"
	"strings"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// imapDialog is IMAP. The first words and STARTTLS are our own dialog, since
// the library shows no greeting and does the handshake out of sight; the rest
// is the library's.
type imapDialog struct {
	surroundings
	client *imapclient.Client
	quirks *imapQuirks
	canTLS bool
}

// imapGreeting is what the library gets to see of the greeting. Without the
// code it would ask for the capabilities behind our back.
const imapGreeting = "* OK [CAPABILITY IMAP4rev1] ready\r\n"

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
	if !d.startTLSFirst() {
		return nil
	}
	lines, err := d.command("A1", "CAPABILITY")
	if err != nil {
		return err
	}
	for _, l := range lines {
		if caps, found := strings.CutPrefix(strings.ToUpper(l), "* CAPABILITY "); found {
			words := strings.Fields(caps)
			d.fact(FactCapabilities, d.shownWords(words))
			d.canTLS = slices.Contains(words, "STARTTLS")
		}
	}
	return nil
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

// command sends one command of our own and returns the untagged lines.
func (d *imapDialog) command(tag, command string) ([]string, error) {
	if err := d.wire.send(tag + " " + command); err != nil {
		return nil, d.broken(err)
	}
	var lines []string
	for {
		line, err := d.wire.readLine()
		if err != nil {
			return nil, d.broken(err)
		}
		if strings.HasPrefix(line, "* ") {
			lines = append(lines, line)
			continue
		}
		got, rest, _ := strings.Cut(line, " ")
		status, _, _ := strings.Cut(rest, " ")
		switch {
		case got != tag:
			return nil, d.nonsense("answer to no question: " + line)
		case strings.EqualFold(status, "OK"):
			return lines, nil
		case strings.EqualFold(status, "NO"), strings.EqualFold(status, "BAD"):
			return nil, d.refused(rest)
		}
		return nil, d.nonsense(line)
	}
}

func (d *imapDialog) startTLS() error {
	if !d.canTLS {
		return errNoSTARTTLS
	}
	_, err := d.command("A2", "STARTTLS")
	return err
}

func (d *imapDialog) offers() ([]string, bool, error) {
	d.quirks = &imapQuirks{}
	d.wire.hand(imapGreeting, d.quirks)
	d.client = imapclient.New(d.wire, nil)
	if err := d.client.WaitGreeting(); err != nil {
		return nil, false, d.broken(err)
	}
	caps, err := d.client.Capability().Wait()
	if err != nil {
		return nil, false, d.explained(err, nil, nil)
	}
	var words, mechanisms []string
	for c := range caps {
		words = append(words, string(c))
	}
	slices.Sort(words)
	d.fact(FactCapabilities, d.shownWords(words))
	for _, m := range caps.AuthMechanisms() {
		mechanisms = append(mechanisms, strings.ToUpper(m))
	}
	mechanisms = d.shownWords(mechanisms)
	slices.Sort(mechanisms)
	if !caps.Has(imap.CapLoginDisabled) {
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
	var (
		err error
		x   *exchange
	)
	if mechanism == loginCommand {
		err = d.client.Login(id.user, id.secret).Wait()
	} else {
		x = newExchange(mechanism, id)
		if mechanism != mechLogin { // LOGIN has no initial response
			x.withInitial(0)
		}
		err = d.client.Authenticate(x)
	}
	codes := d.taken()
	if len(codes) > 0 {
		d.fact(FactResponseCodes, d.shownWords(codes))
	}
	if err != nil {
		return d.explained(err, x, codes)
	}
	// Exchange says OK and gives the refusal in a code, as in
	// OK [Error="UserDisabled" AuthResult=27] AUTHENTICATE completed.
	for _, c := range codes {
		if strings.Contains(c, "Error=") {
			return d.refused("OK " + c + " AUTHENTICATE completed.")
		}
	}
	return nil
}

// explained turns the library's error into the server's words or ours.
func (d *imapDialog) explained(err error, x *exchange, codes []string) error {
	var no *imap.Error
	if !errors.As(err, &no) {
		if bye := d.farewell(); bye != "" {
			return d.refused(bye)
		}
		return d.broken(err)
	}
	words := []string{string(no.Type)}
	if no.Code != "" {
		words = append(words, "["+string(no.Code)+"]")
	}
	text := strings.Join(append(append(words, codes...), no.Text), " ")
	if x != nil && x.explained != "" {
		text += "\n" + x.explained
	}
	return d.refused(text)
}

func (d *imapDialog) look() error {
	data, err := d.client.Select("INBOX", &imap.SelectOptions{ReadOnly: true}).Wait()
	codes := d.taken()
	if len(codes) > 0 {
		d.fact(FactResponseCodes, d.shownWords(codes))
	}
	if err != nil {
		return d.explained(err, nil, codes)
	}
	d.fact(FactMessages, int(data.NumMessages))
	return nil
}

func (d *imapDialog) quit() bool {
	if d.client != nil {
		return d.client.Logout().Wait() == nil || d.farewell() != ""
	}
	_, err := d.command("A9", "LOGOUT")
	return err == nil
}

func (d *imapDialog) close() {
	if d.client != nil {
		_ = d.client.Close()
		return
	}
	_ = d.wire.Close()
}

// taken returns the codes that were taken out since the last call.
func (d *imapDialog) taken() []string {
	d.wire.mu.Lock()
	defer d.wire.mu.Unlock()
	codes := d.quirks.codes
	d.quirks.codes = nil
	return codes
}

// farewell is the server's BYE, or "".
func (d *imapDialog) farewell() string {
	d.wire.mu.Lock()
	defer d.wire.mu.Unlock()
	return d.quirks.bye
}
