package practice

import (
	"crypto/tls"
	"encoding/base64"
	"errors"
	"io"
	"net"
	"strings"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"
	"github.com/emersion/go-sasl"

	"mailgrant/internal/pattern"
)

// Exchange's words, from captured sessions.
const (
	imapCaps      = "IMAP4 IMAP4rev1 AUTH=PLAIN AUTH=XOAUTH2 SASL-IR UIDPLUS MOVE UNSELECT CHILDREN IDLE NAMESPACE LITERAL+"
	userDisabled  = `OK [Error="UserDisabled" AuthResult=27] AUTHENTICATE completed.`
	notConnected  = "User is authenticated but not connected."
	tooManyErrors = "* BYE Connection closed. 14\r\n"
)

// backend is the made-up machine that answers.
const backend = "FR2P281CA0042"

var (
	errIMAPAuth     = &imap.Error{Type: imap.StatusResponseTypeNo, Text: "AUTHENTICATE failed."}
	errIMAPBasic    = &imap.Error{Type: imap.StatusResponseTypeNo, Text: "AUTHENTICATE failed. Provided authentication mechanism is not supported."}
	errIMAPLogin    = &imap.Error{Type: imap.StatusResponseTypeNo, Text: "LOGIN failed."}
	errNotConnected = &imap.Error{Type: imap.StatusResponseTypeBad, Text: notConnected}
)

// serveIMAP serves IMAP on implicit TLS.
func (t *Tenant) serveIMAP(l net.Listener) error {
	server := imapserver.New(&imapserver.Options{
		Caps: imap.CapSet{
			imap.CapIMAP4rev1: {}, imap.CapNamespace: {}, imap.CapUIDPlus: {}, imap.CapMove: {}, imap.CapLiteralPlus: {}, imap.CapChildren: {},
		},
		InsecureAuth: true, // TLS is below the wire, where the library does not see it
		Logger:       t.libraryLog(),
		NewSession: func(c *imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
			return &imapSession{SessionIMAP4rev2: unconnected{}, tenant: t, wire: c.NetConn().(*imapWire)}, nil, nil
		},
	})
	return server.Serve(imapListener{l, t})
}

type imapListener struct {
	net.Listener
	tenant *Tenant
}

func (l imapListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &imapWire{Conn: tls.Server(conn, l.tenant.tlsConfig()), signedIn: "OK AUTHENTICATE completed."}, nil
}

// imapSession is a connection's state: unconnected until somebody signs in
// and has a mailbox.
type imapSession struct {
	imapserver.SessionIMAP4rev2
	tenant *Tenant
	wire   *imapWire
	store  *mailStore
}

// Login implements imapserver.Session. Exchange refuses every password.
func (s *imapSession) Login(string, string) error {
	s.tenant.linger()
	return errIMAPLogin
}

// AuthenticateMechanisms implements imapserver.SessionSASL; what is announced
// is in imapCaps.
func (s *imapSession) AuthenticateMechanisms() []string { return []string{"PLAIN", "XOAUTH2"} }

func (s *imapSession) Authenticate(mech string) (sasl.Server, error) {
	if mech != "XOAUTH2" {
		return nil, errIMAPBasic
	}
	return &xoauth2Server{login: s.enter, malformed: errIMAPAuth}, nil
}

// enter decides what a login leads to. Exchange says OK to a good token even
// if IMAP is off or the mailbox is not the token's: only the next command
// fails.
func (s *imapSession) enter(user, token string) error {
	login, ok := s.tenant.tokenLogin(user, token, permIMAP)
	s.tenant.linger()
	switch {
	case !ok:
		return errIMAPAuth
	case s.tenant.faulty(FaultIMAPOff):
		s.wire.signedIn = userDisabled
	case login.mayOpen() && !s.tenant.faulty(FaultNotConnected):
		s.store = s.tenant.box(login.target)
		s.SessionIMAP4rev2 = imapmemserver.NewUserSession(s.store.user)
	}
	return nil
}

func (s *imapSession) Select(name string, options *imap.SelectOptions) (*imap.SelectData, error) {
	s.tenant.linger()
	return s.SessionIMAP4rev2.Select(name, options)
}

// Append implements imapserver.Session; POP3 has to see the message too.
func (s *imapSession) Append(folder string, r imap.LiteralReader, options *imap.AppendOptions) (*imap.AppendData, error) {
	raw, err := io.ReadAll(r)
	switch {
	case err != nil:
		return nil, err
	case s.store == nil:
		return nil, errNotConnected
	}
	data, err := s.store.append(folder, raw, options)
	if missing, ok := errors.AsType[*imap.Error](err); ok && missing.Code == imap.ResponseCodeNonExistent {
		missing.Code = imap.ResponseCodeTryCreate
	}
	return data, err
}

// imapWire puts Exchange's words in the place of the library's, which cannot
// be configured. The library writes each answer with one call.
type imapWire struct {
	net.Conn
	signedIn string // the answer to a sign-in, without its tag
	bad      int    // commands refused as not connected
}

var imapSignedIn = pattern.New(`^(\S+) OK \[CAPABILITY [^]]*\] (?:\S+ authentication successful|Logged in)\r\n$`)

func (w *imapWire) Write(p []byte) (int, error) {
	line, last := w.say(string(p))
	if _, err := io.WriteString(w.Conn, line); err != nil {
		return 0, err
	}
	if last {
		return len(p), w.Conn.Close()
	}
	return len(p), nil
}

// say rewrites one answer; last means that the server hangs up after it.
func (w *imapWire) say(line string) (out string, last bool) {
	switch {
	case strings.HasPrefix(line, "* OK [CAPABILITY "):
		name := base64.StdEncoding.EncodeToString([]byte(backend + ".DEUP281.PROD.OUTLOOK.COM"))
		return "* OK The Microsoft Exchange IMAP4 service is ready. [" + name + "]\r\n", false
	case strings.HasPrefix(line, "* CAPABILITY "):
		return "* CAPABILITY " + imapCaps + "\r\n", false
	case line == "* BYE Logging out\r\n":
		return "* BYE Microsoft Exchange Server IMAP4 server signing off.\r\n", false
	case strings.HasSuffix(line, " BAD "+notConnected+"\r\n"):
		w.bad++
		if w.bad == 2 {
			return line + tooManyErrors, true
		}
	case imapSignedIn().MatchString(line):
		return imapSignedIn().ReplaceAllString(line, "${1} ") + w.signedIn + "\r\n", false
	}
	return line, false
}

// unconnected is a session without a mailbox: every command fails. Those that
// need a selected folder the library refuses by itself, so they are not here.
type unconnected struct{ imapserver.SessionIMAP4rev2 }

func (unconnected) Close() error                                     { return nil }
func (unconnected) Poll(*imapserver.UpdateWriter, bool) error        { return nil }
func (unconnected) Create(string, *imap.CreateOptions) error         { return errNotConnected }
func (unconnected) Delete(string) error                              { return errNotConnected }
func (unconnected) Rename(string, string, *imap.RenameOptions) error { return errNotConnected }
func (unconnected) Subscribe(string) error                           { return errNotConnected }
func (unconnected) Unsubscribe(string) error                         { return errNotConnected }
func (unconnected) Namespace() (*imap.NamespaceData, error)          { return nil, errNotConnected }

func (unconnected) Idle(*imapserver.UpdateWriter, <-chan struct{}) error { return errNotConnected }

func (unconnected) Select(string, *imap.SelectOptions) (*imap.SelectData, error) {
	return nil, errNotConnected
}

func (unconnected) List(*imapserver.ListWriter, string, []string, *imap.ListOptions) error {
	return errNotConnected
}

func (unconnected) Status(string, *imap.StatusOptions) (*imap.StatusData, error) {
	return nil, errNotConnected
}
