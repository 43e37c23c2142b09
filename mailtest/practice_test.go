package mailtest_test

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"mailgrant/app/practice"
	"mailgrant/internal/diagnosis"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/redact"
	"mailgrant/mailtest"
	"mailgrant/tests/practicetest"
)

// These tests run the checks against the practice tenant: real libraries on
// both ends, real TLS, long tokens.

func startTenant(t *testing.T, faults ...string) *practice.Tenant {
	t.Helper()
	return practicetest.Start(t, practice.Options{Faults: faults})
}

// token signs an account in at the practice tenant.
func token(t *testing.T, tenant *practice.Tenant, user string) string {
	t.Helper()
	d := tenant.Definition()
	client := &http.Client{
		Transport:     &http.Transport{DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	const verifier, redirect = "a-code-verifier-that-is-long-enough-for-rfc-7636", "http://localhost:1"
	sum := sha256.Sum256([]byte(verifier))
	base := tenant.URL() + "/" + d.OAuth.Tenant + "/oauth2/v2.0"
	const scopes = "https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/POP.AccessAsUser.All https://outlook.office.com/SMTP.Send openid profile email offline_access"
	res, err := client.Get(base + "/authorize?" + url.Values{
		"client_id": {d.OAuth.ClientID}, "response_type": {"code"}, "redirect_uri": {redirect}, "scope": {scopes},
		"state": {"s"}, "code_challenge": {base64.RawURLEncoding.EncodeToString(sum[:])}, "code_challenge_method": {"S256"},
		"practice_user": {user},
	}.Encode())
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	back, err := res.Location()
	if err != nil {
		t.Fatal(err)
	}
	return redeem(t, base+"/token", url.Values{
		"grant_type": {"authorization_code"}, "client_id": {d.OAuth.ClientID}, "code": {back.Query().Get("code")},
		"redirect_uri": {redirect}, "code_verifier": {verifier},
	})
}

// redeem gets an access token for what a form says.
func redeem(t *testing.T, address string, form url.Values) string {
	t.Helper()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	res, err := client.PostForm(address, form)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var answer struct {
		AccessToken string `json:"access_token"`
	}
	if err := json.NewDecoder(res.Body).Decode(&answer); err != nil || answer.AccessToken == "" {
		t.Fatalf("no token: %v", err)
	}
	return answer.AccessToken
}

// with returns a credential function for a token.
func with(value, account string) mailtest.CredentialFunc {
	return func(context.Context, string) (mailtest.Credential, error) {
		return mailtest.Credential{
			Token: redact.NewSecret(value), Account: account, Claims: diagnosis.ClaimsOf(value),
		}, nil
	}
}

// test runs the checks to the end.
func test(t *testing.T, cfg mailtest.Config) *mailtest.Report {
	t.Helper()
	if cfg.Timeout == 0 {
		cfg.Timeout = 20 * time.Second
	}
	report := mailtest.NewReport(cfg.Mailbox, time.Now())
	for e := range mailtest.Run(t.Context(), cfg) {
		report.Add(e)
	}
	return report
}

// step returns the last event of a step.
func step(t *testing.T, r *mailtest.Report, p mailtest.Protocol, s mailtest.Step) mailtest.Event {
	t.Helper()
	for _, e := range r.Result(p).Steps {
		if e.Step == s {
			return e
		}
	}
	t.Fatalf("%s has no step %s", p, s)
	return mailtest.Event{}
}

// states writes a protocol's steps as "resolve passed, …".
func states(r *mailtest.Report, p mailtest.Protocol) string {
	var out []string
	for _, e := range r.Result(p).Steps {
		out = append(out, string(e.Step)+" "+string(e.State))
	}
	return strings.Join(out, ", ")
}

func cause(e mailtest.Event) diagnosis.Cause {
	if e.Diagnosis == nil {
		return ""
	}
	return e.Diagnosis.Cause
}

func TestAllThreeWork(t *testing.T) {
	tenant := startTenant(t)
	user := practice.Helpdesk.UPN
	r := test(t, mailtest.Config{Mailbox: tenant.Definition(), Credential: with(token(t, tenant, user), user)})
	if !r.OK() || r.NoAuthorization() {
		t.Errorf("ok %v, nothing to sign in with: %v", r.OK(), r.NoAuthorization())
	}
	implicit := "resolve passed, connect passed, tls passed, greeting passed, authenticate passed, mailbox passed, quit passed"
	for p, want := range map[mailtest.Protocol]string{
		mailtest.IMAP: implicit, mailtest.POP3: implicit,
		mailtest.SMTP: "resolve passed, connect passed, greeting passed, tls passed, authenticate passed, mailbox passed, quit passed",
	} {
		if got := states(r, p); got != want {
			t.Errorf("%s: %s, want %s", p, got, want)
		}
		if step(t, r, p, mailtest.StepQuit).Facts[mailtest.FactAnswered] != true {
			t.Errorf("%s: the server did not say goodbye", p)
		}
		tls := step(t, r, p, mailtest.StepTLS).Facts
		if tls[mailtest.FactVersion] != "TLS 1.3" || tls[mailtest.FactVerified] != true || tls[mailtest.FactRoot] == "" || tls[mailtest.FactPrivateRoot] != nil {
			t.Errorf("%s: tls facts %v", p, tls)
		}
		auth := step(t, r, p, mailtest.StepAuthenticate).Facts
		if auth[mailtest.FactMechanism] != "XOAUTH2" || auth[mailtest.FactUser] != user {
			t.Errorf("%s: sign-in facts %v", p, auth)
		}
		if step(t, r, p, mailtest.StepGreeting).Facts[mailtest.FactGreeting] == "" {
			t.Errorf("%s: no greeting", p)
		}
	}
	if n, ok := step(t, r, mailtest.IMAP, mailtest.StepMailbox).Facts[mailtest.FactMessages].(int); !ok || n < 0 {
		t.Error("no message count")
	}
}

// Each fault of the practice tenant ends in its own cause, at its own step.
func TestPracticeFaults(t *testing.T) {
	tenant := startTenant(t)
	user := practice.Helpdesk.UPN
	good := token(t, tenant, user)
	for _, c := range []struct {
		fault    string
		protocol mailtest.Protocol
		step     mailtest.Step
		want     diagnosis.Cause
	}{
		{practice.FaultIMAPOff, mailtest.IMAP, mailtest.StepAuthenticate, diagnosis.CauseEXOProtocolDisabledMailbox},
		{practice.FaultPOP3Off, mailtest.POP3, mailtest.StepAuthenticate, diagnosis.CauseEXOProtocolDisabledMailbox},
		{practice.FaultSMTPOffMailbox, mailtest.SMTP, mailtest.StepAuthenticate, diagnosis.CauseEXOSMTPAuthDisabledMailbox},
		{practice.FaultSMTPOffTenant, mailtest.SMTP, mailtest.StepAuthenticate, diagnosis.CauseEXOSMTPAuthDisabledTenant},
		{practice.FaultNotConnected, mailtest.IMAP, mailtest.StepMailbox, diagnosis.CauseEXOProtocolDisabledMailbox},
	} {
		t.Run(c.fault, func(t *testing.T) {
			if err := tenant.SetFaults([]string{c.fault}); err != nil {
				t.Fatal(err)
			}
			r := test(t, mailtest.Config{Mailbox: tenant.Definition(), Credential: with(good, user)})
			e := failedAt(t, r, c.protocol, c.step)
			if cause(e) != c.want {
				t.Errorf("cause %s, want %s (%s)", cause(e), c.want, e.Diagnosis.ServerText)
			}
			// What the words alone do not prove, an experiment can.
			if e.Diagnosis.Certainty != diagnosis.Certain && len(diagnosis.Wanted(*e.Diagnosis, diagnosis.Evidence{})) == 0 {
				t.Errorf("%s, and no experiment would decide", e.Diagnosis.Certainty)
			}
			t.Log(e.Diagnosis.Certainty, e.Diagnosis.Causes)
			for _, p := range mailbox.Protocols() {
				if p != c.protocol && r.Result(p).State != mailtest.Passed {
					t.Errorf("%s: %s", p, states(r, p))
				}
				if step(t, r, p, mailtest.StepQuit).State != mailtest.Passed {
					t.Errorf("%s was left without a goodbye", p)
				}
			}
		})
	}
}

func TestPracticeBadTokens(t *testing.T) {
	for fault, want := range map[string]diagnosis.Cause{
		practice.FaultWrongAudience: "token-wrong-audience",
		practice.FaultMissingScope:  "token-missing-protocol-scope",
	} {
		t.Run(fault, func(t *testing.T) {
			tenant := startTenant(t, fault)
			r := test(t, mailtest.Config{Mailbox: tenant.Definition(), Credential: with(token(t, tenant, practice.Helpdesk.UPN), practice.Helpdesk.UPN)})
			e := failedAt(t, r, mailtest.POP3, mailtest.StepAuthenticate)
			if cause(e) != want || e.Diagnosis.Certainty != diagnosis.Certain {
				t.Errorf("cause %s, want %s", cause(e), want)
			}
		})
	}
}

func TestPracticeIntercepted(t *testing.T) {
	tenant := startTenant(t)
	good := token(t, tenant, practice.Helpdesk.UPN)
	if err := tenant.SetFaults([]string{practice.FaultTLSIntercepted}); err != nil {
		t.Fatal(err)
	}
	r := test(t, mailtest.Config{Mailbox: tenant.Definition(), Credential: with(good, practice.Helpdesk.UPN)})
	for _, p := range mailbox.Protocols() {
		e := failedAt(t, r, p, mailtest.StepTLS)
		if cause(e) != diagnosis.CauseTLSInterceptionUntrustedCA || e.Diagnosis.Certainty != diagnosis.Certain {
			t.Errorf("%s: cause %s", p, cause(e))
		}
		if e.Facts[mailtest.FactIssuer] == "" || e.Facts[mailtest.FactVerified] != false {
			t.Errorf("%s: facts %v", p, e.Facts)
		}
	}
}

// The account whose name is not its address: SMTP works under the token's
// name, and says so.
func TestPracticeAlias(t *testing.T) {
	tenant := startTenant(t)
	d := tenant.Definition()
	d.User, d.Sender = practice.Alias.Address, practice.Alias.Address
	r := test(t, mailtest.Config{Mailbox: d, Credential: with(token(t, tenant, practice.Alias.UPN), practice.Alias.UPN)})
	if !r.OK() {
		t.Fatal(states(r, mailtest.SMTP))
	}
	if e := step(t, r, mailtest.SMTP, mailtest.StepAuthenticate); e.State != mailtest.Warned || cause(e) != diagnosis.CauseUPNDiffersFromAddress {
		t.Errorf("%s, cause %s", e.State, cause(e))
	}
}

func TestPracticeSharedMailbox(t *testing.T) {
	tenant := startTenant(t)
	d := tenant.Definition()
	d.SharedMailbox, d.Sender = practice.Info.Address, practice.Info.Address
	r := test(t, mailtest.Config{Mailbox: d, Credential: with(token(t, tenant, practice.Helpdesk.UPN), practice.Helpdesk.UPN)})
	for _, p := range mailbox.Protocols() {
		if r.Result(p).State != mailtest.Passed {
			t.Errorf("%s: %s", p, states(r, p))
		}
	}
}

// The administrator's token opens nobody else's mailbox.
func TestPracticeOtherAccount(t *testing.T) {
	tenant := startTenant(t)
	r := test(t, mailtest.Config{Mailbox: tenant.Definition(), Credential: with(token(t, tenant, practice.Admin.UPN), practice.Admin.UPN)})
	if r.OK() {
		t.Fatal("it works")
	}
	for _, p := range mailbox.Protocols() {
		for _, e := range r.Result(p).Steps {
			if e.State == mailtest.Failed && cause(e) != diagnosis.CauseTokenUserMismatch {
				t.Errorf("%s: cause %s", p, cause(e))
			}
		}
	}
}
