package authorization

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"mailgrant/app/practice"
	"mailgrant/internal/diagnosis"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/redact"
	"mailgrant/oauth"
	"mailgrant/tests/practicetest"
)

// rig is a manager at a practice tenant with an adjustable clock.
type rig struct {
	*Manager
	tenant *practice.Tenant
	home   string
	d      mailbox.Definition
	ahead  time.Duration
}

func newRig(t *testing.T) *rig {
	t.Helper()
	dir := t.TempDir()
	t.Setenv("MAILGRANT_KEY_FILE", filepath.Join(dir, "key"))
	tenant := practicetest.Start(t, practice.Options{})
	r := &rig{tenant: tenant, home: filepath.Join(dir, "home"), d: tenant.Definition()}
	r.Manager = r.another()
	return r
}

// another is a manager as a second process would have it.
func (r *rig) another() *Manager {
	m := New(r.home, i18n.For(i18n.English), slog.New(slog.DiscardHandler))
	m.now = func() time.Time { return time.Now().Add(r.ahead) }
	return m
}

func (r *rig) signIn(t *testing.T) Result {
	t.Helper()
	result, err := r.Request(t.Context(), r.d, Options{Opener: practice.Browser(practice.Helpdesk.UPN)})
	if err != nil {
		t.Fatal(err)
	}
	return result
}

func causeOf(err error) diagnosis.Cause {
	var d diagnosis.Diagnosis
	errors.As(err, &d)
	return d.Cause
}

func TestRequestThenCredential(t *testing.T) {
	r := newRig(t)
	result := r.signIn(t)
	if result.Identity != oauth.Same || result.Renewal != nil || len(result.Missing) != 0 {
		t.Errorf("result %+v", result)
	}
	c, err := r.Credential(r.d, nil)(t.Context(), "")
	if err != nil || c.Account != practice.Helpdesk.UPN || c.Token.Empty() || c.Claims == nil {
		t.Fatalf("credential %+v, %v", c, err)
	}
	again, err := r.AccessToken(t.Context(), r.d, nil)
	if err != nil || again.Reveal() != c.Token.Reveal() {
		t.Errorf("a token that lasts was not used again: %v", err)
	}
}

func TestAnEndingTokenIsRenewedEarly(t *testing.T) {
	r := newRig(t)
	r.signIn(t)
	first, _ := r.AccessToken(t.Context(), r.d, nil)
	s, err := r.Status(r.d)
	if err != nil {
		t.Fatal(err)
	}
	r.ahead = time.Until(s.AccessExpires) - early + time.Minute
	second, err := r.AccessToken(t.Context(), r.d, nil)
	if err != nil || second.Reveal() == first.Reveal() {
		t.Errorf("no new token nine minutes before the end: %v", err)
	}
}

func TestManyRenewalsNeverReuseATokenAndNeverLoseIt(t *testing.T) {
	r := newRig(t)
	r.signIn(t)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			m := r.another()
			for range 25 {
				if _, err := m.Refresh(t.Context(), r.d); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	// The tenant ends a whole family of tokens when one is used twice.
	if _, err := r.Refresh(t.Context(), r.d); err != nil {
		t.Error(err)
	}
}

func TestSeveralCallersRenewOnce(t *testing.T) {
	r := newRig(t)
	r.signIn(t)
	s, _ := r.Status(r.d)
	r.ahead = time.Until(s.AccessExpires) - time.Minute
	tokens := make(chan string, 8)
	var wg sync.WaitGroup
	for range cap(tokens) {
		wg.Go(func() {
			// Time stands still a minute before the end, so that only the first
			// renewal makes a token that is good for longer.
			token, err := r.another().AccessToken(t.Context(), r.d, nil)
			if err != nil {
				t.Error(err)
			}
			tokens <- token.Reveal()
		})
	}
	wg.Wait()
	close(tokens)
	var all []string
	for token := range tokens {
		all = append(all, token)
	}
	slices.Sort(all)
	if n := len(slices.Compact(all)); n != 1 {
		t.Errorf("%d different tokens; want one renewal", n)
	}
}

func TestAFinalRefusalIsKeptATransientOneIsNot(t *testing.T) {
	r := newRig(t)
	began := time.Now()
	r.signIn(t)
	if err := r.tenant.SetFaults([]string{"refresh-expired"}); err != nil {
		t.Fatal(err)
	}
	_, err := r.Refresh(t.Context(), r.d)
	if causeOf(err) != diagnosis.CauseRefreshTokenExpired {
		t.Fatalf("Refresh = %v", err)
	}
	s, err := r.Status(r.d)
	if err != nil || s.State != StateRefused || s.Diagnosis == nil || !s.EndsIfUnusedBy.IsZero() || s.Diagnosis.Cause != diagnosis.CauseRefreshTokenExpired {
		t.Errorf("status %+v, %v", s, err)
	}
	_ = r.tenant.SetFaults(nil)
	if _, err := r.RefreshUnlessSince(t.Context(), r.d, began); err != nil { // renewed since, but refused
		t.Errorf("the token was lost: %v", err)
	}
	if s, _ := r.Status(r.d); s.State != StateValid {
		t.Errorf("state %s after a renewal that worked", s.State)
	}
	_ = r.tenant.Close()
	if _, err := r.Refresh(t.Context(), r.d); err == nil {
		t.Error("a renewal worked without a service")
	}
	if s, _ := r.Status(r.d); s.State != StateValid {
		t.Errorf("state %s after a transient error", s.State)
	}
}

// A service that has said why it refuses may say less at the next try.
func TestTheMoreTellingRefusalIsKept(t *testing.T) {
	r := newRig(t)
	r.signIn(t)
	const expired, revoked = diagnosis.CauseRefreshTokenExpired, "refresh-token-revoked"
	for _, tc := range []struct {
		said string
		want diagnosis.Cause
	}{
		{"invalid_grant", revoked}, // the likeliest
		{"invalid_grant: AADSTS700082: The refresh token has expired due to inactivity.", expired},
		{"invalid_grant", expired},
		{"invalid_grant: AADSTS50173: The provided grant has expired due to it being revoked.", revoked},
	} {
		kept, _ := r.load(r.d)
		_, err := r.refuse(r.d, kept, diagnosis.ExplainText(tc.said, diagnosis.PhaseRefresh, diagnosis.Microsoft)[0])
		if s, _ := r.Status(r.d); causeOf(err) != tc.want || s.State != StateRefused || s.Diagnosis.Cause != tc.want {
			t.Errorf("%q: %v, status %+v", tc.said, err, s.Diagnosis)
		}
	}
}

func TestTheWrongAccountStoresNothing(t *testing.T) {
	r := newRig(t)
	_, err := r.Request(t.Context(), r.d, Options{Opener: practice.Browser(practice.Admin.UPN)})
	var other *oauth.OtherAccount
	if !errors.As(err, &other) || other.Account.User != practice.Admin.UPN {
		t.Fatalf("Request = %v", err)
	}
	if s, _ := r.Status(r.d); s.State != StateNone {
		t.Errorf("state %s", s.State)
	}
}

func TestStateExpired(t *testing.T) {
	r := newRig(t)
	r.signIn(t)
	r.ahead = 91 * 24 * time.Hour
	if s, _ := r.Status(r.d); s.State != StateExpired {
		t.Errorf("state %s after 91 days; want expired", s.State)
	}
}

func TestADamagedFileHasAName(t *testing.T) {
	r := newRig(t)
	r.signIn(t)
	files, _ := filepath.Glob(filepath.Join(r.home, "authorizations", "*.sealed"))
	if len(files) != 1 {
		t.Fatalf("files %v", files)
	}
	if err := os.Truncate(files[0], 100); err != nil {
		t.Fatal(err)
	}
	s, err := r.Status(r.d)
	if causeOf(err) != diagnosis.CauseStoreDamaged || s.Diagnosis == nil {
		t.Errorf("Status = %+v, %v", s, err)
	}
	if _, err := r.Credential(r.d, nil)(t.Context(), ""); causeOf(err) != diagnosis.CauseStoreDamaged {
		t.Errorf("Credential = %v", err)
	}
	r.signIn(t)
	if kept, _ := filepath.Glob(files[0] + ".kept-*"); len(kept) != 1 {
		t.Error("the damaged file was not kept")
	}
}

// A key file that cannot be used is told with what mends just that.
func TestAKeyFileThatCannotBeUsed(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(key string) error
		fix   string
	}{
		"open to others": {func(key string) error { return os.Chmod(key, 0o644) }, "chmod 600 "},
		"mistyped":       {func(key string) error { return os.Setenv("MAILGRANT_KEY_FILE", key+"x") }, "path in MAILGRANT_KEY_FILE"},
	} {
		r := newRig(t)
		r.signIn(t)
		key := os.Getenv("MAILGRANT_KEY_FILE")
		if err := c.spoil(key); err != nil {
			t.Fatal(err)
		}
		_, err := New(r.home, i18n.For(i18n.English), slog.New(slog.DiscardHandler)).Status(r.d)
		diag, _ := errors.AsType[diagnosis.Diagnosis](err)
		fix := diag.Render(i18n.For(i18n.English)).Fix
		if all := strings.Join(fix, " "); diag.Cause != diagnosis.CauseStoreKeyUnavailable || !strings.Contains(fix[0], c.fix) || !strings.Contains(fix[0], key) || strings.Contains(all, "keyring") {
			t.Errorf("%s: %v, %+v", name, err, fix)
		}
	}
}

// Whoever of those that share an authorization signs in asks for what all of them
// need; what another one lacks is not missing to him.
func TestASignInAsksForAllThatShareIt(t *testing.T) {
	r := newRig(t)
	imap, pop3 := r.d.Clone(), r.d.Clone()
	imap.Name, imap.Servers = "IMAP", mailbox.NewServers(mailbox.Given{mailbox.IMAP: r.d.Server(mailbox.IMAP)})
	pop3.Name, pop3.Servers = "POP3", mailbox.NewServers(mailbox.Given{mailbox.POP3: r.d.Server(mailbox.POP3)})
	if err := r.Book.Put(imap, pop3); err != nil {
		t.Fatal(err)
	}
	for missing, faults := range [][]string{{}, {practice.FaultMissingScope}} {
		if err := r.tenant.SetFaults(faults); err != nil {
			t.Fatal(err)
		}
		result, err := r.Request(t.Context(), imap, Options{Opener: practice.Browser(practice.Helpdesk.UPN)})
		if err != nil || len(result.Missing) != 0 {
			t.Fatalf("%q: %+v, %v", faults, result, err)
		}
		if s, err := r.Status(pop3); err != nil || len(s.Missing) != missing {
			t.Errorf("%q: the other one has %v, misses %v: %v", faults, s.Granted, s.Missing, err)
		}
	}
}

func TestForgetNamesTheOthers(t *testing.T) {
	r := newRig(t)
	r.signIn(t)
	for _, name := range []string{"One", "Two"} {
		d := r.d
		d.Name = name
		if err := r.Book.Put(d); err != nil {
			t.Fatal(err)
		}
	}
	d := r.d
	d.Name = "One"
	others, err := r.Forget(t.Context(), d)
	if err != nil || fmt.Sprint(others) != "[Two]" {
		t.Errorf("Forget = %v, %v", others, err)
	}
	if s, _ := r.Status(r.d); s.State != StateNone {
		t.Errorf("state %s", s.State)
	}
}

func TestSecretsAreBoundToWhereTheyGo(t *testing.T) {
	r := newRig(t)
	d := r.d.Clone()
	d.Authentication = mailbox.AuthPassword
	if err := r.SetSecret(d, Password, redact.NewSecret("pass")); err != nil {
		t.Fatal(err)
	}
	if err := r.SetSecret(d, ClientSecret, redact.NewSecret("client")); err != nil {
		t.Fatal(err)
	}
	if c, err := r.Credential(d, nil)(t.Context(), ""); err != nil || c.Password.Reveal() != "pass" {
		t.Errorf("Credential = %v", err)
	}
	moved := d.Clone()
	moved.Server(mailbox.IMAP).Host = "imap.example.com"
	if _, err := r.Credential(moved, nil)(t.Context(), ""); causeOf(err) != diagnosis.CauseHostNotAllowed {
		t.Errorf("the password would go to another host: %v", err)
	}
	if _, err := r.Credential(moved, []string{"IMAP.example.com"})(t.Context(), ""); err != nil {
		t.Errorf("a confirmed host: %v", err)
	}
	elsewhere := d.Clone()
	elsewhere.OAuth.Authority = "https://login.example.com"
	if s, err := r.clientSecret(elsewhere); err != nil || !s.Empty() {
		t.Error("the client secret would go to another authority")
	}
	if s, err := r.clientSecret(d); err != nil || s.Reveal() != "client" {
		t.Errorf("clientSecret: %v", err)
	}
	if err := r.RemoveSecret(d, Password); err != nil || r.HasSecret(d, Password) {
		t.Error("the password is still there")
	}
}

func TestATokenGoesToNoOtherHost(t *testing.T) {
	r := newRig(t)
	r.signIn(t)
	moved := r.d.Clone()
	moved.Server(mailbox.IMAP).Host = "imap.example.com"
	for name, ask := range map[string]func(hosts []string) error{
		"CheckHosts":  func(hosts []string) error { return r.CheckHosts(moved, hosts) },
		"AccessToken": func(hosts []string) error { _, err := r.AccessToken(t.Context(), moved, hosts); return err },
		"Credential":  func(hosts []string) error { _, err := r.Credential(moved, hosts)(t.Context(), ""); return err },
	} {
		if err := ask(nil); causeOf(err) != diagnosis.CauseHostNotAllowed {
			t.Errorf("%s: %v", name, err)
		}
		if err := ask([]string{"imap.example.com"}); err != nil {
			t.Errorf("%s, confirmed: %v", name, err)
		}
	}
	moved.OAuth.Authority = "" // at Microsoft itself its hosts are known before anybody has signed in
	if _, err := r.Request(t.Context(), moved, Options{}); causeOf(err) != diagnosis.CauseHostNotAllowed {
		t.Errorf("Request: %v", err)
	}
}

// Who signs in for one mailbox does so for the others too with which it shares its
// authorization: their hosts stay recorded, if they were and as long as they have them.
func TestASignInLeavesTheHostsOfOthers(t *testing.T) {
	r := newRig(t)
	one, other := r.d.Clone(), r.d.Clone()
	other.Name = "Alerts"
	for _, s := range one.Servers {
		one.Server(s.Protocol).Host, other.Server(s.Protocol).Host = "127.0.0.1", "localhost"
	}
	if err := r.Book.Put(one, other); err != nil {
		t.Fatal(err)
	}
	signIn := func(d mailbox.Definition) {
		r.d = d
		r.signIn(t)
	}
	signIn(one)
	if err := r.CheckHosts(other, nil); causeOf(err) != diagnosis.CauseHostNotAllowed {
		t.Errorf("nobody has signed in at the other's hosts: %v", err)
	}
	signIn(other)
	signIn(one)
	for _, d := range []mailbox.Definition{one, other} {
		if err := r.CheckHosts(d, nil); err != nil {
			t.Errorf("%s: %v", d.Name, err)
		}
	}
	if err := r.Book.Remove(other.Name); err != nil {
		t.Fatal(err)
	}
	signIn(one)
	if err := r.CheckHosts(other, nil); causeOf(err) != diagnosis.CauseHostNotAllowed {
		t.Errorf("the host of a mailbox that is gone: %v", err)
	}
}

func TestEveryKindOfAccountSaysWhatEndsIt(t *testing.T) {
	r := newRig(t)
	for _, o := range []mailbox.OAuth{
		{Provider: mailbox.ProviderMicrosoft, AccountType: mailbox.AccountTenant},
		{Provider: mailbox.ProviderMicrosoft, AccountType: mailbox.AccountConsumers},
		{Provider: mailbox.ProviderMicrosoft, AccountType: mailbox.AccountApplication},
		{Provider: mailbox.ProviderGoogle},
		{Provider: mailbox.ProviderCustom},
	} {
		d := r.d.Clone()
		d.OAuth = &o
		s := r.status(d, record{})
		for _, l := range i18n.Languages {
			if !i18n.For(l).Has(s.EndsSooner) {
				t.Errorf("%s has no text %s", l, s.EndsSooner)
			}
		}
	}
}

// Who gives up waiting for another process has cancelled; nothing is wrong with
// the authorization.
func TestWaitingForAnotherProcessCanBeCancelled(t *testing.T) {
	r := newRig(t)
	unlock, err := r.another().lock(t.Context(), r.d)
	if err != nil {
		t.Fatal(err)
	}
	defer unlock()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := r.Refresh(ctx, r.d); err != context.Canceled {
		t.Errorf("cancelled: %v", err)
	}
}
