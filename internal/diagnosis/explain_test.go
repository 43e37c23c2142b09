package diagnosis

import (
	"encoding/base64"
	"html"
	"net/url"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"mailgrant/internal/i18n"
)

func causesOf(ds []Diagnosis) []Cause {
	var out []Cause
	for _, d := range ds {
		out = append(out, d.Cause)
	}
	return out
}

// TestWrappings: what a program, a browser or a terminal does to a text does
// not change what it says.
func TestWrappings(t *testing.T) {
	plain := "AADSTS700016: Application with identifier 'abc' was not found in the directory 'Contoso'.\r\nTrace ID: 11111111-2222-3333-4444-555555555555\r\nCorrelation ID: aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"
	noCode := strings.TrimPrefix(plain, "AADSTS700016: ")
	utf16le := []byte{0xff, 0xfe}
	for _, u := range utf16.Encode([]rune(plain)) {
		utf16le = append(utf16le, byte(u), byte(u>>8))
	}
	json := `{\"error\":\"unauthorized_client\",\"error_description\":\"` + strings.ReplaceAll(strings.ReplaceAll(noCode, "\r\n", `\r\n`), "'", `\u0027`) + `\"}`
	for name, text := range map[string]string{
		"plain": plain, "no code": noCode, "json": json, "twice json": strings.ReplaceAll(json, `\`, `\\`),
		"query": "http://localhost:1234/?error=unauthorized_client&error_description=" + url.QueryEscape(noCode), "twice encoded": url.QueryEscape(url.QueryEscape(noCode)),
		"html": "<div class=\"err\"><b>Sorry</b><br />" + html.EscapeString(noCode) + "</div>", "twice html": html.EscapeString(html.EscapeString(noCode)),
		"wrapped": strings.ReplaceAll(noCode, "identifier", "identi\n    fier"), "utf-16": string(utf16le), "shouting": strings.ToUpper(noCode),
		"nbsp": strings.ReplaceAll(noCode, " ", "\u00a0"), "quotes": strings.ReplaceAll(noCode, "'", "’"),
	} {
		d := ExplainText(text, "", "")[0]
		if d.Cause != "app-not-found-in-tenant" {
			t.Errorf("%s: %v", name, d.Causes)
		}
		if name != "utf-16" && name != "twice encoded" && (!strings.EqualFold(d.CorrelationID, "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee") || d.TraceID == "") {
			t.Errorf("%s: ids %q %q", name, d.CorrelationID, d.TraceID)
		}
	}
	challenge := base64.StdEncoding.EncodeToString([]byte(`{"status":"401","schemes":"bearer","scope":"https://mail.google.com/"}`))
	if d := ExplainText("S: + "+challenge, PhaseIMAP, Google)[0]; d.Cause != "google-scope-missing" {
		t.Errorf("challenge: %v", d.Causes)
	}
}

func TestUnknownCodeKeepsItsLink(t *testing.T) {
	d := ExplainText(`{"error":"invalid_grant","error_description":"AADSTS7000999: Something new. Trace ID: 11111111-2222-3333-4444-555555555555"}`, PhaseRefresh, Microsoft)[0]
	if !slices.Contains(d.Codes, "AADSTS7000999") || !slices.Contains(d.Links, "https://login.microsoftonline.com/error?code=7000999") || d.TraceID == "" {
		t.Errorf("%+v", d)
	}
}

func TestSeveralErrors(t *testing.T) {
	log := `2024-05-06 07:00:01 INFO starting
2024-05-06 07:00:02 ERROR imap: AADSTS700082: The refresh token has expired due to inactivity.
2024-05-06 07:00:02 ERROR imap: authentication failed
2024-05-06 07:00:03 WARN  pop3: nothing to do
2024-05-06 07:00:09 ERROR smtp: 535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant.
2024-05-06 07:00:09 ERROR smtp: authentication failed
2024-05-06 07:10:02 ERROR imap: AADSTS700082: The refresh token has expired due to inactivity.
2024-05-06 07:20:09 ERROR smtp: lookup smtp.office365.com: no such host
`
	got := causesOf(ExplainText(log, "", ""))
	want := []Cause{CauseRefreshTokenExpired, CauseEXOSMTPAuthDisabledTenant, CauseDNSNotResolved} // the proved ones first
	if !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	for _, d := range ExplainText(strings.Repeat("2024-05-06 07:00:01 INFO nothing to see here, all is well\n", 200)+log, "", "") {
		if len(d.ServerText) > 1200 || d.ServerText == "" {
			t.Errorf("%s shows %d bytes: %s", d.Cause, len(d.ServerText), d.ServerText)
		}
	}
}

// TestSecretsAreMasked: cutting a long line must not leave half a secret.
func TestSecretsAreMasked(t *testing.T) {
	secret := strings.Repeat("Ab3", 30)
	line := strings.Repeat("x=1; ", 300) + `"password":"` + secret + `", LOGIN user ` + secret + ` ` + strings.Repeat("y ", 120) + "AADSTS50076: multi-factor " + strings.Repeat("z ", 900) + "refresh_token=" + secret
	for _, d := range ExplainText(line, "", "") {
		if strings.Contains(d.ServerText, secret[:20]) || strings.Contains(d.ServerText, secret[60:]) {
			t.Errorf("a secret shows: %s", d.ServerText)
		}
	}
}

func TestCommands(t *testing.T) {
	evil := "x'; Remove-Mailbox \u2018y\u2019\u201a\u201b\n"
	for cause, c := range map[Cause]struct {
		phase Phase
		want  string
	}{
		CauseEXOProtocolDisabledMailbox: {PhasePOP3, "Set-CASMailbox -Identity 'x''; Remove-Mailbox \u2018\u2018y\u2019\u2019\u201a\u201a\u201b\u201b' -PopEnabled $true"},
		CauseEXOSMTPAuthDisabledMailbox: {PhaseSMTP, "Set-CASMailbox -Identity 'x''; Remove-Mailbox \u2018\u2018y\u2019\u2019\u201a\u201a\u201b\u201b' -SmtpClientAuthenticationDisabled $false"},
	} {
		if got := entryOf(cause).commandFor(&facts{phase: c.phase, in: Input{Evidence: Evidence{User: evil}}}); got != c.want {
			t.Errorf("%s: %q, want %q", cause, got, c.want)
		}
	}
	if got := New("mailbox-missing-or-unlicensed", PhaseIMAP, nil).Command; got != "Get-EXOMailbox -Identity '<mailbox>'" {
		t.Error(got)
	}
	if got := New(CauseEXOProtocolDisabledMailbox, PhaseIMAP, i18n.Args{"mailbox": helpdesk}).Command; got != "Set-CASMailbox -Identity '"+helpdesk+"' -ImapEnabled $true" {
		t.Error(got)
	}
}

func TestConsolidate(t *testing.T) {
	open := func(causes ...Cause) Diagnosis {
		d := New(causes[0], PhaseSMTP, nil)
		d.Causes = causes
		return d
	}
	at := func(c Cause, p Phase) Diagnosis { return New(c, p, nil) }
	for name, c := range map[string]struct {
		in   []Diagnosis
		want []Cause
	}{
		"no network":       {[]Diagnosis{at(CauseServerTimeout, PhaseRefresh), at(CauseDNSNotResolved, PhaseIMAP), at(CauseDNSNotResolved, PhasePOP3), at(CauseDNSNotResolved, PhaseSMTP)}, []Cause{CauseDNSNotResolved}},
		"sign-in expired":  {[]Diagnosis{at(CauseAuthorizationMissing, PhaseIMAP), at(CauseRefreshTokenExpired, PhaseRefresh)}, []Cause{CauseRefreshTokenExpired}},
		"inspection":       {[]Diagnosis{at(CauseTLSInterceptionUntrustedCA, PhaseIMAP), at("tls-self-signed", PhasePOP3), at(CauseTLSInterceptionUntrustedCA, PhaseSMTP)}, []Cause{CauseTLSInterceptionUntrustedCA}},
		"somebody else":    {[]Diagnosis{at(CauseTokenUserMismatch, PhaseIMAP), open(CauseUPNDiffersFromAddress, CauseTokenUserMismatch)}, []Cause{CauseTokenUserMismatch}},
		"two faults":       {[]Diagnosis{at(CauseEXOProtocolDisabledMailbox, PhaseIMAP), at(CauseEXOSMTPAuthDisabledTenant, PhaseSMTP)}, []Cause{CauseEXOProtocolDisabledMailbox, CauseEXOSMTPAuthDisabledTenant}},
		"unknown is last":  {[]Diagnosis{at(CauseUnknown, PhaseIMAP), at(CauseEXOSMTPAuthDisabledTenant, PhaseSMTP)}, []Cause{CauseEXOSMTPAuthDisabledTenant, CauseUnknown}},
		"open both ways":   {[]Diagnosis{open(CausePortBlocked, "wrong-host-name"), open("wrong-host-name", CausePortBlocked)}, []Cause{CausePortBlocked}},
		"nothing":          {nil, nil},
		"passing is after": {[]Diagnosis{at("exo-throttled", PhaseIMAP), at("client-secret-expired", PhaseRefresh)}, []Cause{"client-secret-expired", "exo-throttled"}},
	} {
		if got := causesOf(Consolidate(c.in)); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
	expired, refused := New(CauseRefreshTokenExpired, PhaseRefresh, nil), open("exo-basic-auth-disabled", CauseTokenUserMismatch)
	refused.Certainty = Likely
	if got := causesOf(Consolidate([]Diagnosis{expired, refused, at("exo-throttled", PhaseIMAP)})); !slices.Equal(got, []Cause{CauseRefreshTokenExpired, "exo-throttled"}) {
		t.Errorf("without a token: %v", got)
	}
	vague := open("basic-auth-removed", "password-wrong")
	vague.Certainty = Possible
	if got := Consolidate([]Diagnosis{vague, at(CauseEXOSMTPAuthDisabledTenant, PhaseSMTP)}); got[0].Cause != CauseEXOSMTPAuthDisabledTenant || len(got) != 2 {
		t.Errorf("what is proved comes after what is not: %v", causesOf(got))
	}
	codes := func(cause Cause, phase Phase, words string, codes ...string) Diagnosis {
		d := New(cause, phase, nil)
		d.ServerText, d.Codes = words, codes
		return d
	}
	one := Consolidate([]Diagnosis{codes(CauseServerTimeout, PhaseIMAP, "a", "x", "y"), codes(CauseServerTimeout, PhaseIMAP, "b", "y", "z")})
	if len(one) != 1 || !slices.Equal(one[0].Codes, []string{"x", "y", "z"}) || one[0].ServerText != "a" {
		t.Errorf("%+v", one)
	}
	if two := Consolidate([]Diagnosis{codes(CauseUnknown, PhaseIMAP, "a"), codes(CauseUnknown, PhaseSMTP, "b"), codes(CauseUnknown, PhasePOP3, "a")}); len(two) != 2 {
		t.Errorf("unknown twice, in other words: %+v", two)
	}
	both := Consolidate([]Diagnosis{New(CauseEXOProtocolDisabledMailbox, PhasePOP3, i18n.Args{"mailbox": "m"}), New(CauseEXOProtocolDisabledMailbox, PhaseIMAP, i18n.Args{"mailbox": "m"})})
	if len(both) != 1 || both[0].Command != "Set-CASMailbox -Identity 'm' -ImapEnabled $true -PopEnabled $true" {
		t.Errorf("%+v", both)
	}
}

// TestCommandsAreJoined: two commands that differ in their switches are one.
func TestCommandsAreJoined(t *testing.T) {
	for _, c := range [][3]string{
		{"Set-X -Id 'a' -Pop $true", "Set-X -Id 'a' -Imap $true", "Set-X -Id 'a' -Imap $true -Pop $true"},
		{"Set-X -Id 'a' -Pop $true", "Set-X -Id 'b' -Imap $true", "Set-X -Id 'a' -Pop $true"},
		{"Set-X -Id 'a'", "Set-Y -Id 'a'", "Set-X -Id 'a'"},
		{"Set-X -Id 'a'", "Set-X -Id 'a'", "Set-X -Id 'a'"},
		{"Set-X -Id 'a'", "", "Set-X -Id 'a'"},
	} {
		if got := joined(c[0], c[1]); got != c[2] {
			t.Errorf("%q and %q: %q", c[0], c[1], got)
		}
	}
}

// TestLearnedOrder: what was learned puts possible causes in order and names
// others; it leaves alone what is certain, what comes first for better words
// than vague ones, and what a test knows more about.
func TestLearnedOrder(t *testing.T) {
	for _, c := range []struct {
		text           string
		changes, first bool
	}{
		{"535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Mailbox.", false, false}, // certain
		{"535 5.7.3 Authentication unsuccessful (user= alias address, IMAP works)", true, false},
		{"could not send", true, true},                         // vague
		{"ssl3_get_record:wrong version number", false, false}, // nothing to add
		{"Oops, the courier 4711 came back", false, false},     // not understood
	} {
		in := Input{Phase: PhaseSMTP, Provider: Microsoft, Text: c.text}
		words, d := explain(in, false)[0], ExplainAll(in)[0]
		if d.Certainty != words.Certainty || d.Cause != words.Cause != c.first || slices.Equal(d.Causes, words.Causes) == c.changes {
			t.Errorf("%q: %s %v, the data files alone say %s %v", c.text, d.Certainty, d.Causes, words.Certainty, words.Causes)
		}
		if known := Explain(in); !slices.Equal(known.Causes, words.Causes) {
			t.Errorf("%q: a test is told %v", c.text, known.Causes)
		}
	}
}

// TestSuspected: where the data files understand nothing, though it is known what
// a text is about, the causes are named that its words speak for, as vague words.
func TestSuspected(t *testing.T) {
	const text = "Bitte Postfach leeren, Speicherplatz des Empfängers"
	if d := ExplainText(text, PhaseIMAP, Microsoft)[0]; d.Cause != "mailbox-full" || d.Certainty != Possible || !d.Vague() {
		t.Errorf("%s %v", d.Certainty, d.Causes)
	}
	if d := ExplainText(text, "", "")[0]; d.Cause != CauseUnknown {
		t.Errorf("of whose mail nobody knows: %v", d.Causes)
	}
	if d := Explain(Input{Text: text, Phase: PhaseIMAP, Provider: Microsoft}); d.Cause != CauseUnknown {
		t.Errorf("a test is told %v", d.Causes)
	}
}
