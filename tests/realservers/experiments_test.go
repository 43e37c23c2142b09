//go:build realservers

package realservers

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"mailgrant/internal/certificate"
	"mailgrant/internal/mailbox"
	"mailgrant/tests/freeport"
)

// certainty is how sure the diagnosis of a cause is.
func (r report) certainty(cause string) string {
	for _, d := range r.Diagnoses {
		if d.Cause == cause {
			return d.Certainty
		}
	}
	return ""
}

// tried is what an experiment found for a protocol.
func (r report) tried(protocol, id string) experiment {
	for _, e := range r.Experiments {
		if e.Protocol == protocol && e.ID == id {
			return e
		}
	}
	return experiment{}
}

// TestRevokedToken: a token is taken back, and Dovecot refuses it. The test
// finds out that it is the token, since a renewed one is accepted.
func TestRevokedToken(t *testing.T) {
	l := newLab(t, "plain xoauth2")
	r := introspect(t, l.tenant)
	cert := l.root.For("localhost")
	dove := startDovecot(t, cert, "plain xoauth2", r.URL)
	d := l.define(mailbox.SecurityTLS)
	d.Server(mailbox.IMAP).Port, d.Server(mailbox.POP3).Port, d.Server(mailbox.SMTP).Port = dove.IMAPS, dove.POP3S, startPostfix(t, cert, dove).SMTPS
	l.test(d, 0)
	status, token := l.command("", "token", "--file", l.file(d))
	if status != 0 {
		t.Fatalf("token: exit status %d", status)
	}
	r.revoke(strings.TrimSpace(string(token)))
	got := l.test(d, 1)
	for _, protocol := range []string{"imap", "pop3", "smtp"} {
		if e := got.tried(protocol, "renew-and-retry"); e.Result != "accepted" || !slices.Contains(e.Decides, "refresh-token-revoked") {
			t.Errorf("%s: renew-and-retry %q; before, %v was open", protocol, e.Result, e.Decides)
		}
		if cause := got.cause(protocol); cause != "token-expired" {
			t.Errorf("%s: cause %q", protocol, cause)
		}
	}
	if c := got.certainty("token-expired"); c != "certain" {
		t.Errorf("it is %q: %+v", c, got.Diagnoses)
	}
	l.test(d, 0) // the renewed one is kept
}

// TestExperiments spoils what the form says about a server; the test finds out
// what would be right.
func TestExperiments(t *testing.T) {
	l := newLab(t, "plain xoauth2")
	for _, c := range []struct {
		protocol, security string
		port               int
		result, change     string
	}{
		{"imap", "starttls", l.dovecot.IMAPS, "tls", "tls"},
		{"pop3", "starttls", l.dovecot.POP3S, "tls", "tls"},
		{"smtp", "starttls", l.postfix.SMTPS, "tls", "tls"},
		{"imap", "tls", l.dovecot.IMAP, "starttls", "starttls"},
		{"pop3", "tls", l.dovecot.POP3, "starttls", "starttls"},
		{"smtp", "tls", l.postfix.SMTP, "starttls", "starttls"},
		{"imap", "tls", l.postfix.SMTP, "other", ""},
	} {
		t.Run(fmt.Sprint(c.protocol, " ", c.security, " ", c.result), func(t *testing.T) {
			l.t = t
			d := l.define(mailbox.SecurityTLS)
			*d.Server(mailbox.Protocol(c.protocol)) = mailbox.Server{Host: "localhost", Port: c.port, Security: c.security}
			r := l.test(d, 1)
			e := r.tried(c.protocol, "speak-port")
			if e.Result != c.result || e.Change.Security != c.change || c.change != "" && e.Change.Port != c.port {
				t.Errorf("speak-port %q, change %v; %+v", e.Result, e.Change, r.Experiments)
			}
			if cause := r.cause(c.protocol); cause != "wrong-port-or-encryption" || c.change != "" && r.certainty(cause) != "certain" {
				t.Errorf("%s is %s; %+v", cause, r.certainty(cause), r.Diagnoses)
			}
			if c.change == "" {
				return
			}
			d.Server(mailbox.Protocol(c.protocol)).Security = c.change // as proposed
			l.test(d, 0)
		})
	}
}

// TestExperimentsWithCertificates: whose root it is, and whether the clock is
// to blame.
func TestExperimentsWithCertificates(t *testing.T) {
	l := newLab(t, "plain xoauth2")
	for name, c := range map[string]struct {
		cert                        *certificate.Pair
		id, result, cause, sureness string
	}{
		"another root": {certificate.Root("Another Root CA").For("localhost"), "fetch-chain", "private", "tls-self-signed", "likely"},
		"it has ended": {ended(l.root), "clock", "right", "tls-certificate-expired", "certain"},
	} {
		t.Run(name, func(t *testing.T) {
			l.t = t
			d := l.define(mailbox.SecurityTLS)
			d.Server(mailbox.IMAP).Port = startDovecot(t, c.cert, "plain xoauth2", introspect(t, l.tenant).URL).IMAPS
			r := l.test(d, 1)
			e := r.tried("imap", c.id)
			if e.Result != c.result || r.cause("imap") != c.cause || r.certainty(c.cause) != c.sureness {
				t.Errorf("%s %q, cause %s %s; %+v", c.id, e.Result, r.certainty(r.cause("imap")), r.cause("imap"), r.Diagnoses)
			}
			if len(e.Decides) < 2 {
				t.Errorf("before, only %v was open", e.Decides)
			}
		})
	}
}

// TestSignInOnlyUnderTLS: Postfix offers a sign-in only once the connection is
// encrypted, and the form says not to.
func TestSignInOnlyUnderTLS(t *testing.T) {
	l := newLab(t, "plain xoauth2")
	do(t, "postconf", "-c", l.postfix.Dir, "-e", "smtpd_tls_auth_only=yes")
	do(t, "postfix", "-c", l.postfix.Dir, "reload")
	d := l.define(mailbox.SecurityTLS)
	*d.Server(mailbox.SMTP) = mailbox.Server{Host: "localhost", Port: l.postfix.SMTP, Security: mailbox.SecurityNone}
	r := l.test(d, 1)
	if e := r.tried("smtp", "smtp-offers"); e.Result != "after-tls" || !slices.Contains(e.Decides, "auth-mechanism-not-offered") {
		t.Errorf("smtp-offers %q; %+v", e.Result, r.Experiments)
	}
	if cause := r.cause("smtp"); cause != "starttls-missing" || r.certainty(cause) != "certain" {
		t.Errorf("%s is %s; %+v", cause, r.certainty(cause), r.Diagnoses)
	}
}

// TestNobodyAtThePort: the host lives, since its other ports answer.
func TestNobodyAtThePort(t *testing.T) {
	l := newLab(t, "plain xoauth2")
	d := l.define(mailbox.SecurityTLS)
	d.Server(mailbox.IMAP).Port = freeport.Find(t, 1)[0]
	r := l.test(d, 1)
	if e := r.tried("imap", "other-protocol"); e.Result != "works" || !slices.Contains(e.Decides, "wrong-host-name") {
		t.Errorf("other-protocol %q, before %v; %+v", e.Result, e.Decides, r.Experiments)
	}
	if cause := r.cause("imap"); cause != "port-blocked" || r.certainty(cause) != "likely" {
		t.Errorf("%s is %s; %+v", cause, r.certainty(cause), r.Diagnoses)
	}
}
