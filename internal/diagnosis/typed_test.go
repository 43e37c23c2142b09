package diagnosis

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"syscall"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-smtp"
	"golang.org/x/oauth2"

	"mailgrant/internal/certificate"
)

func dialError(err error) error {
	return &net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError("connect", err)}
}

func TestTypedErrors(t *testing.T) {
	v6 := &net.OpError{Op: "dial", Net: "tcp", Addr: &net.TCPAddr{IP: net.ParseIP("2001:db8::1"), Port: 993}, Err: os.NewSyscallError("connect", syscall.ENETUNREACH)}
	office := Evidence{Host: "outlook.office365.com", Port: 993, Security: "tls"}
	for name, c := range map[string]struct {
		in   Input
		want Cause
	}{
		"cancelled":          {Input{Err: fmt.Errorf("imap: %w", context.Canceled)}, CauseCancelled},
		"connect deadline":   {Input{Step: "connect", Err: context.DeadlineExceeded}, CausePortBlocked},
		"greeting deadline":  {Input{Step: "authenticate", Err: context.DeadlineExceeded}, CauseServerTimeout},
		"resolve deadline":   {Input{Step: "resolve", Err: context.DeadlineExceeded}, CauseDNSNotResolved},
		"wrong TLS port":     {Input{Step: "tls", Err: os.ErrDeadlineExceeded, Evidence: Evidence{Port: 587, Security: "tls"}}, "wrong-port-or-encryption"},
		"TLS port in clear":  {Input{Step: "greeting", Err: os.ErrDeadlineExceeded, Evidence: Evidence{Port: 993, Security: "starttls"}}, "wrong-port-or-encryption"},
		"465 at Microsoft":   {Input{Step: "connect", Provider: Microsoft, Err: context.DeadlineExceeded, Evidence: Evidence{Port: 465}}, "wrong-port-or-encryption"},
		"refused":            {Input{Err: dialError(syscall.ECONNREFUSED)}, CausePortBlocked},
		"refused on Windows": {Input{Err: dialError(syscall.Errno(10061))}, CausePortBlocked},
		"timed out":          {Input{Err: dialError(syscall.ETIMEDOUT)}, CausePortBlocked},
		"Windows timeout":    {Input{Err: dialError(syscall.Errno(10060))}, CausePortBlocked},
		"reset":              {Input{Err: &net.OpError{Op: "read", Err: os.NewSyscallError("read", syscall.ECONNRESET)}}, CauseNetworkConnectionReset},
		"Windows reset":      {Input{Err: &net.OpError{Op: "read", Err: os.NewSyscallError("wsarecv", syscall.Errno(10054))}}, CauseNetworkConnectionReset},
		"forbidden":          {Input{Err: dialError(syscall.EACCES)}, CausePortBlocked},
		"no route, IPv6":     {Input{Err: v6}, "network-no-route-ipv6"},
		"no route, IPv4":     {Input{Err: dialError(syscall.EHOSTUNREACH)}, CausePortBlocked},
		"name unknown":       {Input{Err: &net.DNSError{Name: "imap.gmial.com", IsNotFound: true}}, "wrong-host-name"},
		"known name unknown": {Input{Err: &net.DNSError{Name: "outlook.office365.com", IsNotFound: true}}, CauseDNSNotResolved},
		"DNS silent":         {Input{Err: &net.DNSError{Name: "mail.contoso.test", IsTimeout: true}}, CauseDNSNotResolved},
		"proxy refused":      {Input{Err: &url.Error{Op: "Post", URL: "https://login.microsoftonline.com/x", Err: &net.OpError{Op: "proxyconnect", Err: dialError(syscall.ECONNREFUSED)}}}, CauseProxyUnreachable},
		"proxy wants login":  {Input{Err: &url.Error{Op: "Post", URL: "https://login.microsoftonline.com/x", Err: errors.New("Proxy Authentication Required")}}, CauseProxyAuthRequired},
		"record header":      {Input{Err: tls.RecordHeaderError{Msg: "first record does not look like a TLS handshake"}}, "wrong-port-or-encryption"},
		"TLS alert":          {Input{Phase: PhaseIMAP, Step: "greeting", Evidence: Evidence{Received: []byte{0x15, 3, 1, 0, 2, 2, 80}}}, "wrong-port-or-encryption"},
		"HTTP":               {Input{Phase: PhaseIMAP, Step: "greeting", Evidence: Evidence{Received: []byte("HTTP/1.1 400 Bad Request\r\n")}}, CauseServerProtocolError},
		"SSH":                {Input{Phase: PhaseSMTP, Step: "greeting", Evidence: Evidence{Received: []byte("SSH-2.0-OpenSSH_9.2\r\n")}}, CauseServerProtocolError},
		"POP on IMAP port":   {Input{Phase: PhaseIMAP, Step: "greeting", Evidence: Evidence{Received: []byte("+OK ready\r\n")}}, "wrong-port-or-encryption"},
		"SMTP where TLS is":  {Input{Phase: PhaseSMTP, Step: "tls", Evidence: Evidence{Received: []byte("220 mail ESMTP\r\n")}}, "wrong-port-or-encryption"},
		"imap NO":            {Input{Phase: PhaseIMAP, Provider: Microsoft, Err: &imap.Error{Type: imap.StatusResponseTypeNo, Text: "AUTHENTICATE failed."}}, "token-wrong-audience"},
		"imap code":          {Input{Phase: PhaseIMAP, Provider: Generic, Err: &imap.Error{Type: imap.StatusResponseTypeNo, Code: imap.ResponseCodeInUse, Text: "x mailbox already in use"}}, "pop-mailbox-in-use"},
		"smtp code":          {Input{Phase: PhaseSMTP, Provider: Microsoft, Err: &smtp.SMTPError{Code: 535, EnhancedCode: smtp.EnhancedCode{5, 7, 139}, Message: "Authentication unsuccessful, SmtpClientAuthentication is disabled for the Mailbox."}}, CauseEXOSMTPAuthDisabledMailbox},
		"oauth body":         {Input{Phase: PhaseRefresh, Provider: Microsoft, Err: &oauth2.RetrieveError{Body: []byte(`{"error":"invalid_grant","error_codes":[700082]}`)}}, CauseRefreshTokenExpired},
		"oauth fields":       {Input{Phase: PhaseRefresh, Provider: Microsoft, Err: &oauth2.RetrieveError{ErrorCode: "invalid_grant", ErrorDescription: "AADSTS50173: x"}}, "refresh-token-revoked"},
		"known inside":       {Input{Err: fmt.Errorf("x: %w", New(CauseStoreLocked, "", nil)), Evidence: office}, CauseStoreLocked},
		"nothing":            {Input{Err: errors.New("something odd")}, CauseUnknown},
	} {
		if d := Explain(c.in); d.Cause != c.want {
			t.Errorf("%s: %v, want %s", name, d.Causes, c.want)
		}
	}
}

// chain makes a certificate for a host, signed by an authority with a name;
// an empty name makes it sign itself.
func chain(host, authority string, withRoot bool, aia ...string) []*x509.Certificate {
	root := certificate.Root(authority)
	leaf := certificate.Server(host)
	leaf.IssuingCertificateURL = aia
	switch {
	case authority == "":
		return []*x509.Certificate{certificate.Sign(leaf, nil).Certificate}
	case withRoot:
		return []*x509.Certificate{certificate.Sign(leaf, root).Certificate, root.Certificate}
	}
	return []*x509.Certificate{certificate.Sign(leaf, root).Certificate}
}

func TestCertificates(t *testing.T) {
	unknown := x509.UnknownAuthorityError{}
	expired := x509.CertificateInvalidError{Reason: x509.Expired}
	for name, c := range map[string]struct {
		host  string
		chain []*x509.Certificate
		err   error
		clock time.Duration
		want  Cause
	}{
		"inspected":             {"outlook.office365.com", chain("outlook.office365.com", "Contoso Root", true), unknown, 0, CauseTLSInterceptionUntrustedCA},
		"self-signed at a host": {"imap.gmail.com", chain("imap.gmail.com", "", false), unknown, 0, CauseTLSInterceptionUntrustedCA},
		"web shield, loopback":  {"localhost", chain("localhost", "Contoso Web Shield Root", true), unknown, 0, CauseTLSInterceptionUntrustedCA},
		"own authority":         {"mail.contoso.local", chain("mail.contoso.local", "Contoso CA", true), unknown, 0, "tls-self-signed"},
		"own authority, IP":     {"127.0.0.1", chain("x", "Contoso CA", true), unknown, 0, "tls-self-signed"},
		"self-signed":           {"mail.fabrikam.com", chain("mail.fabrikam.com", "", false), unknown, 0, "tls-self-signed"},
		"intermediate missing":  {"mail.fabrikam.com", chain("mail.fabrikam.com", "Some Public CA R3", false, "http://ca.example/r3.der"), unknown, 0, "tls-server-chain-incomplete"},
		"private root":          {"mail.fabrikam.com", chain("mail.fabrikam.com", "Fabrikam Firewall", true), unknown, 0, CauseTLSInterceptionUntrustedCA},
		"expired":               {"mail.fabrikam.com", nil, expired, 0, "tls-certificate-expired"},
		"clock":                 {"mail.fabrikam.com", nil, expired, -48 * time.Hour, "clock-skew"},
		"name":                  {"mail.fabrikam.com", nil, x509.HostnameError{Certificate: chain("other.example", "", false)[0], Host: "mail.fabrikam.com"}, 0, "tls-name-mismatch"},
		"no roots":              {"mail.fabrikam.com", nil, x509.SystemRootsError{}, 0, "local-ca-store-broken"},
	} {
		err := &tls.CertificateVerificationError{UnverifiedCertificates: c.chain, Err: c.err}
		d := Explain(Input{Phase: PhaseIMAP, Step: "tls", Err: fmt.Errorf("tls: %w", err), Evidence: Evidence{Host: c.host, ClockOffset: c.clock}})
		if d.Cause != c.want {
			t.Errorf("%s: %v, want %s", name, d.Causes, c.want)
		}
		if d.Cause == CauseTLSInterceptionUntrustedCA && d.Args["issuer"] == "" {
			t.Errorf("%s: the issuer is not named", name)
		}
	}
}

// TestPublicRootMissing: a chain that Mozilla trusts and this machine does
// not is this machine's fault. The root itself is such a chain.
func TestPublicRootMissing(t *testing.T) {
	if kind := KindOfChain(chain("mail.fabrikam.com", "Private", true)); kind != "private" {
		t.Errorf("a private chain is %s", kind)
	}
	root := publicRoot(t)
	d := Explain(Input{Err: &tls.CertificateVerificationError{UnverifiedCertificates: []*x509.Certificate{root}, Err: x509.UnknownAuthorityError{}}, Evidence: Evidence{Host: "outlook.office365.com"}})
	if d.Cause != "local-ca-store-broken" {
		t.Errorf("%v", d.Causes)
	}
}

// TestSpeakers: who is at a port, by the first bytes.
func TestSpeakers(t *testing.T) {
	for said, want := range map[string]string{
		"\x16\x03\x01": "TLS", "\x15\x03\x03\x00\x02": "TLS", "\x16\x02": "", "HTTP/1.1 400 Bad Request": "HTTP", "\r\n <html>": "HTTP", "SSH-2.0-x": "SSH",
		"* OK ready": "IMAP", "*OK": "", "+OK": "POP3", "-ERR busy": "POP3", "220 mail ESMTP": "SMTP", "220-mail": "SMTP", "421 busy": "SMTP", "554-no": "SMTP",
		"220 FTP server": "FTP", "220 ftp and smtp": "SMTP", "2200 x": "", "220": "", "": "", "hello": "",
	} {
		if got := speaker([]byte(said)); got != want {
			t.Errorf("%q: %q, want %q", said, got, want)
		}
	}
}

// TestSystemErrors: the numbers of this system and those of Windows sockets
// name the same signs; what a number does not tell, the words have to.
func TestSystemErrors(t *testing.T) {
	read := func(number syscall.Errno) error {
		return &net.OpError{Op: "read", Net: "tcp", Err: os.NewSyscallError("x", number)}
	}
	for name, c := range map[string]struct {
		err  error
		step string
		want string
	}{
		"refused":                     {dialError(syscall.ECONNREFUSED), "", "connection-refused"},
		"refused, Windows":            {dialError(syscall.Errno(10061)), "", "connection-refused"},
		"no host, Windows":            {dialError(syscall.Errno(10065)), "", "no-route"},
		"no network, Windows":         {dialError(syscall.Errno(10051)), "", "no-route"},
		"cut":                         {read(syscall.EPIPE), "", "connection-cut"},
		"cut, Windows":                {read(syscall.Errno(10053)), "", "connection-cut"},
		"forbidden, Windows":          {dialError(syscall.Errno(10013)), "", string(CausePortBlocked)},
		"not allowed to connect":      {dialError(syscall.EPERM), "", string(CausePortBlocked)},
		"not allowed to read":         {read(syscall.EACCES), "", ""},
		"no time to connect":          {dialError(syscall.ETIMEDOUT), "", "connect-timed-out"},
		"no time to connect, Windows": {dialError(syscall.Errno(10060)), "connect", "connect-timed-out"},
		"no time to read":             {read(syscall.ETIMEDOUT), "", "server-silent"},
		"no time to find":             {context.DeadlineExceeded, "resolve", "name-not-answered"},
		"the proxy":                   {&net.OpError{Op: "proxyconnect", Err: dialError(syscall.ECONNREFUSED)}, "", string(CauseProxyUnreachable)},
		"the end of an answer":        {io.ErrUnexpectedEOF, "", ""},
		"another number":              {read(syscall.EINVAL), "", ""},
		"no number":                   {errors.New("x"), "", ""},
	} {
		f := &facts{in: Input{Step: c.step}, phase: PhaseIMAP}
		if got := f.network(fmt.Errorf("x: %w", c.err)); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
	f := &facts{phase: PhaseToken}
	if got := f.network(io.ErrUnexpectedEOF); got != "connection-cut" {
		t.Errorf("a sign-in service that hangs up: %q", got)
	}
}
