package mailtest

import (
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"
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

var _ = checking(SMTP, func(s surroundings) Check { return &smtpDialog{surroundings: s} })

// smtpDialog is SMTP (RFC 5321, 3207, 4954).
type smtpDialog struct {
	surroundings
	extensions []string // as the server lists them
	longLines  bool     // the server takes a token in one line
	left       bool     // RSET and QUIT are on their way
}

func (d *smtpDialog) greet() error {
	code, lines, err := d.reply()
	if err != nil {
		return err
	}
	d.fact(FactGreeting, d.wire.log.mask(strings.Join(lines, "\n")))
	if code != 220 {
		return d.refusedBy(lines)
	}
	d.longLines = !d.shortLines && (publicHost(d.server.Host) || strings.Contains(lines[0], exchangeGreeting))
	if !d.startTLSFirst() {
		return nil
	}
	if err := d.hello(); err != nil {
		return err
	}
	d.fact(FactCapabilities, d.shownWords(d.extensions))
	return nil
}

// hello asks for the extensions. An old server without EHLO has none.
func (d *smtpDialog) hello() error {
	lines, err := d.command(250, "EHLO "+d.name())
	if code, _, _ := strings.Cut(words(err), " "); code == "500" || code == "502" {
		lines, err = d.command(250, "HELO "+d.name())
	}
	if err != nil {
		return err
	}
	d.extensions = nil
	for _, l := range lines[1:] {
		d.extensions = append(d.extensions, strings.TrimLeft(l[len("250"):], "- "))
	}
	return nil
}

// extension is what stands behind an extension's name, in upper case.
func (d *smtpDialog) extension(name string) (parameters []string, known bool) {
	for _, e := range d.extensions {
		if words := strings.Fields(strings.ToUpper(e)); len(words) > 0 && words[0] == name {
			return words[1:], true
		}
	}
	return nil, false
}

// name is how we introduce ourselves: our address in brackets, which RFC
// 5321, section 4.1.3, has for hosts without a name of their own.
func (d *smtpDialog) name() string {
	addr, ok := d.wire.LocalAddr().(*net.TCPAddr)
	if !ok {
		return "localhost"
	}
	ip, ok := netip.AddrFromSlice(addr.IP)
	switch ip = ip.Unmap().WithZone(""); {
	case !ok:
		return "localhost"
	case ip.Is6():
		return "[IPv6:" + ip.String() + "]"
	}
	return "[" + ip.String() + "]"
}

// command sends a command.
func (d *smtpDialog) command(want int, line string) ([]string, error) {
	if err := d.wire.send(line); err != nil {
		return nil, d.broken(err)
	}
	return d.answer(want)
}

// answer reads the reply to a command.
func (d *smtpDialog) answer(want int) ([]string, error) {
	code, lines, err := d.reply()
	if err != nil {
		return nil, err
	}
	if code != want {
		return nil, d.refusedBy(lines)
	}
	return lines, nil
}

// refusedBy makes a refusal of a reply, with its code once.
func (d *smtpDialog) refusedBy(lines []string) error {
	var texts []string
	for _, l := range lines {
		texts = append(texts, l[min(len("250 "), len(l)):])
	}
	return d.refused(strings.TrimSpace(lines[0][:len("250")] + " " + strings.Join(texts, "\n")))
}

// reply reads a reply of one or more lines, which all have one code (RFC 5321,
// section 4.2.1).
func (d *smtpDialog) reply() (code int, lines []string, err error) {
	for {
		line, err := d.wire.readLine()
		if err != nil {
			return 0, nil, d.broken(err)
		}
		its, last, ok := replyLine(line)
		if !ok || lines != nil && its != code {
			return 0, nil, d.nonsense(line)
		}
		code, lines = its, append(lines, line)
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
	if _, can := d.extension("STARTTLS"); !can {
		return errNoSTARTTLS
	}
	_, err := d.command(220, "STARTTLS")
	return err
}

func (d *smtpDialog) offers() ([]string, bool, error) {
	if err := d.hello(); err != nil {
		return nil, false, err
	}
	mechanisms, _ := d.extension("AUTH")
	return d.shownWords(mechanisms), true, nil
}

func (d *smtpDialog) password(offered []string, _ bool) (string, bool) {
	for _, m := range []string{mechPlain, mechLogin} {
		if slices.Contains(offered, m) {
			return m, true
		}
	}
	return mechPlain, false
}

func (d *smtpDialog) signIn(mechanism string, id identity) error {
	x, longest := newExchange(mechanism, id), maxCommand
	if d.longLines {
		longest = maxAuth
	}
	if mechanism != mechLogin { // LOGIN has no initial response
		x.withInitial(longest)
	}
	err := d.exchange(x, "AUTH", d.say)
	if err != nil && x.initial && x.line() > maxCommand && (unread(words(err)) || d.wire.err != nil) {
		return fmt.Errorf("%w: %w", errLongLine, err)
	}
	return err
}

// say sends a line of a sign-in.
func (d *smtpDialog) say(line string) (challenge string, asks bool, err error) {
	if err := d.wire.send(line); err != nil {
		return "", false, d.broken(err)
	}
	code, lines, err := d.reply()
	switch {
	case err != nil, code == 235:
		return "", false, err
	case code == 334:
		return strings.TrimSpace(lines[0][len("334"):]), true, nil
	}
	return "", false, d.refusedBy(lines)
}

// unread tells the refusal of a line that is too long, or cut off.
func unread(refusal string) bool {
	code, rest, _ := strings.Cut(refusal, " ")
	return code == "500" || code == "501" || strings.HasPrefix(code, "5") && strings.HasPrefix(rest, "5.5.")
}

// look asks whether the sender may send, and takes it back. Where the server
// takes commands together (RFC 2920) the goodbye goes along: nothing depends
// on an answer.
func (d *smtpDialog) look() error {
	if d.message != nil {
		_, err := d.deliver(letter{from: d.sender, to: d.message.To, text: d.message.encode(d.sender, time.Now())})
		return err
	}
	commands := []string{"MAIL FROM:<" + d.sender + ">", "RSET", "QUIT"}
	if _, d.left = d.extension("PIPELINING"); !d.left {
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
		_, _ = d.command(250, "RSET")
	}
	return nil
}

func (d *smtpDialog) quit() bool {
	if !d.left {
		_, err := d.command(221, "QUIT")
		return err == nil
	}
	_, _, toReset := d.reply()
	_, err := d.answer(221)
	return toReset == nil && err == nil
}
