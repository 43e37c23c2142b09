package overview

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"mailgrant/app/authorization"
	"mailgrant/app/history"
	"mailgrant/app/practice"
	"mailgrant/internal/diagnosis"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/redact"
	"mailgrant/mailtest"
	"mailgrant/tests/practicetest"
)

func TestRows(t *testing.T) {
	home := t.TempDir()
	t.Setenv("MAILGRANT_KEY_FILE", filepath.Join(home, "key"))
	tenant := practicetest.Start(t, practice.Options{})
	texts := i18n.For(i18n.English)
	m := authorization.New(home, texts, slog.New(slog.DiscardHandler))
	d := tenant.Definition()
	if _, err := m.Request(t.Context(), d, authorization.Options{Opener: practice.Browser(practice.Helpdesk.UPN)}); err != nil {
		t.Fatal(err)
	}
	other := d.Clone()
	other.Name, other.Sender, other.User = "No one", practice.Admin.UPN, practice.Admin.UPN
	app := d.Clone()
	app.Name, app.OAuth.AccountType = "App", mailbox.AccountApplication
	signedIn, blocked := d.Clone(), other.Clone()
	signedIn.Name, blocked.Name = "Signed in since", "Blocked"
	partly, both := d.Clone(), d.Clone()
	partly.Name, both.Name = "Partly tested since", "One of two mended"
	ends := time.Date(2031, 2, 3, 0, 0, 0, 0, time.UTC)
	entry := func(minute int, p mailtest.Protocol, s mailtest.State, cause diagnosis.Cause) history.Entry {
		return history.Entry{At: time.Date(2026, 11, 28, 9, minute, 0, 0, time.UTC), Cause: cause, Results: map[mailtest.Protocol]history.Result{p: {State: s, MS: int64(minute), Cause: cause}}}
	}
	tested, two := entry(2, mailtest.IMAP, mailtest.Passed, ""), entry(1, mailtest.IMAP, mailtest.Failed, diagnosis.CauseTokenMissingScope)
	tested.At = time.Now().Add(time.Minute)
	two.Results[mailtest.SMTP] = history.Result{State: mailtest.Failed, Cause: diagnosis.CausePortBlocked}
	err := errors.Join(
		m.Book.Put(d, other, app, signedIn, blocked, partly, both),
		m.History.Add(t.Context(), d.Name, entry(1, mailtest.IMAP, mailtest.Failed, diagnosis.CauseTokenUserMismatch)),
		m.History.Add(t.Context(), d.Name, entry(2, mailtest.SMTP, mailtest.Failed, diagnosis.CauseTokenUserMismatch)),
		m.History.Add(t.Context(), d.Name, entry(3, mailtest.IMAP, mailtest.Passed, "")),
		m.History.Add(t.Context(), signedIn.Name, entry(1, mailtest.IMAP, mailtest.Skipped, diagnosis.CauseAuthorizationMissing)),
		m.History.Add(t.Context(), partly.Name, entry(1, mailtest.SMTP, mailtest.Failed, diagnosis.CauseTokenMissingScope)),
		m.History.Add(t.Context(), partly.Name, tested),
		m.History.Add(t.Context(), both.Name, two),
		m.History.Add(t.Context(), blocked.Name, entry(1, mailtest.IMAP, mailtest.Failed, diagnosis.CausePortBlocked)),
		m.SetSecret(app, authorization.ClientSecret, redact.NewSecret("secret")),
		m.SetSecretEnds(app, ends),
		os.WriteFile(filepath.Join(home, "mailboxes", "broken.json"), []byte("{"), 0o600),
	)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := Rows(m, texts)
	if err != nil || len(rows) != 8 {
		t.Fatalf("%v: %d rows", err, len(rows))
	}
	byName := map[string]*Row{}
	for _, r := range rows {
		byName[r.Name] = r
	}
	if r := byName[d.Name]; r.State != authorization.StateValid || r.OK() || r.Results[mailtest.IMAP].MS != 3 || r.Results[mailtest.SMTP].At.Minute() != 2 ||
		r.Tested.Minute() != 3 || Days(r.Ends(), time.Now()) != 89 {
		t.Errorf("%+v", r)
	}
	if r := byName["No one"]; r.State != authorization.StateNone || r.OK() || r.Finding != "no authorization" || r.Cause != diagnosis.CauseAuthorizationMissing {
		t.Errorf("%+v", r)
	}
	for _, name := range []string{"No one", "Password"} {
		r := byName[name]
		if name == "Password" {
			d := d.Clone()
			d.Name, d.Authentication = name, mailbox.AuthPassword
			r = RowOf(m, texts, d)
		}
		if ok := r.JSON().OK; !r.Fresh() || r.Broken() || ok == nil || *ok {
			t.Errorf("%s has not begun: %+v, ok %v", name, r, ok)
		}
	}
	if byName["Blocked"].Fresh() || !byName["Blocked"].Broken() {
		t.Error("what was tested and failed is no fault")
	}
	if r := byName["Signed in since"]; r.State != authorization.StateValid || r.OK() || r.Finding != "" || r.Cause != "" {
		t.Errorf("a cause that the sign-in has mended: %+v", r)
	}
	// A test's time has no fractions of a second: one right after the sign-in is none before it.
	after := history.Entry{At: byName[d.Name].Issued.Truncate(time.Second), Cause: diagnosis.CauseTokenMissingScope, Results: map[mailtest.Protocol]history.Result{mailtest.IMAP: {State: mailtest.Failed}}}
	if r := RowAfter(m, texts, d, after); r.Cause != after.Cause || r.Finding == "" {
		t.Errorf("a test in the second of the sign-in: %+v", r)
	}
	if r := byName["Partly tested since"]; r.OK() || r.Finding != "" || r.Cause != "" {
		t.Errorf("an older result whose cause the sign-in has mended: %+v", r)
	}
	for name, want := range map[string]string{"Blocked": "false", "Signed in since": "null", "Partly tested since": "null"} {
		j := byName[name].JSON()
		ok, err := json.Marshal(j.OK)
		if err != nil || (want == "false") != (j.Cause != "") || string(ok) != want {
			t.Errorf("%v: %s, want %s: %+v", err, ok, want, j)
		}
	}
	if got := byName["Partly tested since"].JSON().Protocols[mailbox.SMTP]; got.State != mailtest.Skipped || got.MS != 0 || got.Cause != "" {
		t.Errorf("what was not tested since: %+v", got)
	}
	if r := byName["One of two mended"]; r.Cause != diagnosis.CausePortBlocked || r.Finding == "" {
		t.Errorf("not what is left: %+v", r)
	}
	if r := byName["Blocked"]; r.State != authorization.StateNone || r.Cause != diagnosis.CausePortBlocked {
		t.Errorf("not what the report says: %+v", r)
	}
	if r := byName["App"]; !r.Ends().Equal(ends) || !r.Secret.Stored || r.Secret.Certificate {
		t.Errorf("%+v", r)
	}
	// A password that cannot be opened is not taken for one that is missing.
	byPassword := d.Clone()
	byPassword.Name, byPassword.Authentication = "Password", mailbox.AuthPassword
	if r := RowOf(m, texts, byPassword); r.State != StatePassword || r.Usable() || r.Cause != diagnosis.CausePasswordMissing {
		t.Errorf("without a password: %+v", r)
	}
	before, _ := filepath.Glob(filepath.Join(home, "secrets", "*.sealed"))
	if err := m.SetSecret(byPassword, authorization.Password, redact.NewSecret("secret")); err != nil {
		t.Fatal(err)
	}
	if r := RowOf(m, texts, byPassword); r.State != StatePassword || !r.Usable() {
		t.Errorf("with a password: %+v", r)
	}
	sealed, _ := filepath.Glob(filepath.Join(home, "secrets", "*.sealed"))
	for _, file := range sealed {
		if !slices.Contains(before, file) {
			err = errors.Join(err, os.WriteFile(file, []byte("broken"), 0o600))
		}
	}
	if r := RowOf(m, texts, byPassword); err != nil || r.State != StateUnreadable || r.Usable() || r.Cause != "store-damaged" || r.Finding == "" {
		t.Errorf("%v, a password that cannot be opened: %+v", err, r)
	}
	if r := byName["broken"]; r.State != StateUnreadable || r.Usable() || r.Finding == "" {
		t.Errorf("%+v", r)
	}
}

// BenchmarkRows: 500 mailboxes with a full history each.
func BenchmarkRows(b *testing.B) {
	home := b.TempDir()
	b.Setenv("MAILGRANT_KEY_FILE", filepath.Join(home, "key"))
	texts := i18n.For(i18n.English)
	m := authorization.New(home, texts, slog.New(slog.DiscardHandler))
	d, err := mailbox.Parse([]byte(`{"sender":"d@contoso.com","oauth":{"tenant":"contoso.com","client_id":"00000000-0000-0000-0000-000000000000"},
		"imap":{"host":"imap.contoso.com","port":993,"security":"tls"}}`))
	if err != nil {
		b.Fatal(err)
	}
	var all []mailbox.Definition
	e := history.Entry{At: time.Now(), Results: map[mailtest.Protocol]history.Result{mailtest.IMAP: {State: mailtest.Passed}}}
	for n := range 500 {
		c := d.Clone()
		c.Name = fmt.Sprintf("Mailbox %03d", n)
		all = append(all, c)
		for range 3 {
			if err := m.History.Add(b.Context(), c.Name, e); err != nil {
				b.Fatal(err)
			}
		}
	}
	if err := m.Book.Put(all...); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if rows, err := Rows(m, texts); err != nil || len(rows) != 500 {
			b.Fatal(err)
		}
	}
}

// TestWhatKeepsFromTheNextRenewal is told while the token before it still works.
func TestWhatKeepsFromTheNextRenewal(t *testing.T) {
	texts := i18n.For(i18n.English)
	disabled := diagnosis.New("user-account-disabled", diagnosis.PhaseRefresh, nil)
	yesterday := time.Now().AddDate(0, 0, -1)
	for want, r := range map[diagnosis.Cause]*Row{
		"user-account-disabled":      {Status: authorization.Status{Renewable: true, Diagnosis: &disabled}},
		"client-secret-expired":      {Secret: authorization.Credentials{Stored: true, Ends: yesterday}},
		"client-certificate-invalid": {Secret: authorization.Credentials{Stored: true, Certificate: true, Ends: yesterday}},
		"":                           {Secret: authorization.Credentials{Stored: true, Ends: time.Now().AddDate(0, 0, 1)}},
	} {
		r.State, r.Results = authorization.StateValid, map[mailtest.Protocol]history.Result{mailtest.IMAP: {State: mailtest.Passed}}
		if r.explain(texts); r.Cause != want || r.Broken() != (want != "") || !r.OK() {
			t.Errorf("%q: %+v", want, r)
		}
	}
}
