package practice

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/textproto"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"
)

const (
	pop3Line    = 16 << 10
	pop3Idle    = 10 * time.Minute // RFC 1939 section 3
	pop3Refused = "-ERR Authentication failure: unknown user name or bad password."
)

// servePOP3 serves POP3 on implicit TLS.
func (t *Tenant) servePOP3(l net.Listener) error {
	for {
		conn, err := l.Accept()
		if err != nil {
			return err
		}
		secure := tls.Server(conn, t.tlsConfig())
		go func() {
			defer secure.Close() // for which the tenant's own Close waits
			(&pop3Session{tenant: t, conn: secure}).run()
		}()
	}
}

// pop3Session is one connection (RFC 1939, SASL by RFC 5034).
type pop3Session struct {
	tenant  *Tenant
	conn    net.Conn
	in      *bufio.Reader
	store   *mailStore
	list    []message // the inbox as it was at sign-in
	deleted map[int]bool
}

// errQuit ends a session in peace.
var errQuit = errors.New("practice: pop3: quit")

func (s *pop3Session) run() {
	s.in = bufio.NewReaderSize(s.conn, pop3Line)
	name := base64.StdEncoding.EncodeToString([]byte(backend + ".DEUP281.PROD.OUTLOOK.COM"))
	err := s.say("+OK The Microsoft Exchange POP3 service is ready. [" + name + "]")
	for err == nil {
		var line string
		if line, err = s.line(); err == nil {
			err = s.command(line)
		}
	}
}

// line reads one line; one that is too long ends the session.
func (s *pop3Session) line() (string, error) {
	_ = s.conn.SetDeadline(time.Now().Add(pop3Idle)) // of one that is closed the next line tells
	line, err := s.in.ReadSlice('\n')
	return strings.TrimRight(string(line), "\r\n"), err
}

func (s *pop3Session) say(line string) error {
	_, err := io.WriteString(s.conn, line+"\r\n")
	return err
}

func (s *pop3Session) command(line string) error {
	verb, arg, _ := strings.Cut(line, " ")
	verb = strings.ToUpper(verb)
	switch {
	case verb == "QUIT":
		return s.quit()
	case verb == "CAPA":
		return s.say("+OK\r\nTOP\r\nUIDL\r\nSASL PLAIN XOAUTH2\r\nUSER\r\n.")
	case s.store == nil:
		return s.authorize(verb, arg)
	}
	return s.transact(verb, arg)
}

func (s *pop3Session) authorize(verb, arg string) error {
	switch verb {
	case "AUTH":
		return s.auth(strings.Fields(arg))
	case "USER":
		return s.say("+OK")
	case "PASS": // Exchange refuses every password
		return s.enter(mailLogin{}, false, "-ERR Logon failure: unknown user name or bad password.")
	}
	return s.say("-ERR Command is not valid in this state.")
}

// auth takes XOAUTH2 in two lines only: Exchange answers an initial response
// by hanging up.
func (s *pop3Session) auth(args []string) error {
	switch {
	case len(args) == 0:
		return s.say("+OK\r\nPLAIN\r\nXOAUTH2\r\n.")
	case len(args) > 1:
		return errors.Join(s.say("-ERR Protocol error. Connection is closed. 10"), errQuit)
	case !strings.EqualFold(args[0], "XOAUTH2"):
		return s.say("-ERR Authentication failure: mechanism is not supported.")
	}
	if err := s.say("+ "); err != nil {
		return err
	}
	line, err := s.line()
	if err != nil {
		return err
	}
	raw, err := base64.StdEncoding.DecodeString(line)
	user, token, ok := parseXOAUTH2(raw)
	if err != nil || !ok {
		return s.say(pop3Refused)
	}
	login, ok := s.tenant.tokenLogin(user, token, permPOP)
	return s.enter(login, ok, pop3Refused)
}

// enter opens the mailbox. Exchange has one answer to all that is wrong.
func (s *pop3Session) enter(login mailLogin, ok bool, refused string) error {
	s.tenant.linger()
	if !ok || !login.mayOpen() || s.tenant.faulty(FaultPOP3Off) {
		return s.say(refused)
	}
	s.store = s.tenant.box(login.target)
	s.list, s.deleted = s.store.messages(), map[int]bool{}
	return s.say("+OK User successfully authenticated.")
}

func (s *pop3Session) transact(verb, arg string) error {
	switch verb {
	case "STAT":
		s.tenant.linger()
		n, size := s.size()
		return s.say(fmt.Sprintf("+OK %d %d", n, size))
	case "LIST":
		return s.each(arg, func(m message) string { return strconv.Itoa(len(m.body)) })
	case "UIDL":
		return s.each(arg, func(m message) string { return strconv.Itoa(int(m.uid)) })
	case "RETR", "TOP":
		number, lines, _ := strings.Cut(arg, " ")
		return s.one(number, func(n int) error { return s.retrieve(s.list[n].body, verb, lines) })
	case "DELE":
		return s.one(arg, func(n int) error {
			s.deleted[n] = true
			return s.say("+OK")
		})
	case "RSET":
		clear(s.deleted)
		return s.say("+OK")
	case "NOOP":
		return s.say("+OK")
	}
	return s.say("-ERR Command is not valid in this state.")
}

func (s *pop3Session) size() (n, octets int) {
	for i, m := range s.list {
		if !s.deleted[i] {
			n++
			octets += len(m.body)
		}
	}
	return n, octets
}

// one answers what is about one message, which do gets as an index.
func (s *pop3Session) one(number string, do func(int) error) error {
	n, err := strconv.Atoi(number)
	if err != nil || n < 1 || n > len(s.list) || s.deleted[n-1] {
		return s.say("-ERR The specified message is out of range.")
	}
	return do(n - 1)
}

// each answers a listing, of one message or of all.
func (s *pop3Session) each(arg string, about func(message) string) error {
	if arg != "" {
		return s.one(arg, func(n int) error { return s.say(fmt.Sprintf("+OK %d %s", n+1, about(s.list[n]))) })
	}
	var b strings.Builder
	n, octets := s.size()
	fmt.Fprintf(&b, "+OK %d %d\r\n", n, octets)
	for i, m := range s.list {
		if !s.deleted[i] {
			fmt.Fprintf(&b, "%d %s\r\n", i+1, about(m))
		}
	}
	return s.say(b.String() + ".")
}

// retrieve sends a message, for TOP its header and so many lines.
func (s *pop3Session) retrieve(body []byte, verb, some string) error {
	if verb == "TOP" {
		lines, err := strconv.Atoi(some)
		if err != nil || lines < 0 {
			return s.say("-ERR Protocol error. 14")
		}
		body = top(body, lines)
	}
	text := textproto.NewWriter(bufio.NewWriter(s.conn))
	err := text.PrintfLine("+OK")
	dot := text.DotWriter()
	_, failed := dot.Write(body)
	return errors.Join(err, failed, dot.Close())
}

func top(body []byte, lines int) []byte {
	header, text, _ := bytes.Cut(body, []byte("\r\n\r\n"))
	kept := bytes.SplitAfterN(text, []byte("\r\n"), lines+1)
	return slices.Concat(header, []byte("\r\n\r\n"), bytes.Join(kept[:min(lines, len(kept))], nil))
}

// quit deletes what was marked, if there was a sign-in, and ends.
func (s *pop3Session) quit() error {
	var uids []imap.UID
	for i := range s.deleted {
		uids = append(uids, s.list[i].uid)
	}
	if len(uids) > 0 {
		if err := s.store.remove(uids...); err != nil {
			return errors.Join(s.say("-ERR "+err.Error()), errQuit)
		}
	}
	return errors.Join(s.say("+OK Microsoft Exchange Server POP3 server signing off."), errQuit)
}
