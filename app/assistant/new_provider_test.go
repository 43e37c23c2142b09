package assistant_test

import (
	"context"
	"log/slog"
	"net"
	"net/http/httptest"
	"net/netip"
	"slices"
	"testing"

	"mailgrant/app/assistant"
	"mailgrant/internal/diagnosis"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/provider"
	"mailgrant/mailtest"
)

// One entry in the table of providers, and the finder proposes it, definitions
// name it, its texts are told apart, and a test knows its hosts.
func TestANewProviderIsOneEntry(t *testing.T) {
	d := mailbox.Definition{
		Name: "a", Sender: "a@acme.example", Servers: mailbox.NewServers(mailbox.Given{mailbox.IMAP: &mailbox.Server{Host: "example.com", Port: 993, Security: mailbox.SecurityTLS}}),
		OAuth: &mailbox.OAuth{Provider: "acme", ClientID: "x"},
	}.Normalize()
	if d.Validate() == nil || inspected(t, d) {
		t.Fatal("known before it is entered")
	}
	known := provider.Profiles
	t.Cleanup(func() { provider.Profiles = known })
	with := append(slices.Clone(known()), provider.Profile{
		ID: "acme", Name: "Acme Mail", Family: "acme", Authority: "https://id.acme.example", BaseScopes: provider.OpenIDScopes,
		Scopes: map[string]string{"imap": "mail", "pop3": "mail", "smtp": "mail"},
		Servers: map[string]mailbox.Server{
			"imap": {Host: "example.com", Port: 993, Security: mailbox.SecurityTLS},
			"pop3": {Host: "pop.acme.example", Port: 995, Security: mailbox.SecurityTLS},
			"smtp": {Host: "smtp.acme.example", Port: 465, Security: mailbox.SecurityTLS},
		},
		Domains: []string{"acme.example", "example.com"}, MX: []string{"mx.acme.example"},
	})
	provider.Profiles = func() []provider.Profile { return with }

	f := assistant.Finder{Log: slog.New(slog.DiscardHandler), LookupMX: func(context.Context, string) ([]*net.MX, error) {
		return []*net.MX{{Host: "a.mx.acme.example."}}, nil
	}}
	proposed, _ := f.Propose(t.Context(), mailbox.Definition{Sender: "desk@shop.example"})
	if proposed.OAuth == nil || proposed.OAuth.Provider != "acme" || proposed.Server(mailbox.SMTP).Port != 465 {
		t.Errorf("proposed: %+v", proposed)
	}
	if err := d.Validate(); err != nil {
		t.Errorf("a definition: %v", err)
	}
	if !inspected(t, d) {
		t.Error("a private certificate at its host is taken for its own")
	}
	in := diagnosis.Input{Phase: diagnosis.PhaseIMAP, Text: "NO [AUTHENTICATIONFAILED] Invalid credentials", Evidence: diagnosis.Evidence{Host: d.Server(mailbox.IMAP).Host}}
	if got := diagnosis.Explain(in); got.Cause == diagnosis.CauseUnknown {
		t.Errorf("what every server may say is %v", got.Causes)
	}
}

// inspected tests a server with a certificate of its own, and tells whether
// that is taken for the work of a firewall.
func inspected(t *testing.T, d mailbox.Definition) bool {
	t.Helper()
	server := httptest.NewTLSServer(nil) // its certificate is for example.com
	defer server.Close()
	cfg := mailtest.Config{
		Mailbox: d,
		Resolve: func(context.Context, string) ([]netip.Addr, error) {
			return []netip.Addr{netip.MustParseAddr("192.0.2.1")}, nil
		},
		Dial: func(ctx context.Context, _ netip.AddrPort) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, "tcp", server.Listener.Addr().String())
		},
	}
	for e := range mailtest.Run(t.Context(), cfg) {
		if e.Diagnosis != nil && e.Step == mailtest.StepTLS {
			return e.Diagnosis.Cause == "tls-interception-untrusted-ca" && e.Diagnosis.Certainty == diagnosis.Certain
		}
	}
	return false
}
