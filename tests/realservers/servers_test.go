//go:build realservers

package realservers

import (
	"bytes"
	"encoding/json"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"mailgrant/app/practice"
	"mailgrant/cli"
	"mailgrant/internal/certificate"
	"mailgrant/internal/mailbox"
	"mailgrant/tests/freeport"
	"mailgrant/tests/practicetest"
)

const metadata = "[Details]\nName = \"Mailgrant\"\nID = \"com.mailgrant.app\"\nVersion = \"0.0.0\"\nBuild = 1\n"

// lab is Dovecot and Postfix with a mailbox signed in at the practice tenant.
type lab struct {
	t       *testing.T
	tenant  *practice.Tenant
	root    *certificate.Pair
	dovecot *dovecot
	postfix *postfix
	signed  mailbox.Definition // the definition signed in with
}

// newLab starts everything and signs in once. mechanisms are those Dovecot
// offers to both.
func newLab(t *testing.T, mechanisms string) *lab {
	t.Helper()
	dir := t.TempDir()
	t.Setenv("MAILGRANT_HOME", filepath.Join(dir, "home"))
	t.Setenv("MAILGRANT_KEY_FILE", filepath.Join(dir, "key"))
	tenant := practicetest.Start(t, practice.Options{})
	l := &lab{t: t, tenant: tenant, root: certificate.Root("Lab Root CA")}
	cert := l.root.For("localhost")
	l.dovecot = startDovecot(t, cert, mechanisms, introspect(t, tenant).URL)
	l.postfix = startPostfix(t, cert, l.dovecot)
	l.signed = l.define(mailbox.SecurityTLS)
	l.signIn()
	return l
}

// define is the mailbox at the real servers in one security mode.
func (l *lab) define(security string) mailbox.Definition {
	d := l.tenant.Definition()
	d.TrustedCA = l.root.PEM()
	ports := map[string][3]int{
		mailbox.SecurityTLS:      {l.dovecot.IMAPS, l.dovecot.POP3S, l.postfix.SMTPS},
		mailbox.SecuritySTARTTLS: {l.dovecot.IMAP, l.dovecot.POP3, l.postfix.SMTP},
		mailbox.SecurityNone:     {l.dovecot.IMAP, l.dovecot.POP3, l.postfix.SMTP},
	}[security]
	for i, s := range d.Servers {
		*s.Server = mailbox.Server{Host: "localhost", Port: ports[i], Security: security}
	}
	return d
}

// command runs Mailgrant in the process.
func (l *lab) command(stdin string, args ...string) (int, []byte) {
	l.t.Helper()
	var out, errs bytes.Buffer
	status := cli.Run(l.t.Context(), cli.Environment{
		Args: args, Stdin: strings.NewReader(stdin), Stdout: &out, Stderr: &errs, Metadata: metadata,
	})
	if errs.Len() > 0 {
		l.t.Logf("%s: %s", strings.Join(args, " "), errs.String())
	}
	return status, out.Bytes()
}

func (l *lab) file(d mailbox.Definition) string {
	return write(l.t, l.t.TempDir(), "def.json", string(d.Format()))
}

// signIn answers the sign-in page as the mailbox.
func (l *lab) signIn() {
	l.t.Helper()
	in, out := io.Pipe()
	go func() {
		dec := json.NewDecoder(in)
		for {
			var event struct{ Event, URL string }
			if dec.Decode(&event) != nil {
				return
			}
			if event.Event == "sign_in" {
				go l.browse(event.URL)
			}
		}
	}()
	var errs bytes.Buffer
	status := cli.Run(l.t.Context(), cli.Environment{
		Args:  []string{"request", "--file", l.file(l.signed), "--sign-in", "link", "--json"},
		Stdin: strings.NewReader(""), Stdout: out, Stderr: &errs, Metadata: metadata,
	})
	_ = out.Close()
	if status != 0 {
		l.t.Fatalf("request: exit status %d: %s", status, errs.String())
	}
}

func (l *lab) browse(url string) {
	if _, err := practice.Visit(l.t.Context(), url, practice.Helpdesk.UPN, nil); err != nil {
		l.t.Logf("browser: %v", err)
	}
}

// report is what "test --json" says, as far as these tests look.
type report struct {
	OK        bool
	Protocols map[string]struct {
		OK    bool
		Steps []struct {
			Step, State, Cause string
			Facts              map[string]any
		}
	}
	Diagnoses []struct {
		Cause, Title, Certainty string
		ServerText              string `json:"server_text"`
	}
	Experiments []experiment
}

type experiment struct {
	ID, Protocol, Result string
	Decides              []string // the causes that were open before
	Change               struct {
		Port     int
		Security string
	}
}

// test runs the mailbox test and demands an exit status.
func (l *lab) test(d mailbox.Definition, status int) report {
	l.t.Helper()
	got, out := l.command("", "test", "--file", l.file(d), "--json", "--timeout", "20s")
	var r report
	if err := json.Unmarshal(out, &r); err != nil {
		l.t.Fatalf("exit status %d, no report: %q", got, out)
	}
	if got != status {
		l.t.Fatalf("exit status %d, want %d:\n%s", got, status, out)
	}
	return r
}

// cause is that of the first failed step of a protocol.
func (r report) cause(protocol string) string {
	for _, s := range r.Protocols[protocol].Steps {
		if s.State == "failed" {
			return s.Cause
		}
	}
	return ""
}

// fact looks for a fact in the steps of a protocol.
func (r report) fact(protocol, name string) any {
	for _, s := range r.Protocols[protocol].Steps {
		if v, ok := s.Facts[name]; ok {
			return v
		}
	}
	return nil
}

func TestGreenInEverySecurityMode(t *testing.T) {
	for mechanisms, want := range map[string]string{"plain xoauth2": "XOAUTH2", "plain oauthbearer": "OAUTHBEARER"} {
		t.Run(want, func(t *testing.T) {
			l := newLab(t, mechanisms)
			for _, security := range []string{mailbox.SecurityTLS, mailbox.SecuritySTARTTLS, mailbox.SecurityNone} {
				r := l.test(l.define(security), 0)
				for _, protocol := range []string{"imap", "pop3", "smtp"} {
					if got := r.fact(protocol, "mechanism"); got != want {
						t.Errorf("%s %s: mechanism %v, want %s", security, protocol, got, want)
					}
				}
			}
		})
	}
}

func TestPasswordSignIn(t *testing.T) {
	l := newLab(t, "plain login xoauth2")
	l.passwordMailbox(l.define(mailbox.SecuritySTARTTLS), "imap", "pop3", "smtp")
}

// passwordMailbox tests these protocols of a definition with the right
// password and with a wrong one.
func (l *lab) passwordMailbox(d mailbox.Definition, protocols ...string) {
	l.t.Helper()
	d.Name, d.Sender, d.User = "Printer", passwordUser, passwordUser
	d.Authentication, d.OAuth = mailbox.AuthPassword, nil
	for _, p := range mailbox.Protocols() {
		if !slices.Contains(protocols, string(p)) {
			d.SetServer(p, nil)
		}
	}
	for secret, status := range map[string]int{password: 0, "wrong-" + password: 1} {
		if status, _ := l.command(secret+"\n", "secret", "set", "--file", l.file(d), "password"); status != 0 {
			l.t.Fatalf("secret set: exit status %d", status)
		}
		r := l.test(d, status)
		for _, protocol := range protocols {
			if got := r.cause(protocol); status == 1 && got != "password-wrong" {
				l.t.Errorf("%s: cause %q (%v)", protocol, got, r.Diagnoses)
			}
		}
	}
}

// TestSpoilt spoils one thing at a time and expects its cause.
func TestSpoilt(t *testing.T) {
	l := newLab(t, "plain xoauth2")
	otherCA := certificate.Root("Another Root CA")
	// at moves one protocol to another port and mode.
	at := func(protocol string, port int, security string) mailbox.Definition {
		d := l.define(mailbox.SecurityTLS)
		*d.Server(mailbox.Protocol(protocol)) = mailbox.Server{Host: "localhost", Port: port, Security: security}
		return d
	}
	withCert := func(cert *certificate.Pair) mailbox.Definition {
		dove := startDovecot(t, cert, "plain xoauth2", introspect(t, l.tenant).URL)
		post := startPostfix(t, cert, dove)
		d := l.define(mailbox.SecurityTLS)
		d.Server(mailbox.IMAP).Port, d.Server(mailbox.POP3).Port, d.Server(mailbox.SMTP).Port = dove.IMAPS, dove.POP3S, post.SMTPS
		return d
	}
	free := freeport.Find(t, 1)[0]
	cases := []struct {
		name      string
		mailbox   mailbox.Definition
		protocols []string
		causes    []string // any of these
	}{
		{"IMAP: TLS where STARTTLS is", at("imap", l.dovecot.IMAP, "tls"), []string{"imap"}, []string{"wrong-port-or-encryption"}},
		{"POP3: TLS where STARTTLS is", at("pop3", l.dovecot.POP3, "tls"), []string{"pop3"}, []string{"wrong-port-or-encryption"}},
		{"SMTP: TLS where STARTTLS is", at("smtp", l.postfix.SMTP, "tls"), []string{"smtp"}, []string{"wrong-port-or-encryption"}},
		{"IMAP: STARTTLS where TLS is", at("imap", l.dovecot.IMAPS, "starttls"), []string{"imap"}, []string{"wrong-port-or-encryption", "server-timeout"}},
		{"SMTP: STARTTLS where TLS is", at("smtp", l.postfix.SMTPS, "starttls"), []string{"smtp"}, []string{"wrong-port-or-encryption", "server-timeout"}},
		{"IMAP on the POP3 port", at("imap", l.dovecot.POP3, "starttls"), []string{"imap"}, []string{"wrong-port-or-encryption"}},
		{"POP3 on the SMTP port", at("pop3", l.postfix.SMTP, "starttls"), []string{"pop3"}, []string{"wrong-port-or-encryption"}},
		{"SMTP on the IMAP port", at("smtp", l.dovecot.IMAP, "starttls"), []string{"smtp"}, []string{"wrong-port-or-encryption"}},
		{"nothing listens", at("imap", free, "tls"), []string{"imap"}, []string{"port-blocked", "wrong-port-or-encryption"}},
		{"certificate ended", withCert(ended(l.root)), []string{"imap", "pop3", "smtp"}, []string{"tls-certificate-expired"}},
		{"certificate for another name", withCert(l.root.For("mail.example.com")), []string{"imap", "pop3", "smtp"}, []string{"tls-name-mismatch"}},
		{"certificate of another root", withCert(otherCA.For("localhost")), []string{"imap", "pop3", "smtp"}, []string{"tls-self-signed", "tls-server-chain-incomplete"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			l.t = t
			r := l.test(c.mailbox, 1)
			for _, protocol := range c.protocols {
				if got := r.cause(protocol); !slices.Contains(c.causes, got) {
					t.Errorf("%s: cause %q, want one of %v; %+v", protocol, got, c.causes, r.Diagnoses)
				}
			}
			for protocol, p := range r.Protocols {
				if !slices.Contains(c.protocols, protocol) && !p.OK {
					t.Errorf("%s was not spoilt and failed: %s", protocol, r.cause(protocol))
				}
			}
		})
	}
}

// TestSpoiltToken makes the tenant say that the token is good no more.
func TestSpoiltToken(t *testing.T) {
	l := newLab(t, "plain xoauth2")
	l.test(l.define(mailbox.SecurityTLS), 0)
	if err := l.tenant.SetFaults([]string{"wrong-audience"}); err != nil {
		t.Fatal(err)
	}
	if status, _ := l.command("", "refresh", "--file", l.file(l.signed)); status != 0 {
		t.Fatalf("refresh: exit status %d", status)
	}
	r := l.test(l.define(mailbox.SecurityTLS), 1)
	for _, protocol := range []string{"imap", "pop3", "smtp"} {
		if got := r.cause(protocol); got != "token-wrong-audience" {
			t.Errorf("%s: cause %q; %+v", protocol, got, r.Diagnoses)
		}
	}
}
