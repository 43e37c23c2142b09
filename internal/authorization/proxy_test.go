package authorization

import (
	"net/http"
	"testing"

	"mailgrant/internal/diagnosis"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/redact"
	"mailgrant/oauth"
)

func TestTheStoredProxyPasswordIsUsed(t *testing.T) {
	r := newRig(t)
	if err := r.SetSecret(r.d, ProxyPassword, redact.NewSecret("anna:pass")); err != nil {
		t.Fatal(err)
	}
	var used redact.Secret
	r.http = func(d mailbox.Definition, login redact.Secret) (*http.Client, error) {
		used = login
		return oauth.HTTPClientWith(d, login)
	}
	r.signIn(t)
	if used.Reveal() != "anna:pass" {
		t.Error("the client was made without the proxy's password")
	}
}

// A shut port behind a proxy: the diagnosis says that the proxy does not help.
func TestAShutPortNamesTheProxy(t *testing.T) {
	t.Setenv("HTTPS_PROXY", "http://user:canary@proxy.example.com:3128")
	t.Setenv("NO_PROXY", "")
	d := newRig(t).d
	if e := Evidence(t.Context(), d); e.Proxy != "" {
		t.Errorf("proxy %q on the way to this machine", e.Proxy)
	}
	d.IMAP.Host = "outlook.office365.com"
	e := Evidence(t.Context(), d)
	if e.Proxy != "http://proxy.example.com:3128" {
		t.Fatalf("proxy %q", e.Proxy)
	}
	with := diagnosis.New(diagnosis.CausePortBlocked, diagnosis.PhaseIMAP, i18n.Args{"proxy": e.Proxy})
	without := diagnosis.New(diagnosis.CausePortBlocked, diagnosis.PhaseIMAP, nil)
	for _, l := range i18n.Languages {
		a, b := with.Render(i18n.For(l)).Fix, without.Render(i18n.For(l)).Fix
		if len(a) != len(b)+1 {
			t.Errorf("%s: fixes with a proxy %q", l, a)
		}
	}
}
