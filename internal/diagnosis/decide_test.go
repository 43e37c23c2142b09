package diagnosis

import (
	"encoding/base64"
	"encoding/json"
	"slices"
	"testing"
	"time"
)

const (
	helpdesk = "helpdesk@contoso.test"
	admin    = "admin@contoso.test"
	shared   = "info@contoso.test"
)

// good is a token that Exchange Online accepts for the help desk.
func good() *Claims {
	return &Claims{
		Audience: []string{"https://outlook.office.com"}, Scopes: []string{"IMAP.AccessAsUser.All", "POP.AccessAsUser.All", "SMTP.Send"},
		User: helpdesk, TenantID: "t", Expires: time.Now().Add(time.Hour),
	}
}

func with(change func(*Claims)) *Claims {
	c := good()
	change(c)
	return c
}

func TestEvidenceDecides(t *testing.T) {
	app := &Claims{Audience: []string{"https://outlook.office365.com"}, Roles: []string{"IMAP.AccessAsApp", "POP.AccessAsApp", "SMTP.SendAsApp"}, IDType: "app", Expires: time.Now().Add(time.Hour)}
	own := Evidence{User: helpdesk, Sender: helpdesk, SASLUser: helpdesk, Mechanism: "XOAUTH2", Claims: good(), Account: helpdesk}
	set := func(change func(*Evidence)) Evidence {
		e := own
		change(&e)
		return e
	}
	const (
		notConnected = "BAD User is authenticated but not connected."
		imapNo       = "NO AUTHENTICATE failed."
		popNo        = "-ERR Authentication failure: unknown user name or bad password."
		smtpNo       = "535 5.7.3 Authentication unsuccessful"
	)
	for name, c := range map[string]struct {
		phase    Phase
		text     string
		evidence Evidence
		want     Cause
	}{
		"not connected, the mailbox itself": {PhaseIMAP, notConnected, own, CauseEXOProtocolDisabledMailbox},
		"not connected, somebody else":      {PhaseIMAP, notConnected, set(func(e *Evidence) { e.Claims = with(func(c *Claims) { c.User = admin }) }), CauseTokenUserMismatch},
		"not connected, opaque token":       {PhaseIMAP, notConnected, set(func(e *Evidence) { e.Claims, e.Account = nil, admin }), CauseTokenUserMismatch},
		"not connected, shared":             {PhaseIMAP, notConnected, set(func(e *Evidence) { e.SharedMailbox, e.SASLUser = shared, shared }), "exo-mailbox-permission-missing"},
		"not connected, app only":           {PhaseIMAP, notConnected, set(func(e *Evidence) { e.Claims, e.Account = app, "" }), "exo-mailbox-permission-missing"},
		"not connected, POP works":          {PhaseIMAP, notConnected, Evidence{SignedIn: map[Phase]bool{PhasePOP3: true}}, CauseEXOProtocolDisabledMailbox},

		"wrong audience": {PhaseIMAP, imapNo, set(func(e *Evidence) {
			e.Claims = with(func(c *Claims) { c.Audience = []string{"https://graph.microsoft.com"} })
		}), "token-wrong-audience"},
		"missing scope":           {PhaseIMAP, imapNo, set(func(e *Evidence) { e.Claims = with(func(c *Claims) { c.Scopes = []string{"SMTP.Send"} }) }), "token-missing-protocol-scope"},
		"missing scope, opaque":   {PhaseIMAP, imapNo, set(func(e *Evidence) { e.Claims, e.Granted = nil, []string{"https://outlook.office.com/SMTP.Send"} }), "token-missing-protocol-scope"},
		"expired":                 {PhaseIMAP, imapNo, set(func(e *Evidence) { e.Claims = with(func(c *Claims) { c.Expires = time.Now().Add(-time.Minute) }) }), "token-expired"},
		"guest":                   {PhaseIMAP, imapNo, set(func(e *Evidence) { e.Claims = with(func(c *Claims) { c.User = "x_fabrikam.com#EXT#@contoso.test" }) }), CauseTokenForGuestAccount},
		"other account":           {PhaseIMAP, imapNo, set(func(e *Evidence) { e.Claims = with(func(c *Claims) { c.User = admin }) }), CauseTokenUserMismatch},
		"IMAP refused, POP works": {PhaseIMAP, imapNo, set(func(e *Evidence) { e.SignedIn = map[Phase]bool{PhasePOP3: true} }), CauseEXOProtocolDisabledMailbox},
		"app without role":        {PhaseIMAP, imapNo, set(func(e *Evidence) { a := *app; a.Roles = nil; e.Claims, e.Account = &a, "" }), "app-permission-missing"},
		"app with role":           {PhaseIMAP, imapNo, set(func(e *Evidence) { e.Claims, e.Account = app, "" }), "exo-service-principal-missing"},
		"password":                {PhaseIMAP, "NO LOGIN failed.", Evidence{Mechanism: "LOGIN"}, "exo-basic-auth-disabled"},

		"POP is off":         {PhasePOP3, popNo, own, CauseEXOProtocolDisabledMailbox},
		"POP, other account": {PhasePOP3, popNo, set(func(e *Evidence) { e.Claims = with(func(c *Claims) { c.User = admin }) }), CauseTokenUserMismatch},
		"POP, audience": {PhasePOP3, popNo, set(func(e *Evidence) {
			e.Claims = with(func(c *Claims) { c.Audience = []string{"00000003-0000-0000-c000-000000000000"} })
		}), "token-wrong-audience"},
		"POP, IMAP works":     {PhasePOP3, popNo, set(func(e *Evidence) { e.Claims = nil; e.SignedIn = map[Phase]bool{PhaseIMAP: true} }), CauseEXOProtocolDisabledMailbox},
		"POP with a password": {PhasePOP3, popNo, Evidence{Mechanism: "PLAIN"}, "exo-basic-auth-disabled"},

		"SMTP, alias": {PhaseSMTP, smtpNo, set(func(e *Evidence) {
			e.SASLUser, e.SignedIn = "desk@contoso.test", map[Phase]bool{PhaseIMAP: true}
		}), CauseUPNDiffersFromAddress},
		"SMTP, shared":      {PhaseSMTP, smtpNo, set(func(e *Evidence) { e.SharedMailbox, e.SASLUser = shared, shared }), "shared-mailbox-smtp-user"},
		"SMTP, no scope":    {PhaseSMTP, smtpNo, set(func(e *Evidence) { e.Claims = with(func(c *Claims) { c.Scopes = c.Scopes[:1] }) }), "token-missing-protocol-scope"},
		"SMTP, app only":    {PhaseSMTP, smtpNo, set(func(e *Evidence) { a := *app; a.Roles = nil; e.Claims, e.Account = &a, "" }), "app-permission-missing"},
		"SMTP, all is well": {PhaseSMTP, smtpNo, own, CauseEXOSMTPAuthDisabledMailbox},
		"SMTP, other":       {PhaseSMTP, smtpNo, set(func(e *Evidence) { e.Claims = with(func(c *Claims) { c.User = admin }) }), CauseTokenUserMismatch},
		"user disabled":     {PhaseIMAP, `A1 OK [Error="UserDisabled" AuthResult=27] AUTHENTICATE completed.`, own, CauseEXOProtocolDisabledMailbox},
	} {
		d := Explain(Input{Phase: c.phase, Step: "authenticate", Provider: Microsoft, Text: c.text, Evidence: c.evidence})
		if d.Cause != c.want {
			t.Errorf("%s: %v, want %s", name, d.Causes, c.want)
		}
		if len(d.Causes) > maxCauses {
			t.Errorf("%s: %d causes", name, len(d.Causes))
		}
	}
}

func TestClaimsOf(t *testing.T) {
	token := func(claims map[string]any) string {
		body, err := json.Marshal(claims)
		if err != nil {
			t.Fatal(err)
		}
		return "eyJhbGciOiJSUzI1NiJ9." + base64.RawURLEncoding.EncodeToString(body) + ".sig"
	}
	c := ClaimsOf(token(map[string]any{"aud": "https://outlook.office.com", "scp": "IMAP.AccessAsUser.All SMTP.Send", "unique_name": "u", "upn": helpdesk, "exp": 1700000000, "tid": "t"}))
	if c == nil || c.User != helpdesk || !slices.Equal(c.Scopes, []string{"IMAP.AccessAsUser.All", "SMTP.Send"}) || c.Expires.Unix() != 1700000000 {
		t.Fatalf("%+v", c)
	}
	c = ClaimsOf(token(map[string]any{"aud": []string{"a", "b"}, "roles": []string{"IMAP.AccessAsApp"}, "idtyp": "app", "scope": []string{"x y"}}))
	if c == nil || len(c.Audience) != 2 || c.IDType != "app" || len(c.Roles) != 1 || len(c.Scopes) != 2 {
		t.Fatalf("%+v", c)
	}
	if c := ClaimsOf(token(map[string]any{"aud": 5, "exp": 1})); c == nil || c.Audience != nil {
		t.Errorf("an odd claim spoils the rest: %+v", c)
	}
	for _, bad := range []string{"", "EwBYA8l6BAAU", "a.b", "a.!.c", "a.e30x.c", "..", "x." + base64.RawURLEncoding.EncodeToString([]byte("[1]")) + ".y"} {
		if c := ClaimsOf(bad); c != nil {
			t.Errorf("%q: %+v", bad, c)
		}
	}
}

// What Google's tokens lack says nothing about those of others, though other
// servers put their refusal into the same form.
func TestGooglesScopeIsGoogles(t *testing.T) {
	const text = `NO [AUTHENTICATIONFAILED] Authentication failed. {"status":"401","schemes":"bearer","scope":"mail"}`
	granted := Evidence{Granted: []string{"https://outlook.office.com/IMAP.AccessAsUser.All"}}
	for provider, want := range map[Provider]bool{Google: true, Microsoft: false, Generic: false} {
		d := Explain(Input{Phase: PhaseIMAP, Provider: provider, Text: text, Evidence: granted})
		if got := d.Cause == "google-scope-missing"; got != want {
			t.Errorf("%s: %s %v", provider, d.Certainty, d.Causes)
		}
	}
}

// TestCodesWithSeveralMeanings: a number that Microsoft gives several things
// is never certain by itself; the words beside it decide.
func TestCodesWithSeveralMeanings(t *testing.T) {
	for _, code := range []string{"AADSTS50001", "AADSTS50059", "AADSTS65005", "AADSTS70000", "AADSTS70001", "AADSTS70002", "AADSTS70011", "AADSTS90023", "AADSTS50020", "AADSTS50053", "AADSTS50126", "AADSTS50133", "AADSTS50158", "AADSTS53003", "AADSTS650056", "AADSTS700023", "AADSTS700024", "AADSTS7000218", "AADSTS9002313"} {
		if d := ExplainText(code+": new words", PhaseToken, Microsoft)[0]; d.Certainty == Certain || d.Cause == CauseUnknown {
			t.Errorf("%s: %s %v", code, d.Certainty, d.Causes)
		}
	}
}

// TestWordsBesideASharedNumber: a number or a reply that stands for several
// things leaves none of them out, and the words beside it choose.
func TestWordsBesideASharedNumber(t *testing.T) {
	for _, tt := range []struct {
		phase    Phase
		provider Provider
		text     string
		first    Cause
		also     Cause // among the five
	}{
		{PhaseToken, Microsoft, "AADSTS50001: Resource 'https://contoso.test' is disabled.", "app-disabled", "app-disabled"},
		{PhaseToken, Microsoft, "AADSTS50001: The resource was not found.", "resource-not-found-in-tenant", "app-disabled"},
		{PhaseDevice, Microsoft, "AADSTS50059: new words", "tenant-specific-endpoint-needed", "app-not-found-in-tenant"},
		{PhaseToken, Microsoft, "AADSTS700024: new words", "clock-skew", "client-software-problem"},
		{PhaseAuthorize, Microsoft, "AADSTS16000: Session is invalid due to expiration or recent password change.", "refresh-token-revoked", "interactive-sign-in-needed"},
		{PhaseAuthorize, Outlook, "AADSTS50020: User account 'user@outlook.com' from identity provider 'live.com' does not exist in tenant 'Contoso'. The account needs to be added as an external user in the tenant first. Sign out and sign in again with a different Azure Active Directory user account.", "app-audience-excludes-personal-accounts", "user-not-in-tenant"},
		{PhasePOP3, Microsoft, "-ERR Authentication failure: unknown user name or bad password.", "", "exo-service-principal-missing"},
		{PhaseAuthorize, Outlook, "There was an issue looking up your account.", "provider-temporary-error", "provider-temporary-error"},
		{PhasePOP3, Microsoft, "The sign-in request for this account has expired", "sign-in-timeout", "sign-in-timeout"},
		{PhasePOP3, Generic, "-ERR mailbox unknown", "password-wrong", "mailbox-missing-or-unlicensed"},
		{PhaseSMTP, Microsoft, "Mail.Send has no admin consent", "admin-consent-required", "consent-missing"},
		{PhaseSMTP, Microsoft, "Mail.Send hat keine Administratorzustimmung", "admin-consent-required", "consent-missing"},
		{PhaseAuthorize, Microsoft, "Wir haben eine ungültige Anforderung erhalten.", "oauth-request-invalid", "oauth-request-invalid"},
	} {
		d := ExplainText(tt.text, tt.phase, tt.provider)[0]
		if tt.first != "" && d.Cause != tt.first || !slices.Contains(d.Causes, tt.also) {
			t.Errorf("%.60q: %s %v, want %s and %s", tt.text, d.Certainty, d.Causes, tt.first, tt.also)
		}
	}
}

// TestWhoIsSignedInHasNoTroubleWithIt: after 235 in a transcript no password,
// no missing sign-in and no missing encryption is the reason.
func TestWhoIsSignedInHasNoTroubleWithIt(t *testing.T) {
	text := "C: AUTH LOGIN\nS: 235 2.7.0 Authentication successful\nC: MAIL FROM:<other@contoso.test>\nS: 553 5.7.1 Sender not authenticated for this address"
	if d := ExplainText(text, PhaseSMTP, Generic)[0]; d.Cause != "send-as-denied" {
		t.Errorf("%v", d.Causes)
	}
}
