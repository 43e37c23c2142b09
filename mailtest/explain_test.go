package mailtest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/netip"
	"slices"
	"syscall"
	"testing"

	"mailgrant/internal/diagnosis"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/redact"
)

// sessionOf is a session that has not begun.
func sessionOf(d mailbox.Definition, p Protocol) *session {
	return newSession(context.Background(), newRun(context.Background(), Config{Mailbox: d}), p, d)
}

func definition(provider string) mailbox.Definition {
	return mailbox.Definition{
		User: "helpdesk@contoso.com", Sender: "info@contoso.com", SharedMailbox: "info@contoso.com",
		Servers:        mailbox.NewServers(mailbox.Given{mailbox.IMAP: &mailbox.Server{Host: "mail.test", Port: 993, Security: mailbox.SecurityTLS}}),
		Authentication: mailbox.AuthOAuth2,
		OAuth:          &mailbox.OAuth{Provider: provider, ClientID: "client", Tenant: "contoso.com", AccountType: mailbox.AccountTenant},
	}
}

// What answers a letter, or forwards it, is not the letter: it is not to be removed.
func TestOnlyTheLetterIsTheLetter(t *testing.T) {
	l := letter{id: "<mailgrant-1@contoso.com>"}
	for header, want := range map[string]bool{
		"Subject: x\r\nMessage-ID: " + l.id: true, "message-id:\r\n " + l.id + "\r\nTo: x": true,
		"Message-ID: <new@outlook.com>\r\nX-Microsoft-Original-Message-ID: " + l.id:       true,
		"Message-ID: <x@contoso.com>\r\nIn-Reply-To: " + l.id + "\r\nReferences: " + l.id: false,
		"Message-ID: x" + l.id: false, "Subject: Message-ID: " + l.id: false, "": false,
	} {
		if l.isHeaderOf(header) != want {
			t.Errorf("%q: %t", header, !want)
		}
	}
}

// What no server puts into words has a name all the same, at every step.
func TestOwnCauses(t *testing.T) {
	for name, c := range map[string]struct {
		err      error
		step     Step
		provider string
		want     diagnosis.Cause
	}{
		"unencrypted":            {errUnencrypted, StepAuthenticate, mailbox.ProviderCustom, diagnosis.CauseSTARTTLSMissing},
		"no starttls":            {fmt.Errorf("%w: -ERR", errNoSTARTTLS), StepTLS, mailbox.ProviderCustom, diagnosis.CauseSTARTTLSUnavailable},
		"cancelled":              {context.Canceled, StepGreeting, mailbox.ProviderCustom, diagnosis.CauseCancelled},
		"silent greeting":        {context.DeadlineExceeded, StepGreeting, mailbox.ProviderCustom, diagnosis.CauseServerTimeout},
		"silent sign-in":         {context.DeadlineExceeded, StepAuthenticate, mailbox.ProviderCustom, diagnosis.CauseServerTimeout},
		"silent network":         {context.DeadlineExceeded, StepConnect, mailbox.ProviderCustom, diagnosis.CausePortBlocked},
		"protocol":               {fmt.Errorf("%w: zzz", errProtocol), StepGreeting, mailbox.ProviderCustom, diagnosis.CauseServerProtocolError},
		"too long":               {errLineTooLong, StepMailbox, mailbox.ProviderCustom, diagnosis.CauseServerProtocolError},
		"cut line":               {errCutLine, StepGreeting, mailbox.ProviderCustom, diagnosis.CauseNetworkConnectionReset},
		"closed":                 {errClosed, StepAuthenticate, mailbox.ProviderCustom, diagnosis.CauseNetworkConnectionReset},
		"end of file":            {io.EOF, StepTLS, mailbox.ProviderCustom, diagnosis.CauseNetworkConnectionReset},
		"reset":                  {&net.OpError{Op: "read", Err: syscall.ECONNRESET}, StepTLS, mailbox.ProviderCustom, diagnosis.CauseNetworkConnectionReset},
		"name":                   {&net.DNSError{Err: "no such host", Name: "mail.test", IsTemporary: true}, StepResolve, mailbox.ProviderCustom, diagnosis.CauseDNSNotResolved},
		"nothing known about it": {errors.New("zzz"), StepMailbox, mailbox.ProviderCustom, diagnosis.CauseUnknown},
	} {
		t.Run(name, func(t *testing.T) {
			s := sessionOf(definition(c.provider), IMAP)
			d := s.name(s.input(c.step, c.err))
			if d.Cause != c.want {
				t.Errorf("cause %s, want %s", d.Cause, c.want)
			}
			if d.Step != string(c.step) || d.Phase != s.phaseOf(c.step) {
				t.Errorf("step %s, phase %s", d.Step, d.Phase)
			}
			if d.Args["host"] != "mail.test" {
				t.Errorf("args %v", d.Args)
			}
		})
	}
}

// What answers in place of the protocol is said, and fit to be shown.
func TestFound(t *testing.T) {
	for received, want := range map[string]string{
		"hello, this is telnet\r\nlogin: ": "hello, this is telnet",
		"\x1b[2Jcleared\r\n":               `\u001B[2Jcleared`,
		"":                                 "the first line is zzz",
	} {
		s := sessionOf(definition(mailbox.ProviderCustom), IMAP)
		in := s.input(StepGreeting, fmt.Errorf("%w: the first line is zzz", errProtocol))
		in.Evidence.Received = []byte(received)
		if d := s.name(in); d.Cause != diagnosis.CauseServerProtocolError || d.Args["found"] != want {
			t.Errorf("cause %s, found %q, want %q", d.Cause, d.Args["found"], want)
		}
	}
}

func TestNotOffered(t *testing.T) {
	for provider, want := range map[string]diagnosis.Cause{
		mailbox.ProviderMicrosoft: diagnosis.CauseAuthMechanismNotOffered,
		mailbox.ProviderCustom:    diagnosis.CauseServerOAuthNotSupported,
	} {
		s := sessionOf(definition(provider), IMAP)
		s.offered = []string{"PLAIN"}
		in := s.input(StepAuthenticate, fmt.Errorf("%w: XOAUTH2 is not among PLAIN", errNotOffered))
		if got := s.ownCause(in); got != want {
			t.Errorf("%s: cause %s, want %s", provider, got, want)
		}
	}
}

// A failure carries everything that decides between causes.
func TestEvidence(t *testing.T) {
	s := sessionOf(definition(mailbox.ProviderMicrosoft), IMAP)
	s.r.cfg.Evidence = diagnosis.Evidence{Proxy: "proxy.test:3128", Granted: []string{"before"}}
	s.saslUser, s.mechanism, s.offered = "info@contoso.com", mechXOAUTH2, []string{mechPlain, mechXOAUTH2}
	claims := &diagnosis.Claims{User: "hd01@contoso.com"}
	s.r.credentials = newPurse(context.Background(), s.r.cfg.Mailbox, func(context.Context, string) (Credential, error) {
		return Credential{Token: redact.NewSecret("t"), Account: "hd01@contoso.com", Claims: claims, Granted: []string{"a"}}, nil
	})
	if e := s.evidence(); e.Account != "" || e.Claims != nil || !slices.Equal(e.Granted, []string{"before"}) {
		t.Errorf("before the credential is there: %+v", e)
	}
	if _, err := s.r.credentials[""].get(context.Background()); err != nil {
		t.Fatal(err)
	}
	e := s.evidence()
	for what, ok := range map[string]bool{
		"definition": e.User == "helpdesk@contoso.com" && e.SharedMailbox == "info@contoso.com" && e.Sender == "info@contoso.com" && e.ClientID == "client" && e.Tenant == "contoso.com",
		"connection": e.Host == "mail.test" && e.Port == 993 && e.Security == "tls",
		"sign-in":    e.SASLUser == "info@contoso.com" && e.Mechanism == "XOAUTH2",
		"credential": e.Claims == claims && e.Account == "hd01@contoso.com" && slices.Equal(e.Granted, []string{"a"}),
		"base":       e.Proxy == "proxy.test:3128",
	} {
		if !ok {
			t.Errorf("%s is not there: %+v", what, e)
		}
	}
}

func TestProviderOf(t *testing.T) {
	consumers := definition(mailbox.ProviderMicrosoft)
	consumers.OAuth.AccountType = mailbox.AccountConsumers
	password := definition("")
	password.OAuth = nil
	for _, c := range []struct {
		d    mailbox.Definition
		want diagnosis.Provider
	}{
		{definition(mailbox.ProviderMicrosoft), diagnosis.Microsoft},
		{consumers, diagnosis.Outlook},
		{definition(mailbox.ProviderGoogle), diagnosis.Google},
		{definition(mailbox.ProviderCustom), diagnosis.Generic},
		{password, diagnosis.Generic},
	} {
		if got := newRun(t.Context(), Config{Mailbox: c.d}).cfg.Provider; got != c.want {
			t.Errorf("provider %s, want %s", got, c.want)
		}
	}
}

// A definition without servers has nothing to test.
func TestNothingToTest(t *testing.T) {
	for e := range Run(context.Background(), Config{}) {
		t.Errorf("event %+v", e)
	}
}

func TestResolve(t *testing.T) {
	for name, c := range map[string]struct {
		host        string
		found, want []string
	}{
		"an address needs nobody":  {"192.0.2.1", nil, []string{"192.0.2.1"}},
		"IPv6 too":                 {"2001:db8::1", nil, []string{"2001:db8::1"}},
		"one family":               {"mail.test", []string{"192.0.2.1", "192.0.2.2"}, []string{"192.0.2.1", "192.0.2.2"}},
		"in turn, the first first": {"mail.test", []string{"2001:db8::1", "2001:db8::2", "192.0.2.1"}, []string{"2001:db8::1", "192.0.2.1", "2001:db8::2"}},
		"IPv4 in IPv6 is IPv4":     {"mail.test", []string{"::ffff:192.0.2.1", "2001:db8::1"}, []string{"192.0.2.1", "2001:db8::1"}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := resolve(context.Background(), func(context.Context, string) ([]netip.Addr, error) {
				var out []netip.Addr
				for _, a := range c.found {
					out = append(out, netip.MustParseAddr(a))
				}
				return out, nil
			}, c.host)
			if err != nil {
				t.Fatal(err)
			}
			var text []string
			for _, a := range got {
				text = append(text, a.String())
			}
			if !slices.Equal(text, c.want) {
				t.Errorf("%v, want %v", text, c.want)
			}
		})
	}
}

// Of several failures the one over IPv4 tells most.
func TestDialError(t *testing.T) {
	v4, v6 := errors.New("over IPv4"), errors.New("over IPv6")
	at4 := attempt{address: netip.MustParseAddrPort("192.0.2.1:993"), err: v4}
	at6 := attempt{address: netip.MustParseAddrPort("[2001:db8::1]:993"), err: v6}
	for _, c := range []struct {
		tried []attempt
		want  error
	}{{[]attempt{at6, at4}, v4}, {[]attempt{at4, at6}, v4}, {[]attempt{at6}, v6}} {
		if got := dialError(context.Background(), c.tried); got != c.want {
			t.Errorf("%v, want %v", got, c.want)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if got := dialError(ctx, []attempt{at4}); got != context.Canceled {
		t.Errorf("%v, want the end of the context", got)
	}
}

func TestReplyLine(t *testing.T) {
	for line, want := range map[string]struct {
		code     int
		last, ok bool
	}{
		"250 ok": {250, true, true}, "250-more": {250, false, true}, "250": {250, true, true}, "250 ": {250, true, true},
		"25": {}, "": {}, "2500": {250, false, false}, "abc ok": {}, "199 x": {}, "600 x": {}, "-50 x": {}, "+25 x": {},
	} {
		code, last, ok := replyLine(line)
		if ok != want.ok || ok && (code != want.code || last != want.last) {
			t.Errorf("%q: %d %v %v", line, code, last, ok)
		}
	}
}

// local is a connection with an address of our own.
type local struct {
	net.Conn
	addr net.Addr
}

func (l local) LocalAddr() net.Addr { return l.addr }

func TestSMTPName(t *testing.T) {
	for want, addr := range map[string]net.Addr{
		"[192.0.2.9]":          &net.TCPAddr{IP: net.ParseIP("192.0.2.9"), Port: 4711},
		"[IPv6:2001:db8::9]":   &net.TCPAddr{IP: net.ParseIP("2001:db8::9")},
		"[IPv6:fe80::9]":       &net.TCPAddr{IP: net.ParseIP("fe80::9"), Zone: "eth0"},
		"localhost":            &net.UnixAddr{Name: "x"},
		"[IPv6:2001:db8::a:b]": &net.TCPAddr{IP: net.ParseIP("2001:db8::a:b")},
	} {
		d := &smtpDialog{surroundings: surroundings{wire: newWire(context.Background(), local{addr: addr}, &transcript{})}}
		if got := d.name(); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

// What a protocol says to the token for one resource tells nothing about that
// for another.
func TestOnlyTheSameTokenIsEvidence(t *testing.T) {
	t.Cleanup(RegisterSieve())
	t.Cleanup(SieveTakes("https://graph.microsoft.com/Mail.Read"))
	d := definition(mailbox.ProviderMicrosoft)
	d.SetServer(SMTP, &mailbox.Server{Host: "mail.test", Port: 587, Security: mailbox.SecuritySTARTTLS})
	d.SetServer(Sieve, &mailbox.Server{Host: "mail.test", Port: 4190, Security: mailbox.SecuritySTARTTLS})
	r := newRun(t.Context(), Config{Mailbox: d})
	for _, s := range r.sessions {
		s.decide(map[Protocol]decision{IMAP: accepted, SMTP: refused, Sieve: accepted}[s.protocol])
	}
	for _, s := range r.sessions {
		s.failure = &failure{}
		s.learn()
		want := map[diagnosis.Phase]bool{diagnosis.PhaseIMAP: true, diagnosis.PhaseSMTP: false}
		if s.protocol == Sieve {
			want = map[diagnosis.Phase]bool{"sieve": true}
		}
		if got := s.failure.input.Evidence.SignedIn; !maps.Equal(got, want) {
			t.Errorf("%s: %v", s.protocol, got)
		}
	}
}
