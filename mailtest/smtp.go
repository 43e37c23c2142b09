package mailtest

import (
	"errors"
	"fmt"
	"net"
	"slices"
	"strconv"
	"strings"

	"github.com/emersion/go-smtp"
)

const (
	// maxCommand is the longest SMTP command line, with its line break (RFC
	// 5321, section 4.5.3.1.4). A longer sign-in goes in two steps: Postfix
	// cuts lines off at 2048 bytes.
	maxCommand = 512
	// maxAuth is the longest AUTH line, where a server keeps to RFC 4954,
	// section 4.
	maxAuth = 12288
)

// exchangeGreeting stands in the greeting of Exchange Online, by whatever name
// it is reached.
const exchangeGreeting = " Microsoft ESMTP "

// smtpGreeting is what the library gets to see of the greeting.
const smtpGreeting = "220 ready\r\n"

var _ = checking(SMTP, func(s surroundings) Check { return &smtpDialog{surroundings: s} })

// smtpDialog is SMTP. Greeting and STARTTLS are our own dialog, as with IMAP.
type smtpDialog struct {
	surroundings
	client    *smtp.Client
	canTLS    bool
	longLines bool // the server takes a token in one line
	left      bool // RSET and QUIT are on their way
	doubt     bool // a letter was handed over, and its verdict is lost
}

func (d *smtpDialog) greet() error {
	code, lines, err := d.reply()
	if err != nil {
		return err
	}
	d.fact(FactGreeting, d.wire.log.mask(strings.Join(lines, "\n")))
	if code != 220 {
		return d.refused(strings.Join(lines, "\n"))
	}
	d.longLines = !d.shortLines && (publicHost(d.server.Host) || strings.Contains(lines[0], exchangeGreeting))
	if !d.startTLSFirst() {
		return nil
	}
	lines, err = d.command("EHLO "+d.name(), 250)
	if err != nil {
		return err
	}
	var extensions []string
	for _, l := range lines[1:] {
		extensions = append(extensions, strings.TrimLeft(l[len("250"):], "- "))
	}
	d.fact(FactCapabilities, d.shownWords(extensions))
	d.canTLS = slices.ContainsFunc(extensions, func(e string) bool { return strings.EqualFold(strings.TrimSpace(e), "STARTTLS") })
	return nil
}

// name is how we introduce ourselves: our address in brackets, which RFC
// 5321, section 4.1.3, has for hosts without a name of their own.
func (d *smtpDialog) name() string {
	addr, ok := d.wire.LocalAddr().(*net.TCPAddr)
	if !ok {
		return "localhost"
	}
	ip := addr.AddrPort().Addr().Unmap().WithZone("")
	if ip.Is6() {
		return "[IPv6:" + ip.String() + "]"
	}
	return "[" + ip.String() + "]"
}

// command says a line and takes one of the wanted codes for consent.
func (d *smtpDialog) command(line string, want ...int) ([]string, error) {
	if err := d.wire.send(line); err != nil {
		return nil, d.broken(err)
	}
	return d.answer(want...)
}

func (d *smtpDialog) answer(want ...int) ([]string, error) {
	code, lines, err := d.reply()
	if err != nil {
		return nil, err
	}
	switch {
	case slices.Contains(want, code):
		return lines, nil
	case code < 400: // neither consent nor a refusal (RFC 5321, section 4.2.1)
		return nil, d.nonsense(lines[0])
	}
	return nil, d.refused(strings.Join(lines, "\n"))
}

func (d *smtpDialog) reply() (int, []string, error) {
	var lines []string
	for {
		line, err := d.wire.readLine()
		if err != nil {
			return 0, nil, d.broken(err)
		}
		code, last, ok := replyLine(line)
		if !ok || len(lines) > 0 && lines[0][:3] != line[:3] { // RFC 5321, section 4.2.1: one code in all lines
			return 0, nil, d.nonsense(line)
		}
		lines = append(lines, line)
		if last {
			return code, lines, nil
		}
	}
}

// replyLine reads "250-more", "250 last" or "250".
func replyLine(line string) (code int, last, ok bool) {
	if len(line) < 3 {
		return 0, false, false
	}
	code, err := strconv.Atoi(line[:3])
	if err != nil || code < 200 || code > 599 {
		return 0, false, false
	}
	if len(line) == 3 {
		return code, true, true
	}
	return code, line[3] == ' ', line[3] == ' ' || line[3] == '-'
}

func (d *smtpDialog) startTLS() error {
	if !d.canTLS {
		return errNoSTARTTLS
	}
	_, err := d.command("STARTTLS", 220)
	return err
}

func (d *smtpDialog) offers() ([]string, bool, error) {
	d.wire.hand(smtpGreeting, &smtpQuirks{})
	d.client = smtp.NewClient(d.wire)
	if err := d.client.Hello(d.name()); err != nil {
		return nil, false, d.explained(err, nil)
	}
	_, list := d.client.Extension("AUTH")
	return d.shownWords(strings.Fields(strings.ToUpper(list))), true, nil
}

func (d *smtpDialog) password(offered []string) (string, bool) {
	return firstOffered(offered, mechPlain, mechLogin)
}

func (d *smtpDialog) signIn(mechanism string, id identity) error {
	x, longest := newExchange(mechanism, id), maxCommand
	if d.longLines {
		longest = maxAuth
	}
	if mechanism != mechLogin { // LOGIN has no initial response
		x.withInitial(longest)
	}
	err := d.client.Auth(x)
	if err == nil {
		return nil
	}
	err = d.explained(err, x)
	if x.initial && x.line() > maxCommand && (unread(words(err)) || d.wire.failed() != nil) {
		return fmt.Errorf("%w: %w", errLongLine, err)
	}
	return err
}

// unread tells the refusal of a line that is too long, or cut off.
func unread(refusal string) bool {
	code, rest, _ := strings.Cut(refusal, " ")
	return code == "500" || code == "501" || strings.HasPrefix(code, "5") && strings.HasPrefix(rest, "5.5.")
}

// explained turns the library's error into the server's words or ours.
func (d *smtpDialog) explained(err error, x *exchange) error {
	var no *smtp.SMTPError
	if !errors.As(err, &no) {
		return d.broken(err)
	}
	text := strconv.Itoa(no.Code)
	if no.EnhancedCode[0] > 0 {
		text += fmt.Sprintf(" %d.%d.%d", no.EnhancedCode[0], no.EnhancedCode[1], no.EnhancedCode[2])
	}
	text += " " + no.Message
	if x != nil && x.explained != "" {
		text += "\n" + x.explained
	}
	return d.refused(text)
}

// look asks whether the sender may send, and takes it back. Where the server
// takes commands together (RFC 2920) the goodbye goes along: nothing depends
// on an answer.
func (d *smtpDialog) look() error {
	commands := []string{"MAIL FROM:<" + d.sender + ">", "RSET", "QUIT"}
	if d.left, _ = d.client.Extension("PIPELINING"); !d.left {
		commands = commands[:1]
	}
	if err := d.wire.send(commands...); err != nil {
		return d.broken(err)
	}
	if _, err := d.answer(250); err != nil {
		return err
	}
	d.fact(FactSender, d.sender)
	if !d.left {
		// What the server says to it does not matter: QUIT follows.
		_, _ = d.command("RSET", 250)
	}
	return nil
}

func (d *smtpDialog) quit() bool {
	if !d.left {
		_, err := d.command("QUIT", 221)
		return err == nil
	}
	_, _, toReset := d.reply()
	_, err := d.answer(221)
	return toReset == nil && err == nil
}

// smtpQuirks lets the library see replies only: from another line it goes on to
// read, and waits for an end that nobody owes it. And it keeps the library from
// taking back a sign-in that has ended: it says "*" after a refusal and waits for
// an answer, which some servers never give.
type smtpQuirks struct {
	asked bool
	more  int // the code of a reply whose last line is still to come, or 0
}

func (q *smtpQuirks) received(line string) (string, bool) {
	code, last, ok := replyLine(strings.TrimRight(line, "\r\n"))
	if !ok || q.more != 0 && code != q.more {
		return "", false
	}
	q.asked = code == 334
	if q.more = code; last {
		q.more = 0
	}
	return line, true
}

func (q *smtpQuirks) owes() bool { return false }

func (q *smtpQuirks) sending(line string) bool { return line != "*" || q.asked }
