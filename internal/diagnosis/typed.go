package diagnosis

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"strings"
	"syscall"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-smtp"
	"golang.org/x/oauth2"

	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
)

// wordsOf writes a typed error the way the server said it, so that the rules
// find its codes.
func wordsOf(err error) string {
	var imapErr *imap.Error
	var smtpErr *smtp.SMTPError
	var oauthErr *oauth2.RetrieveError
	switch {
	case errors.As(err, &imapErr):
		if imapErr.Code != "" {
			return fmt.Sprintf("%s [%s] %s", imapErr.Type, imapErr.Code, imapErr.Text)
		}
		return fmt.Sprintf("%s %s", imapErr.Type, imapErr.Text)
	case errors.As(err, &smtpErr):
		if c := smtpErr.EnhancedCode; c[0] > 0 {
			return fmt.Sprintf("%d %d.%d.%d %s", smtpErr.Code, c[0], c[1], c[2], smtpErr.Message)
		}
		return fmt.Sprintf("%d %s", smtpErr.Code, smtpErr.Message)
	case errors.As(err, &oauthErr):
		if len(oauthErr.Body) > 0 {
			return string(oauthErr.Body)
		}
		return strings.TrimSpace(oauthErr.ErrorCode + ": " + oauthErr.ErrorDescription)
	}
	return err.Error()
}

// typed names the sign or the cause that the kind of an error or the bytes
// received prove; nothing if the words have to tell.
func typed(in Input) (sign string, f *facts, args i18n.Args) {
	f = (&facts{in: in, clue: map[string]bool{}}).infer()
	if sign, args = f.certificate(); sign != "" {
		return sign, f, args
	}
	if sign, args = bytesSay(in); sign != "" {
		return sign, f, args
	}
	if in.Err == nil {
		return "", f, nil
	}
	return f.network(in.Err), f, nil
}

func (f *facts) network(err error) string {
	var header tls.RecordHeaderError
	var dns *net.DNSError
	var errno syscall.Errno
	switch {
	case errors.Is(err, context.Canceled):
		return string(CauseCancelled)
	case errors.As(err, &header):
		return "no-tls-at-port"
	case viaProxy(err):
		return string(CauseProxyUnreachable)
	case errors.As(err, &dns):
		if dns.IsNotFound {
			return "name-unknown"
		}
		return "name-not-answered"
	case errors.As(err, &errno):
		return f.bySystem(errno, err)
	case isTimeout(err):
		return f.timedOut(err)
	case f.is("oauth") && (errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)): // where a mail server's words may say why
		return "connection-cut"
	}
	return ""
}

// bySystem looks at the system's error number. Windows sockets have numbers
// of their own, which no other system uses.
func (f *facts) bySystem(errno syscall.Errno, err error) string {
	switch {
	case errno == syscall.ECONNREFUSED, errno == 10061:
		return "connection-refused"
	case errno == syscall.ETIMEDOUT, errno == 10060:
		return f.timedOut(err)
	case errno == syscall.EHOSTUNREACH, errno == syscall.ENETUNREACH, errno == 10065, errno == 10051:
		return "no-route"
	case errno == syscall.ECONNRESET, errno == syscall.EPIPE, errno == syscall.ECONNABORTED, errno == 10054, errno == 10053:
		return "connection-cut"
	case errno == syscall.EACCES && isDial(err), errno == syscall.EPERM && isDial(err), errno == 10013:
		return string(CausePortBlocked)
	}
	return ""
}

// timedOut: before the connection stands, something drops the packets; later
// the server is silent.
func (f *facts) timedOut(err error) string {
	switch {
	case f.in.Step == "resolve":
		return "name-not-answered"
	case f.in.Step == "connect" || f.in.Step == "" && isDial(err):
		return "connect-timed-out"
	}
	return "server-silent"
}

func isTimeout(err error) bool {
	var t interface{ Timeout() bool }
	return errors.Is(err, context.DeadlineExceeded) || errors.As(err, &t) && t.Timeout()
}

func isDial(err error) bool {
	var op *net.OpError
	return errors.As(err, &op) && op.Op == "dial"
}

// viaProxy: net/http names the operation when the proxy itself fails.
func viaProxy(err error) bool {
	var op *net.OpError
	return errors.As(err, &op) && op.Op == "proxyconnect"
}

func addressIsIPv6(err error) bool {
	var op *net.OpError
	if !errors.As(err, &op) || op.Addr == nil {
		return false
	}
	host, _, splitErr := net.SplitHostPort(op.Addr.String())
	ip := net.ParseIP(host)
	return splitErr == nil && ip != nil && ip.To4() == nil
}

// dnsName is the host an error is about, as far as it says so.
func dnsName(err error) string {
	var dns *net.DNSError
	if errors.As(err, &dns) {
		return dns.Name
	}
	var u *url.Error
	if errors.As(err, &u) {
		if parsed, parseErr := url.Parse(u.URL); parseErr == nil {
			return parsed.Hostname()
		}
	}
	return ""
}

// speaker tells from the first bytes who is there.
func speaker(b []byte) string {
	switch {
	case len(b) >= 3 && (b[0] == 0x15 || b[0] == 0x16) && b[1] == 3:
		return "TLS"
	case bytes.HasPrefix(b, []byte("HTTP/")), bytes.HasPrefix(bytes.TrimSpace(b), []byte("<")):
		return "HTTP"
	case bytes.HasPrefix(b, []byte("SSH-")):
		return "SSH"
	case bytes.HasPrefix(b, []byte("* ")):
		return "IMAP"
	case bytes.HasPrefix(b, []byte("+OK")), bytes.HasPrefix(b, []byte("-ERR")):
		return "POP3"
	case len(b) >= 4 && (bytes.HasPrefix(b, []byte("220")) || bytes.HasPrefix(b, []byte("421")) || bytes.HasPrefix(b, []byte("554"))) && (b[3] == ' ' || b[3] == '-'):
		if bytes.Contains(bytes.ToUpper(b), []byte("FTP")) && !bytes.Contains(bytes.ToUpper(b), []byte("SMTP")) {
			return "FTP"
		}
		return "SMTP"
	}
	return ""
}

// bytesSay compares who is there with who was expected.
func bytesSay(in Input) (sign string, args i18n.Args) {
	who := speaker(in.Evidence.Received)
	expected := mailbox.Protocol(in.Phase).Title()
	switch {
	case who == "":
		return "", nil
	case who == "HTTP", who == "SSH", who == "FTP":
		return "greeting-odd", i18n.Args{"found": who}
	case in.Step == "tls" && who != "TLS", who == "TLS" && in.Step != "tls", expected != "" && who != expected && who != "TLS":
		return "other-protocol-at-port", i18n.Args{"found": who}
	}
	return "", nil
}
