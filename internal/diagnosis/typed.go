package diagnosis

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
	"syscall"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-smtp"
	"golang.org/x/oauth2"

	"mailgrant/internal/i18n"
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

// typed names the causes that the kind of an error or the bytes received
// prove; nothing if the words have to tell.
func typed(in Input) ([]Cause, i18n.Args) {
	if causes, args := certificate(in); len(causes) > 0 {
		return causes, args
	}
	if causes, args := bytesSay(in); len(causes) > 0 {
		return causes, args
	}
	if in.Err == nil {
		return nil, nil
	}
	f := &facts{in: in, phase: in.Phase, provider: in.Provider, clue: map[string]bool{}}
	f.evidenceClues()
	f.inferProvider()
	f.clue["knownhost"] = knownHost(firstOf(in.Evidence.Host, dnsName(in.Err)))
	return f.typedNetwork(in.Err), nil
}

func (f *facts) typedNetwork(err error) []Cause {
	var header tls.RecordHeaderError
	var dns *net.DNSError
	var errno syscall.Errno
	switch {
	case errors.Is(err, context.Canceled):
		return is(CauseCancelled)
	case errors.As(err, &header):
		return is(CauseWrongPortOrEncryption, CauseSTARTTLSMissing)
	case viaProxy(err):
		return is(CauseProxyUnreachable)
	case errors.As(err, &dns):
		if dns.IsNotFound {
			return notResolved(f)
		}
		return is(CauseDNSNotResolved, CauseWrongHostName)
	case errors.As(err, &errno):
		return f.bySystem(errno, err)
	case isTimeout(err):
		return f.timedOut(err)
	}
	return nil
}

// bySystem looks at the system's error number. Windows sockets have numbers
// of their own, which no other system uses.
func (f *facts) bySystem(errno syscall.Errno, err error) []Cause {
	switch {
	case errno == syscall.ECONNREFUSED, errno == 10061:
		return refused(f)
	case errno == syscall.ETIMEDOUT, errno == 10060:
		return f.timedOut(err)
	case errno == syscall.EHOSTUNREACH, errno == syscall.ENETUNREACH, errno == 10065, errno == 10051:
		if addressIsIPv6(err) {
			return is(CauseNetworkNoRouteIPv6, CausePortBlocked)
		}
		return noRoute(f)
	case errno == syscall.ECONNRESET, errno == syscall.EPIPE, errno == syscall.ECONNABORTED, errno == 10054, errno == 10053:
		return cutOff(f)
	case errno == syscall.EACCES && isDial(err), errno == syscall.EPERM && isDial(err), errno == 10013:
		return is(CausePortBlocked)
	}
	return nil
}

// timedOut: before the connection stands, something drops the packets; later
// the server is silent.
func (f *facts) timedOut(err error) []Cause {
	switch {
	case f.in.Step == "resolve":
		return is(CauseDNSNotResolved, CauseWrongHostName)
	case f.in.Step == "connect" || f.in.Step == "" && isDial(err):
		return connectTimedOut(f)
	case f.in.Step == "tls" && f.in.Evidence.Security == "tls" && f.in.Evidence.Port != 993 && f.in.Evidence.Port != 995:
		return is(CauseWrongPortOrEncryption, CauseServerTimeout)
	case f.in.Step == "greeting" && f.in.Evidence.Security != "tls":
		// A server that speaks TLS at once waits for us to begin.
		if p := f.in.Evidence.Port; p == 993 || p == 995 || p == 465 {
			return is(CauseWrongPortOrEncryption, CauseServerTimeout)
		}
	}
	return is(CauseServerTimeout, CausePortBlocked)
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
func bytesSay(in Input) ([]Cause, i18n.Args) {
	who := speaker(in.Evidence.Received)
	expected := map[Phase]string{PhaseIMAP: "IMAP", PhasePOP3: "POP3", PhaseSMTP: "SMTP"}[in.Phase]
	args := i18n.Args{"found": who}
	switch {
	case who == "":
		return nil, nil
	case who == "HTTP", who == "SSH", who == "FTP":
		return is(CauseServerProtocolError, CauseWrongPortOrEncryption), args
	case in.Step == "tls" && who != "TLS", who == "TLS" && in.Step != "tls", expected != "" && who != expected && who != "TLS":
		return is(CauseWrongPortOrEncryption, CauseServerProtocolError), args
	}
	return nil, nil
}
