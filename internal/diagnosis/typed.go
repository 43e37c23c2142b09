package diagnosis

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"net/url"
	"slices"
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
	if e, ok := errors.AsType[*imap.Error](err); ok {
		if e.Code != "" {
			return fmt.Sprintf("%s [%s] %s", e.Type, e.Code, e.Text)
		}
		return fmt.Sprintf("%s %s", e.Type, e.Text)
	}
	if e, ok := errors.AsType[*smtp.SMTPError](err); ok {
		if c := e.EnhancedCode; c[0] > 0 {
			return fmt.Sprintf("%d %d.%d.%d %s", e.Code, c[0], c[1], c[2], e.Message)
		}
		return fmt.Sprintf("%d %s", e.Code, e.Message)
	}
	if e, ok := errors.AsType[*oauth2.RetrieveError](err); ok {
		if len(e.Body) > 0 {
			return string(e.Body)
		}
		return strings.TrimSpace(e.ErrorCode + ": " + e.ErrorDescription)
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
	case during(err, "proxyconnect"):
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

// systemErrors are the system's numbers of what goes wrong with connections.
// Windows sockets have numbers of their own, which no other system uses.
var systemErrors = map[syscall.Errno]string{
	syscall.ECONNREFUSED: "connection-refused", 10061: "connection-refused",
	syscall.EHOSTUNREACH: "no-route", syscall.ENETUNREACH: "no-route", 10065: "no-route", 10051: "no-route",
	syscall.ECONNRESET: "connection-cut", syscall.EPIPE: "connection-cut", syscall.ECONNABORTED: "connection-cut", 10054: "connection-cut", 10053: "connection-cut",
	10013: string(CausePortBlocked),
}

func (f *facts) bySystem(errno syscall.Errno, err error) string {
	switch {
	case errno == syscall.ETIMEDOUT, errno == 10060:
		return f.timedOut(err)
	case (errno == syscall.EACCES || errno == syscall.EPERM) && during(err, "dial"):
		return string(CausePortBlocked)
	}
	return systemErrors[errno]
}

// timedOut: before the connection stands, something drops the packets; later
// the server is silent.
func (f *facts) timedOut(err error) string {
	switch {
	case f.in.Step == "resolve":
		return "name-not-answered"
	case f.in.Step == "connect" || f.in.Step == "" && during(err, "dial"):
		return "connect-timed-out"
	}
	return "server-silent"
}

func isTimeout(err error) bool {
	var t interface{ Timeout() bool }
	return errors.Is(err, context.DeadlineExceeded) || errors.As(err, &t) && t.Timeout()
}

// during tells in which operation a connection failed. net/http names the one
// with the proxy "proxyconnect".
func during(err error, operation string) bool {
	op, ok := errors.AsType[*net.OpError](err)
	return ok && op.Op == operation
}

func addressIsIPv6(err error) bool {
	op, ok := errors.AsType[*net.OpError](err)
	if !ok || op.Addr == nil {
		return false
	}
	at, err := netip.ParseAddrPort(op.Addr.String())
	return err == nil && at.Addr().Unmap().Is6()
}

// dnsName is the host an error is about, as far as it says so.
func dnsName(err error) string {
	if dns, ok := errors.AsType[*net.DNSError](err); ok {
		return dns.Name
	}
	if request, ok := errors.AsType[*url.Error](err); ok {
		if at, err := url.Parse(request.URL); err == nil {
			return at.Hostname()
		}
	}
	return ""
}

// speaker tells from the first bytes who is there.
func speaker(b []byte) string {
	begins := func(with ...string) bool {
		return slices.ContainsFunc(with, func(w string) bool { return bytes.HasPrefix(b, []byte(w)) })
	}
	switch {
	case begins("\x15\x03", "\x16\x03"):
		return "TLS"
	case begins("HTTP/"), bytes.HasPrefix(bytes.TrimSpace(b), []byte("<")):
		return "HTTP"
	case begins("SSH-"):
		return "SSH"
	case begins("* "):
		return "IMAP"
	case begins("+OK", "-ERR"):
		return "POP3"
	case begins("220 ", "220-", "421 ", "421-", "554 ", "554-"):
		if words := bytes.ToUpper(b); bytes.Contains(words, []byte("FTP")) && !bytes.Contains(words, []byte("SMTP")) {
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
