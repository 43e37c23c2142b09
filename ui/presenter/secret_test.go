package presenter_test

import (
	"context"
	"encoding/base64"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/net/http/httpproxy"

	"mailgrant/app/authorization"
	"mailgrant/internal/diagnosis"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/mailtest"
	"mailgrant/oauth"
	"mailgrant/ui/presenter"
	"mailgrant/ui/scripted"
)

// The environment as it is now, not as it was at the first request.
func init() {
	oauth.EnvironmentProxy = func(r *http.Request) (*url.URL, error) { return httpproxy.FromEnvironment().ProxyFunc()(r.URL) }
}

func TestACertificateIsTheClientSecret(t *testing.T) {
	d := scripted.Helpdesk()
	d.OAuth.AccountType = mailbox.AccountApplication
	s := play(t, nil, d)
	p := s.Presenter
	if !p.State().Form.Certifies {
		t.Error("an application may not have a certificate")
	}
	stored := func() string { return s.Engine.Secret(authorization.ClientSecret) }
	p.SetCertificate([]byte("PFX\x00"))
	if st := p.State(); !strings.Contains(st.Form.Refused[authorization.ClientSecret], "PEM") || stored() != "" {
		t.Errorf("something else: %q, stored %t", st.Form.Refused, stored() != "")
	}
	// Good for the form, not for the engine.
	s.Engine.SecretFails = authorization.ErrCertificate
	p.SetCertificate([]byte("-----BEGIN CERTIFICATE-----\n"))
	if r := p.State().Form.Refused; len(r) != 0 {
		t.Errorf("the old reason stays: %q", r)
	}
	until(t, s, func(st presenter.State) bool { return st.Form.Refused[authorization.ClientSecret] != "" })
	if n := p.State().Notice; n != nil {
		t.Errorf("told twice: %+v", n)
	}
	s.Engine.SecretFails = nil
	p.SetCertificate([]byte("Bag Attributes\n    localKeyID: 01\n-----BEGIN CERTIFICATE-----\n"))
	until(t, s, func(st presenter.State) bool { return st.Form.Secrets[authorization.ClientSecret] })
	if stored() != "-----BEGIN CERTIFICATE-----\n" || len(p.State().Form.Refused) != 0 {
		t.Errorf("stored %q, refused %q", stored(), p.State().Form.Refused)
	}
}

func TestAProxyThatWantsAPassword(t *testing.T) {
	s := playHelpdesk(t)
	begun := signInFails(t, s, diagnosis.New(diagnosis.CauseProxyAuthRequired, "", nil))
	p := s.Presenter
	st := p.State()
	if a := st.Auth.Finding.Actions; len(a) != 1 || a[0].ID != presenter.ActionProxySecret || !a[0].Primary || st.Auth.Primary {
		t.Errorf("offered: %+v, request primary: %t", a, st.Auth.Primary)
	}
	p.SetSecret(authorization.Password, "something else", func() {})
	until(t, s, func(st presenter.State) bool { return st.Form.Secrets[authorization.Password] })
	if len(begun) != 0 {
		t.Error("tried again with the wrong secret")
	}
	p.SetSecret(authorization.ProxyPassword, "anna:canary", func() {})
	until(t, s, func(st presenter.State) bool { return st.Auth.Waiting != nil })
	(<-begun).done <- nil
	until(t, s, func(st presenter.State) bool { return st.Auth.Waiting == nil })
	if s.Engine.Secret(authorization.ProxyPassword) != "anna:canary" || p.State().Auth.Finding != nil {
		t.Errorf("in the end: %+v", p.State().Auth)
	}
	p.SetSecret(authorization.ProxyPassword, "anna:other", func() {})
	until(t, s, func(presenter.State) bool { return s.Engine.Secret(authorization.ProxyPassword) == "anna:other" })
	s.Settle()
	if p.State().Auth.Waiting != nil {
		t.Error("a new password for its own sake begins a sign-in")
	}
}

// The mailbox that waited is not the open one any more.
func TestAnotherMailboxIsNotSignedIn(t *testing.T) {
	s := play(t, nil, named("A"), named("B"))
	begun := signInFails(t, s, diagnosis.New(diagnosis.CauseProxyAuthRequired, "", nil))
	s.Presenter.SetSecret(authorization.ProxyPassword, "anna:canary", func() {})
	s.Presenter.Select(1)
	until(t, s, func(st presenter.State) bool { return st.Notice != nil })
	if len(begun) != 0 || s.Presenter.State().Auth.Waiting != nil {
		t.Error("the other mailbox is signed in")
	}
}

// A test that has to renew the token first may meet the proxy, too.
func TestATestThatMeetsAProxy(t *testing.T) {
	s := playValid(t)
	d := diagnosis.New(diagnosis.CauseProxyAuthRequired, diagnosis.PhaseRefresh, nil)
	s.Tests = scripted.Tests(scripted.Fails(mailtest.IMAP, mailtest.StepAuthenticate, d, s.Now), nil)
	s.Presenter.Test()
	until(t, s, func(st presenter.State) bool { return !st.Test.Running })
	st := s.Presenter.State()
	var offered []presenter.Action
	for _, f := range st.Test.Findings {
		offered = append(offered, f.Actions...)
	}
	for _, p := range st.Test.Protocols {
		if p.Finding != nil {
			offered = append(offered, p.Finding.Actions...)
		}
	}
	if len(offered) != 1 || offered[0].ID != presenter.ActionProxySecret || st.Test.Primary {
		t.Errorf("offered %+v, test primary: %t", offered, st.Test.Primary)
	}
	s.Tests = scripted.Tests(scripted.AllGood(), nil)
	s.Presenter.SetSecret(authorization.ProxyPassword, "anna:canary", func() {})
	until(t, s, func(st presenter.State) bool { return st.Test.Summary.Mark == presenter.MarkGood })
}

// unopened is the real engine without a browser.
type unopened struct{ *authorization.Manager }

func (u unopened) Request(ctx context.Context, d mailbox.Definition, o authorization.Options) (authorization.Result, error) {
	o.Opener = u
	return u.Manager.Request(ctx, d, o)
}

// Open implements oauth.Opener.
func (unopened) Open(context.Context, string, string) (string, error) { return "none", nil }

// The real engine at a proxy on this machine: a password is asked for where it
// helps, and is what the proxy gets the next time.
func TestTheProxyGetsThePassword(t *testing.T) {
	demands := "Negotiate"
	logins := make(chan string, 64)
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		login := r.Header.Get("Proxy-Authorization")
		logins <- login
		if login == "" {
			w.Header().Set("Proxy-Authenticate", demands)
			w.WriteHeader(http.StatusProxyAuthRequired)
			return
		}
		w.WriteHeader(http.StatusBadGateway)
	}))
	t.Cleanup(proxy.Close)
	t.Setenv("HTTPS_PROXY", proxy.URL)
	t.Setenv("NO_PROXY", "")
	t.Setenv("MAILGRANT_KEY_FILE", filepath.Join(t.TempDir(), "key"))
	s := scripted.NewStage(i18n.English, scripted.Helpdesk())
	config := s.Config()
	config.Engine = unopened{authorization.New(t.TempDir(), s.Texts, slog.New(slog.DiscardHandler))}
	s.Presenter = presenter.New(config)
	t.Cleanup(s.Presenter.Close)
	answered := func(st presenter.State) bool { return st.Auth.Waiting == nil && st.Auth.Finding != nil }
	for _, c := range []struct {
		demands string
		actions int
	}{{"Negotiate", 0}, {"Basic realm=\"internet\"", 1}} {
		demands = c.demands
		s.Presenter.Request()
		until(t, s, answered)
		f := s.Presenter.State().Auth.Finding
		if f.Title != diagnosis.New(diagnosis.CauseProxyAuthRequired, "", nil).Render(s.Texts).Title || len(f.Actions) != c.actions {
			t.Errorf("%s: %q (%q), %d actions", c.demands, f.Title, f.Words, len(f.Actions))
		}
	}
	for len(logins) > 0 {
		if login := <-logins; login != "" {
			t.Errorf("signed in as %q before a password was typed", login)
		}
	}
	s.Presenter.SetSecret(authorization.ProxyPassword, "anna:canary", func() {})
	until(t, s, func(st presenter.State) bool { return st.Auth.Waiting != nil })
	until(t, s, answered)
	if login, want := <-logins, "Basic "+base64.StdEncoding.EncodeToString([]byte("anna:canary")); login != want {
		t.Errorf("the proxy got %q; want %q", login, want)
	}
}
