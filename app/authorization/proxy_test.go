package authorization

import (
	"errors"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/net/http/httpproxy"

	"mailgrant/internal/diagnosis"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/redact"
	"mailgrant/oauth"
)

// The environment as it is now, not as it was at the first request.
func init() {
	oauth.EnvironmentProxy = func(r *http.Request) (*url.URL, error) { return httpproxy.FromEnvironment().ProxyFunc()(r.URL) }
}

func TestTheStoredProxyPasswordIsUsed(t *testing.T) {
	r := newRig(t)
	if err := r.SetSecret(r.d, ProxyPassword, redact.NewSecret("anna:pass")); err != nil {
		t.Fatal(err)
	}
	var used redact.Secret
	r.http = func(d mailbox.Definition, login redact.Secret) (*http.Client, error) {
		used = login
		return oauth.HTTPClient(d, login)
	}
	r.signIn(t)
	if used.Reveal() != "anna:pass" {
		t.Error("the client was made without the proxy's password")
	}
}

func (r *rig) wantProxy(t *testing.T, d mailbox.Definition, value string) {
	t.Helper()
	if s, err := r.secret(d, ProxyPassword); err != nil || s.Value != value {
		t.Errorf("%s of %s: stored %t, %v; wanted %t", d.Name, d.User, s.Value != "", err, value != "")
	}
}

// someoneElse is a new mailbox with the name of r.d, in another case.
func (r *rig) someoneElse() mailbox.Definition {
	d := r.d.Clone()
	d.Name, d.User, d.Sender = strings.ToUpper(d.Name), "new@contoso.com", "new@contoso.com"
	return d
}

func TestAProxyLoginNamesAUserUnlessTheAddressDoes(t *testing.T) {
	r := newRig(t)
	d := r.d.Clone()
	d.OAuth.Authority = "" // the practice tenant's is reached without a proxy
	for address, want := range map[string]error{"": ErrProxyLogin, "http://proxy.test:3128": ErrProxyLogin, "http://anna@proxy.test:3128": nil} {
		t.Setenv("HTTPS_PROXY", address)
		if err := r.SetSecret(d, ProxyPassword, redact.NewSecret("pass")); !errors.Is(err, want) || r.HasSecret(d, ProxyPassword) != (want == nil) {
			t.Errorf("%q: %v", address, err)
		}
		_ = r.RemoveSecret(d, ProxyPassword)
	}
}

// What a deleted mailbox left is not that of the next one with its name, and
// is there when the deletion is taken back.
func TestANewMailboxOfTheNameLeavesTheProxyPassword(t *testing.T) {
	r := newRig(t)
	if err := r.SetSecret(r.d, ProxyPassword, redact.NewSecret("anna:old")); err != nil {
		t.Fatal(err)
	}
	next := r.someoneElse()
	r.wantProxy(t, next, "")
	if err := r.SetSecret(next, ProxyPassword, redact.NewSecret("bert:new")); err != nil {
		t.Fatal(err)
	}
	r.wantProxy(t, r.d, "anna:old")
	back := r.d.Clone()
	back.Name = "Back (2)" // for the name is taken
	if err := r.CopySecrets(r.d, back); err != nil {
		t.Fatal(err)
	}
	r.wantProxy(t, back, "anna:old")
	if err := r.RemoveSecret(next, ProxyPassword); err != nil || r.HasSecret(next, ProxyPassword) {
		t.Errorf("it was not removed: %v", err)
	}
	r.wantProxy(t, back, "anna:old")
}

// The proxy's password is not the user's: it follows where the user changes.
func TestTheProxyPasswordFollowsTheUser(t *testing.T) {
	r := newRig(t)
	if err := r.SetSecret(r.d, ProxyPassword, redact.NewSecret("anna:pass")); err != nil {
		t.Fatal(err)
	}
	to := r.someoneElse()
	if !Rebound(r.d, to) || Rebound(to, to) {
		t.Error("what has to be moved is not told")
	}
	if err := r.MoveSecrets(r.d, to); err != nil {
		t.Fatal(err)
	}
	r.wantProxy(t, to, "anna:pass")
	r.wantProxy(t, r.d, "")
}

func TestADamagedSecretIsTold(t *testing.T) {
	r := newRig(t)
	if err := r.SetSecret(r.d, ProxyPassword, redact.NewSecret("anna:pass")); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(r.home, "secrets", secretName(r.d, ProxyPassword)+".sealed")
	if err := os.WriteFile(file, []byte("broken"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := r.secret(r.d, ProxyPassword); causeOf(err) != diagnosis.CauseStoreDamaged {
		t.Errorf("error %v", err)
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
	var e diagnosis.Evidence
	for _, host := range []string{"2001:db8::1", "outlook.office365.com"} {
		d.Server(mailbox.IMAP).Host = host
		if e = Evidence(t.Context(), d); e.Proxy != "http://proxy.example.com:3128" {
			t.Fatalf("proxy %q on the way to %s", e.Proxy, host)
		}
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
