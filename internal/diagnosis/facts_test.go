package diagnosis

import "testing"

// A guest is what the sign-in takes for one: personal accounts, whose idp is
// live.com, are at home in their own tenant, and a GUID has no case.
func TestGuestsAreThoseOfTheSignIn(t *testing.T) {
	const tenant = "0ec1a7a5-46f8-4b6e-9e8b-6d43c1a2b001"
	for name, c := range map[string]struct {
		claims Claims
		guest  bool
	}{
		"personal":             {Claims{User: "helpdesk@outlook.com", TenantID: "9188040d-6c67-4c5b-b112-36a304b66dad", IDP: "live.com"}, false},
		"own, in another case": {Claims{User: "a@contoso.test", TenantID: tenant, IDP: "https://sts.windows.net/0EC1A7A5-46F8-4B6E-9E8B-6D43C1A2B001/"}, false},
		"no idp":               {Claims{User: "a@contoso.test", TenantID: tenant}, false},
		"of another":           {Claims{User: "a@contoso.test", TenantID: tenant, IDP: "https://sts.windows.net/5a5a5a5a-46f8-4b6e-9e8b-6d43c1a2b001/"}, true},
		"personal, here":       {Claims{User: "a@contoso.test", TenantID: tenant, IDP: "live.com"}, true},
		"by its name":          {Claims{User: "x_fabrikam.com#ext#@contoso.test", TenantID: tenant}, true},
	} {
		if f := (&facts{in: Input{Evidence: Evidence{Claims: &c.claims}}}); f.is("guest") != c.guest {
			t.Errorf("%s: guest is %v", name, !c.guest)
		}
	}
}

// What any server may mean holds for a provider without words of its own too,
// and an entry may name it.
func TestAnyOtherProviderIsGeneric(t *testing.T) {
	for provider, generic := range map[Provider]bool{"": true, Generic: true, "acme": true, Microsoft: false, Outlook: false, Google: false} {
		f := &facts{provider: provider}
		if f.is("generic") != generic || provider != "" && !f.is(string(provider)) || f.is("mars") {
			t.Errorf("%q: generic is %v", provider, !generic)
		}
	}
}

// TestWhatATextIsAbout: provider and part of the work where the caller leaves
// them open; what the caller says counts.
func TestWhatATextIsAbout(t *testing.T) {
	for name, c := range map[string]struct {
		in       Input
		provider Provider
		phase    Phase
	}{
		"nothing":                         {Input{Text: "it failed"}, "", ""},
		"a code of Entra":                 {Input{Text: "AADSTS65001"}, Microsoft, PhaseToken},
		"a redirect that is refused":      {Input{Text: "AADSTS50011"}, Microsoft, PhaseAuthorize},
		"its number alone":                {Input{Text: `{"error_codes":[65001]}`}, "", PhaseToken},
		"Gmail":                           {Input{Text: "535 5.7.8 refused gsmtp"}, Google, PhaseSMTP},
		"Gmail and Exchange":              {Input{Text: "imap.gmail.com and outlook.office365.com, IMAP"}, Microsoft, PhaseIMAP},
		"a personal account":              {Input{Text: "a@outlook.com, POP3"}, Outlook, PhasePOP3},
		"a personal account at Exchange":  {Input{Text: "a@outlook.com: office365.com"}, Outlook, ""},
		"a personal account at Gmail":     {Input{Text: "a@outlook.com: gsmtp"}, Google, ""},
		"POP3 before SMTP before IMAP":    {Input{Text: "IMAP SMTP POP3"}, "", PhasePOP3},
		"SMTP before IMAP":                {Input{Text: "IMAP: 535 no"}, "", PhaseSMTP},
		"the host counts":                 {Input{Text: "office365.com", Evidence: Evidence{Host: "imap.gmail.com"}}, Google, ""},
		"the host, whatever is usual":     {Input{Evidence: Evidence{Host: "imap.gmail.com"}, Usual: Usual{Provider: Microsoft}}, Google, ""},
		"what is usual":                   {Input{Text: "IMAP", Usual: Usual{Provider: Google}}, Google, PhaseIMAP},
		"the text, whatever is usual":     {Input{Text: "office365.com", Usual: Usual{Provider: Google}}, Microsoft, ""},
		"generic may be corrected":        {Input{Provider: Generic, Text: "AADSTS65001"}, Microsoft, PhaseToken},
		"a provider that is told":         {Input{Provider: Google, Text: "AADSTS65001"}, Google, PhaseToken},
		"a part of the work that is told": {Input{Phase: PhaseRefresh, Text: "IMAP"}, "", PhaseRefresh},
	} {
		b := theBook()
		f := gather(c.in, look(b, c.in.Text))
		if f.provider != c.provider || f.phase != c.phase {
			t.Errorf("%s: %q %q, want %q %q", name, f.provider, f.phase, c.provider, c.phase)
		}
	}
}

// TestWhatWasSent: a token or a password, as the caller knows, else as the
// text says, else as is usual.
func TestWhatWasSent(t *testing.T) {
	for name, c := range map[string]struct {
		in              Input
		token, password bool
	}{
		"nobody knows":            {Input{}, false, false},
		"the caller, a token":     {Input{Text: "AUTH LOGIN", Evidence: Evidence{Mechanism: "XOAUTH2"}}, true, false},
		"the caller, a password":  {Input{Text: "xoauth2", Evidence: Evidence{Mechanism: "plain"}}, false, true},
		"the text, a token":       {Input{Text: "xoauth2"}, true, false},
		"the text, a password":    {Input{Text: "AUTH LOGIN", Usual: Usual{OAuth: true}}, false, true},
		"the text, both":          {Input{Text: "AUTH LOGIN, xoauth2"}, true, false},
		"usually a token":         {Input{Usual: Usual{OAuth: true}}, true, false},
		"a password, not usually": {Input{Usual: Usual{OAuth: true}, Evidence: Evidence{Mechanism: "LOGIN"}}, false, true},
	} {
		b := theBook()
		if f := gather(c.in, look(b, c.in.Text)); f.is("bearer") != c.token || f.is("password-sent") != c.password {
			t.Errorf("%s: token %v, password %v", name, f.is("bearer"), f.is("password-sent"))
		}
	}
}
