package diagnosis

import "testing"

// TestWhoseTokenItIs: the account of the token against the mailbox, and
// against the name given in the sign-in.
func TestWhoseTokenItIs(t *testing.T) {
	const desk = "desk@contoso.test"
	app := &Claims{IDType: "app", Roles: []string{"IMAP.AccessAsApp"}}
	for name, c := range map[string]struct {
		e           Evidence
		owner, name string
	}{
		"nothing is known":           {Evidence{}, "", ""},
		"no account":                 {Evidence{User: helpdesk}, "", ""},
		"the user's own":             {Evidence{User: helpdesk, Account: "HelpDesk@contoso.test"}, "own", "account"},
		"the token says it itself":   {Evidence{User: helpdesk, Account: admin, Claims: &Claims{User: helpdesk}}, "own", "account"},
		"somebody else's":            {Evidence{User: helpdesk, Account: admin}, "other", "other"},
		"the sender is another":      {Evidence{User: helpdesk, Sender: desk, Account: helpdesk}, "other", "account"},
		"an application's":           {Evidence{User: helpdesk, Account: admin, Claims: app}, "", ""},
		"a shared mailbox, the user": {Evidence{User: helpdesk, SharedMailbox: shared, Account: helpdesk}, "user", "account"},
		"a shared mailbox's name":    {Evidence{User: helpdesk, SharedMailbox: shared, Account: helpdesk, SASLUser: shared}, "user", "shared"},
		"the shared mailbox itself":  {Evidence{User: helpdesk, SharedMailbox: shared, Account: shared}, "own", "other"},
		"a shared mailbox, another":  {Evidence{User: helpdesk, SharedMailbox: shared, Account: admin}, "", "other"},
		"one person, two domains":    {Evidence{User: "helpdesk@fabrikam.test", Account: helpdesk}, "other", "alias"},
		"another protocol took it":   {Evidence{User: desk, Account: helpdesk, SignedIn: map[Phase]bool{PhasePOP3: true}}, "other", "alias"},
		"it took it itself":          {Evidence{User: desk, Account: helpdesk, SignedIn: map[Phase]bool{PhaseIMAP: true}}, "other", "other"},
	} {
		f := (&facts{in: Input{Phase: PhaseIMAP, Provider: Microsoft, Evidence: c.e}, clue: map[string]bool{}}).infer()
		if f.owner() != c.owner || f.saslName() != c.name {
			t.Errorf("%s: owner %q, name %q; want %q, %q", name, f.owner(), f.saslName(), c.owner, c.name)
		}
	}
}

// TestWhatATokenGrants: permissions are compared by their last part, and only
// where it is known what is needed.
func TestWhatATokenGrants(t *testing.T) {
	for name, c := range map[string]struct {
		provider              Provider
		phase                 Phase
		e                     Evidence
		scope, role, audience string
	}{
		"nothing":                 {Microsoft, PhaseIMAP, Evidence{}, "", "", ""},
		"granted, by URL":         {Microsoft, PhaseIMAP, Evidence{Granted: []string{"https://outlook.office.com/IMAP.AccessAsUser.All"}}, "present", "", ""},
		"granted, another case":   {Outlook, PhasePOP3, Evidence{Granted: []string{"openid", "pop.accessasuser.all"}}, "present", "", ""},
		"not granted":             {Microsoft, PhaseSMTP, Evidence{Granted: []string{"IMAP.AccessAsUser.All"}}, "missing", "", ""},
		"no mail phase":           {Microsoft, PhaseToken, Evidence{Granted: []string{"SMTP.Send"}}, "present", "", ""},
		"the token knows better":  {Microsoft, PhaseIMAP, Evidence{Granted: []string{"IMAP.AccessAsUser.All"}, Claims: &Claims{Scopes: []string{"User.Read"}}}, "missing", "", ""},
		"an application's role":   {Microsoft, PhaseIMAP, Evidence{Claims: &Claims{Roles: []string{"IMAP.AccessAsApp"}}}, "", "present", ""},
		"another role":            {Microsoft, PhasePOP3, Evidence{Claims: &Claims{Roles: []string{"IMAP.AccessAsApp"}}}, "", "missing", ""},
		"Exchange's audience":     {Microsoft, PhaseIMAP, Evidence{Claims: &Claims{Audience: []string{"https://outlook.office365.com/"}, Scopes: []string{"IMAP.AccessAsUser.All"}}}, "present", "", "mail"},
		"Graph's audience":        {Microsoft, PhaseIMAP, Evidence{Claims: &Claims{Audience: []string{"https://graph.microsoft.com"}, Scopes: []string{"Mail.Read"}}}, "missing", "", "other"},
		"Google, with a slash":    {Google, PhaseIMAP, Evidence{Granted: []string{"https://mail.google.com/"}}, "present", "", ""},
		"Google, another":         {Google, PhaseSMTP, Evidence{Granted: []string{"https://www.googleapis.com/auth/gmail.send"}}, "missing", "", ""},
		"a provider without mail": {Generic, PhaseIMAP, Evidence{Granted: []string{"openid"}, Claims: &Claims{Audience: []string{"account"}, Scopes: []string{"openid"}}}, "", "", ""},
	} {
		f := (&facts{in: Input{Phase: c.phase, Provider: c.provider, Evidence: c.e}, clue: map[string]bool{}}).infer()
		if f.scope() != c.scope || f.role() != c.role || f.audience() != c.audience {
			t.Errorf("%s: scope %q, role %q, audience %q; want %q, %q, %q", name, f.scope(), f.role(), f.audience(), c.scope, c.role, c.audience)
		}
	}
}
