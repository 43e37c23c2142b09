package diagnosis

import (
	"maps"
	"net"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestConditionsHold: every condition that is computed from the evidence, with
// evidence for which it holds and some for which it does not.
func TestConditionsHold(t *testing.T) {
	token := func(change func(*Claims)) Input {
		return Input{Phase: PhaseIMAP, Provider: Microsoft, Evidence: Evidence{User: helpdesk, Sender: helpdesk, Account: helpdesk, SASLUser: helpdesk, Mechanism: "XOAUTH2", Claims: with(change)}}
	}
	asIs := token(func(*Claims) {})
	of := func(e Evidence) Input { return Input{Phase: PhaseIMAP, Provider: Microsoft, Evidence: e} }
	step := func(name string, e Evidence) Input { return Input{Phase: PhaseIMAP, Step: name, Evidence: e} }
	named := func(p Provider) Input { return Input{Phase: PhaseIMAP, Provider: p} }
	app := token(func(c *Claims) { c.IDType, c.Scopes, c.Roles, c.User = "app", nil, []string{"IMAP.AccessAsApp"}, "" })
	granted := func(scope string) Input {
		return Input{Phase: PhaseIMAP, Provider: Google, Evidence: Evidence{Granted: []string{scope}}}
	}
	cases := map[string]struct{ holds, not []Input }{
		"anywhere":         {[]Input{{}, asIs}, nil},
		"microsoft":        {[]Input{named(Microsoft), named(Outlook), {Text: "AADSTS50011"}}, []Input{named(Google), named(Generic), {}}},
		"outlook":          {[]Input{named(Outlook), {Text: "name@outlook.com was refused"}}, []Input{named(Microsoft), named(Google)}},
		"google":           {[]Input{named(Google), {Text: "535 5.7.8 https://support.google.com/mail gsmtp"}}, []Input{named(Microsoft), named(Generic)}},
		"generic":          {[]Input{named(Generic), named("yahoo"), {}}, []Input{named(Microsoft), named(Google)}},
		"maybe-microsoft":  {[]Input{named(Microsoft), named(Outlook), {}}, []Input{named(Google), named(Generic)}},
		"maybe-google":     {[]Input{named(Google), {}}, []Input{named(Microsoft), named(Outlook), named(Generic)}},
		"unknown-provider": {[]Input{{}, named("")}, []Input{named(Generic), named(Google), {Text: "AADSTS50126"}, of(Evidence{Host: "mail.contoso.test"})}},
		"mail":             {[]Input{{}, {Phase: PhaseIMAP}, {Phase: PhasePOP3}, {Phase: PhaseSMTP}}, []Input{{Phase: PhaseToken}, {Phase: PhaseTLS}, {Text: "AADSTS50126"}}},
		"oauth":            {[]Input{{Phase: PhaseAuthorize}, {Phase: PhaseToken}, {Phase: PhaseRefresh}, {Phase: PhaseDevice}, {Text: "AADSTS50126"}}, []Input{{Phase: PhaseIMAP}, {}}},

		"bearer":         {[]Input{asIs, of(Evidence{Mechanism: "oauthbearer"}), {Text: "AUTHENTICATE XOAUTH2 failed"}}, []Input{of(Evidence{Mechanism: "PLAIN"}), {}}},
		"password-sent":  {[]Input{of(Evidence{Mechanism: "PLAIN"}), of(Evidence{Mechanism: "LOGIN"}), {Text: "AUTH LOGIN failed"}}, []Input{asIs, {}}},
		"security-tls":   {[]Input{of(Evidence{Security: "tls"})}, []Input{of(Evidence{Security: "starttls"}), {}}},
		"security-none":  {[]Input{of(Evidence{Security: "none"})}, []Input{of(Evidence{Security: "tls"}), {}}},
		"step-tls":       {[]Input{step("tls", Evidence{})}, []Input{step("greeting", Evidence{}), {}}},
		"ipv6":           {[]Input{of(Evidence{Host: "2001:db8::1"}), {Text: "dial tcp [2001:db8::1]:587: network is unreachable"}}, []Input{of(Evidence{Host: "192.0.2.1"}), {Text: "dial tcp 192.0.2.1:587"}, {Text: "at 10:11:12"}}},
		"proxy":          {[]Input{of(Evidence{Proxy: "proxy.contoso.test:3128"})}, []Input{{}}},
		"host":           {[]Input{of(Evidence{Host: "mail.contoso.com"})}, []Input{{}}},
		"address-google": {[]Input{of(Evidence{User: "name@gmail.com"}), of(Evidence{User: helpdesk, SharedMailbox: "name@googlemail.com"})}, []Input{asIs}},

		"token-app":       {[]Input{app, {Text: "grant client_credentials was refused"}}, []Input{asIs, {}}},
		"token-delegated": {[]Input{asIs, of(Evidence{Account: helpdesk})}, []Input{app, {}}},
		"guest":           {[]Input{token(func(c *Claims) { c.User = "x_fabrikam.com#EXT#@contoso.test" })}, []Input{asIs, {}}},
		"guest-named":     {[]Input{{Text: "x_fabrikam.com#EXT#@contoso.test was refused"}}, []Input{{Text: "x@fabrikam.com"}}},
		"account-own":     {[]Input{asIs}, []Input{token(func(c *Claims) { c.User = admin })}},
		"account-user":    {[]Input{of(Evidence{User: helpdesk, SharedMailbox: shared, Account: helpdesk})}, []Input{asIs}},
		"account-other":   {[]Input{token(func(c *Claims) { c.User = admin }), of(Evidence{User: helpdesk, Account: admin})}, []Input{asIs}},
		"own-mailbox":     {[]Input{asIs, of(Evidence{Account: helpdesk, Sender: "Helpdesk@Contoso.test"})}, []Input{of(Evidence{User: helpdesk, SharedMailbox: shared}), of(Evidence{User: helpdesk, Sender: shared}), {}}},
		"as-user":         {[]Input{of(Evidence{As: "user"})}, []Input{of(Evidence{As: "application"}), {}}},
		"as-application":  {[]Input{of(Evidence{As: "application"})}, []Input{of(Evidence{As: "user"}), {}}},
		"shared-mailbox":  {[]Input{of(Evidence{User: helpdesk, SharedMailbox: shared})}, []Input{asIs}},

		"sasl-account": {[]Input{asIs}, []Input{of(Evidence{User: helpdesk, Account: helpdesk, SASLUser: "desk@contoso.test"})}},
		"sasl-shared":  {[]Input{of(Evidence{User: helpdesk, Account: helpdesk, SharedMailbox: shared, SASLUser: shared})}, []Input{asIs}},
		"sasl-alias":   {[]Input{{Phase: PhaseSMTP, Provider: Microsoft, Evidence: Evidence{User: helpdesk, Sender: helpdesk, Account: helpdesk, SASLUser: "desk@contoso.test", Claims: good(), SignedIn: map[Phase]bool{PhaseIMAP: true}}}}, []Input{asIs}},
		"sasl-other":   {[]Input{of(Evidence{User: helpdesk, Account: helpdesk, SASLUser: admin})}, []Input{asIs}},

		"audience-mail":  {[]Input{asIs}, []Input{token(func(c *Claims) { c.Audience = []string{"https://graph.microsoft.com"} }), token(func(c *Claims) { c.Audience = nil })}},
		"audience-other": {[]Input{token(func(c *Claims) { c.Audience = []string{"https://graph.microsoft.com"} })}, []Input{asIs, token(func(c *Claims) { c.Audience = nil }), {}}},
		"token-expired":  {[]Input{token(func(c *Claims) { c.Expires = time.Now().Add(-time.Minute) })}, []Input{asIs, token(func(c *Claims) { c.Expires = time.Time{} }), {}}},
		"token-valid":    {[]Input{asIs}, []Input{token(func(c *Claims) { c.Expires = time.Now().Add(-time.Minute) }), {}}},
		"scope-missing":  {[]Input{token(func(c *Claims) { c.Scopes = []string{"SMTP.Send"} }), granted("https://www.googleapis.com/auth/gmail.readonly")}, []Input{asIs, granted("https://mail.google.com/"), named(Google), {}, {Phase: PhaseIMAP, Provider: Generic, Evidence: Evidence{Granted: []string{"openid"}}}}},
		"scope-present":  {[]Input{asIs, of(Evidence{Granted: []string{"https://outlook.office.com/IMAP.AccessAsUser.All"}}), granted("https://mail.google.com")}, []Input{token(func(c *Claims) { c.Scopes = []string{"SMTP.Send"} }), {}}},
		"role-missing":   {[]Input{token(func(c *Claims) { c.IDType, c.Scopes, c.Roles = "app", nil, []string{"POP.AccessAsApp"} })}, []Input{app, {}}},
		"role-present":   {[]Input{app}, []Input{token(func(c *Claims) { c.IDType, c.Scopes, c.Roles = "app", nil, []string{"POP.AccessAsApp"} }), {}}},

		"other-protocol-in": {[]Input{of(Evidence{SignedIn: map[Phase]bool{PhasePOP3: true}}), of(Evidence{SignedIn: map[Phase]bool{PhaseSMTP: true}})}, []Input{of(Evidence{SignedIn: map[Phase]bool{PhasePOP3: false}}), of(Evidence{SignedIn: map[Phase]bool{PhaseIMAP: true}}), {}}},
		"reader-in":         {[]Input{of(Evidence{SignedIn: map[Phase]bool{PhasePOP3: true}})}, []Input{of(Evidence{SignedIn: map[Phase]bool{PhaseSMTP: true}}), of(Evidence{SignedIn: map[Phase]bool{PhasePOP3: true}, Unopened: map[Phase]bool{PhasePOP3: true}}), {}}},
		"works":             {[]Input{of(Evidence{Works: map[Phase]bool{PhaseIMAP: true, PhasePOP3: false}}), {Evidence: Evidence{Works: map[Phase]bool{PhaseIMAP: true, PhasePOP3: true}}}}, []Input{of(Evidence{Works: map[Phase]bool{PhaseIMAP: false, PhasePOP3: true}}), {Evidence: Evidence{Works: map[Phase]bool{PhaseIMAP: true, PhasePOP3: false}}}, {}}},
		"reader-unopened":   {[]Input{of(Evidence{SignedIn: map[Phase]bool{PhasePOP3: true}, Unopened: map[Phase]bool{PhasePOP3: true}})}, []Input{of(Evidence{SignedIn: map[Phase]bool{PhasePOP3: true}}), {}}},

		"known-host":   {[]Input{of(Evidence{Host: "imap.gmail.com"}), of(Evidence{Host: "login.microsoftonline.com"}), {Err: &net.DNSError{Name: "outlook.office365.com"}}}, []Input{of(Evidence{Host: "mail.contoso.com"}), {}}},
		"private-host": {[]Input{of(Evidence{Host: "mail.contoso.local"}), of(Evidence{Host: "mailserver"}), of(Evidence{Host: "10.0.0.1"}), of(Evidence{Host: "nas.home.arpa."})}, []Input{of(Evidence{Host: "mail.contoso.com"}), of(Evidence{Host: "thelan.com"}), {}}},
		"clock-off":    {[]Input{of(Evidence{ClockOffset: -2 * time.Hour})}, []Input{of(Evidence{ClockOffset: time.Minute}), {}}},
		"signs-itself": {[]Input{of(Evidence{Chain: chain("mail.contoso.com", "", false)})}, []Input{of(Evidence{Chain: chain("mail.contoso.com", "Contoso CA", true)}), {}}},
	}
	names := slices.Collect(maps.Keys(conditions))
	for kind, c := range comparisons {
		if !slices.Contains([]string{"address", "chain", "security", "step"}, kind) {
			for value := range strings.FieldsSeq(c.values) {
				names = append(names, kind+"-"+value)
			}
		}
	}
	for _, name := range names {
		if _, ok := cases[name]; !ok {
			t.Errorf("%s is not tested", name)
		}
	}
	for name, c := range cases {
		for want, inputs := range map[bool][]Input{true: c.holds, false: c.not} {
			for _, in := range inputs {
				b := theBook()
				if f := gather(in, look(b, in.Text)); f.is(name) != want {
					t.Errorf("%s is %v for %+v", name, !want, in)
				}
			}
		}
	}
}

// TestPortsOfTheFailure: what is known counts, then what the text names.
func TestPortsOfTheFailure(t *testing.T) {
	for text, want := range map[string]bool{"dial tcp 192.0.2.1:25: i/o timeout": true, "Port 25 is blocked": true, "error 25": false, "host:2525": false, "": false} {
		if f := (&facts{in: Input{Text: text}}); f.is("port-25") != want {
			t.Errorf("%q: %v", text, !want)
		}
	}
	if f := (&facts{in: Input{Text: "port 25", Evidence: Evidence{Port: 587}}}); f.is("port-25") || !f.is("port-587") {
		t.Error("the text is believed more than the evidence")
	}
}

// TestOutcomesDecide: what each outcome of an experiment makes of a refusal
// that leaves several causes open.
func TestOutcomesDecide(t *testing.T) {
	const (
		unreachable = "dial tcp 192.0.2.1:587: i/o timeout"
		unresolved  = "dial tcp: lookup imap.contoso.test: no such host"
		untrusted   = "x509: certificate signed by unknown authority"
		outdated    = "x509: certificate has expired or is not yet valid"
		plain       = "tls: first record does not look like a TLS handshake"
	)
	for _, c := range []struct {
		text         string
		phase        Phase
		evidence     Evidence
		id           Experiment
		outcome      string
		first, never Cause
		certain      bool
	}{
		{"NO AUTHENTICATE failed.", PhaseIMAP, Evidence{Mechanism: "XOAUTH2"}, RenewAndRetry, "accepted", "token-expired", "token-wrong-audience", true},
		{"NO AUTHENTICATE failed.", PhaseIMAP, Evidence{Mechanism: "XOAUTH2"}, RenewAndRetry, "refused", "token-wrong-audience", "token-expired", false},
		{unresolved, PhaseIMAP, Evidence{}, NameVariants, "found", "wrong-host-name", "dns-not-resolved", true},
		{unresolved, PhaseIMAP, Evidence{}, NameVariants, "none", "dns-not-resolved", "wrong-host-name", false},
		{unreachable, PhaseSMTP, Evidence{Security: "starttls"}, UsualPorts, "answer", "wrong-port-or-encryption", "port-blocked", false},
		{unreachable, PhaseSMTP, Evidence{Security: "starttls"}, OtherFamily, "works", "", "port-blocked", false},
		{unreachable, PhaseSMTP, Evidence{Security: "starttls"}, OtherProtocol, "works", "", "wrong-host-name", false},
		{untrusted, PhaseTLS, Evidence{}, FetchChain, "inspector", "tls-interception-untrusted-ca", "tls-self-signed", true},
		{untrusted, PhaseTLS, Evidence{}, FetchChain, "public", "local-ca-store-broken", "tls-self-signed", true},
		{untrusted, PhaseTLS, Evidence{}, FetchChain, "alone", "tls-server-chain-incomplete", "local-ca-store-broken", true},
		{untrusted, PhaseTLS, Evidence{}, FetchChain, "private", "tls-self-signed", "tls-server-chain-incomplete", false},
		{outdated, PhaseTLS, Evidence{}, Clock, "right", "tls-certificate-expired", "clock-skew", true},
		{outdated, PhaseTLS, Evidence{}, Clock, "wrong", "clock-skew", "tls-certificate-expired", true},
		{plain, PhaseSMTP, Evidence{Security: "tls"}, SpeakPort, "plain", "wrong-port-or-encryption", "", true},
		{"503 5.5.1 AUTH command not advertised", PhaseSMTP, Evidence{}, SMTPOffers, "after-tls", "starttls-missing", "auth-mechanism-not-offered", true},
		{"503 5.5.1 AUTH command not advertised", PhaseSMTP, Evidence{}, SMTPOffers, "never", "auth-mechanism-not-offered", "starttls-missing", true},
		{"proxyconnect tcp: dial tcp 192.0.2.7:3128: connect: connection refused", PhaseToken, Evidence{}, ProxyAndPortal, "direct-works", "proxy-unreachable", "", true},
		{"proxyconnect tcp: dial tcp 192.0.2.7:3128: connect: connection refused", PhaseToken, Evidence{}, ProxyAndPortal, "proxy-works", "", "proxy-unreachable", false},
	} {
		e := c.evidence
		e.Tried = map[Experiment]string{c.id: c.outcome}
		provider := Microsoft
		if c.phase == PhaseTLS || c.text == unresolved {
			provider = Generic
		}
		d := Explain(Input{Phase: c.phase, Provider: provider, Text: c.text, Evidence: e})
		if c.first != "" && d.Cause != c.first || slices.Contains(d.Causes, c.never) || c.certain != (d.Certainty == Certain) {
			t.Errorf("%s=%s, %q: %s %v", c.id, c.outcome, c.text, d.Certainty, d.Causes)
		}
		if wanted := Wanted(d, e); slices.Contains(wanted, c.id) {
			t.Errorf("%s is wanted again", c.id)
		}
	}
}

// TestVerdictsAreSound: of all texts, whatever they are labelled: at least one
// cause, at most five, none twice, the first is the cause; certain is one
// alone.
func TestVerdictsAreSound(t *testing.T) {
	for _, file := range []string{"open", "fresh", "mail", "signin", "connection"} {
		for _, s := range readSamples(t, "testdata/"+file+".jsonl") {
			for _, d := range ExplainText(s.Raw, Phase(s.Phase), Provider(s.Provider)) {
				switch {
				case len(d.Causes) == 0 || d.Cause != d.Causes[0]:
					t.Errorf("%s: the cause %s is not the first of %v", s.ID, d.Cause, d.Causes)
				case len(d.Causes) > maxCauses:
					t.Errorf("%s: %d causes", s.ID, len(d.Causes))
				case d.Certainty == Certain && len(d.Causes) != 1:
					t.Errorf("%s: certain of %v", s.ID, d.Causes)
				case len(slices.Compact(slices.Sorted(slices.Values(d.Causes)))) != len(d.Causes):
					t.Errorf("%s: twice the same: %v", s.ID, d.Causes)
				case d.Cause == CauseUnknown && d.Certainty != Possible:
					t.Errorf("%s: %s that nothing is known", s.ID, d.Certainty)
				}
			}
		}
	}
}
