package assistant

import (
	"slices"
	"strings"
	"testing"

	"mailgrant/app/authorization"
	"mailgrant/app/practice"
	"mailgrant/app/products"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/redact"
	"mailgrant/oauth"
)

// checkProduct is "id state text" of every result.
func checkProduct(t *testing.T, r *rig, id, host string) []string {
	t.Helper()
	profile, _ := products.Get(id)
	c, err := CheckProduct(t.Context(), r.Manager, r.d, profile.For(r.d, host, english))
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, f := range c.Results(LastTests{}, english) {
		all = append(all, f.ID+" "+string(f.State)+" "+f.Text)
	}
	return all
}

func wantResult(t *testing.T, all []string, want string) {
	t.Helper()
	if !slices.ContainsFunc(all, func(f string) bool { return strings.HasPrefix(f, want) }) {
		t.Errorf("no %q in\n%s", want, strings.Join(all, "\n"))
	}
}

func TestWhatAProductNeedsIsProved(t *testing.T) {
	r := newRig(t)
	// ACMP asks for any organisation, which this registration does not admit.
	narrow := checkProduct(t, r, "acmp", "")
	wantResult(t, narrow, "account-type failed The app registration allows only one organization, but Aagon ACMP signs in at /organizations")
	wantResult(t, narrow, "redirect unknown Only the product's own sign-in shows whether https://login.microsoftonline.com/")
	r.d.OAuth.ClientID = practice.MultitenantClientID
	acmp := checkProduct(t, r, "acmp", "")
	wantResult(t, acmp, "account-type passed")
	wantResult(t, acmp, "client passed")
	wantResult(t, acmp, "redirect passed The sign-in service accepts the redirect URI https://login.microsoftonline.com/")
	wantResult(t, acmp, "scopes unknown Not known whether granted: IMAP.AccessAsUser.All, POP.AccessAsUser.All, SMTP.Send")
	wantResult(t, acmp, "imap passed")
	r.d.Sender, r.d.SharedMailbox = practice.Info.Address, practice.Info.Address
	wantResult(t, checkProduct(t, r, "acmp", ""), "oauth failed Aagon ACMP wants sender and user to be the same.")
	r.d.Sender, r.d.SharedMailbox = r.d.User, ""
	r.signIn(t)
	wantResult(t, checkProduct(t, r, "acmp", ""), "scopes passed Granted: IMAP.AccessAsUser.All, POP.AccessAsUser.All, SMTP.Send")
	zammad := checkProduct(t, r, "zammad", "desk.contoso.test")
	wantResult(t, zammad, "redirect failed The redirect URI https://desk.contoso.test/")
	wantResult(t, zammad, "secret unknown The product needs a client secret")
	// The address of a product that is not known cannot be asked about: that is said.
	wantResult(t, checkProduct(t, r, "zammad", ""), "redirect unknown Redirect URI https://‹address of the product›/api/v1/external_credentials/microsoft365/callback: enter the address")
}

// Where a product is not known to ask, or shows its redirect address itself, nothing
// is proved by what holds for Mailgrant's own sign-in.
func TestWhatIsNotKnownOfAProductIsNotProved(t *testing.T) {
	r := newRig(t)
	wantResult(t, checkProduct(t, r, products.Other, ""), "account-type unknown Only the sign-in of Other product shows")
	jira := checkProduct(t, r, "jira-service-management", "")
	wantResult(t, jira, "account-type failed The app registration allows only one organization, but Jira Service Management (Data Center) signs in at /common")
	wantResult(t, jira, "redirect unknown Only the sign-in of Jira Service Management (Data Center) shows")
	wantResult(t, jira, "scopes unknown Not known whether granted: IMAP.AccessAsUser.All, POP.AccessAsUser.All")
	for _, f := range checkProduct(t, r, "matrix42", "") { // it does not use the mail servers
		if id, _, _ := strings.Cut(f, " "); mailbox.IsProtocol(id) {
			t.Errorf("matrix42: %s", f)
		}
	}
	wantResult(t, checkProduct(t, r, "znuny", ""), "smtp passed")
}

func TestAProductsPermissionsThatLack(t *testing.T) {
	r := newRig(t, practice.FaultMissingScope)
	r.signIn(t)
	wantResult(t, checkProduct(t, r, "acmp", ""), "scopes failed Not granted: POP.AccessAsUser.All")
	// What nobody asked for is not known.
	r = newRig(t)
	r.d.SetServer(mailbox.POP3, nil)
	r.signIn(t)
	acmp := checkProduct(t, r, "acmp", "")
	wantResult(t, acmp, "scopes passed Granted: IMAP.AccessAsUser.All, SMTP.Send")
	wantResult(t, acmp, "scopes unknown Not known whether granted: POP.AccessAsUser.All")
}

func TestAProductAtAnApplicationThatIsNotThere(t *testing.T) {
	for client, want := range map[string]string{"00000000-1111-2222-3333-444444444444": "client failed", practice.DisabledClientID: "client failed"} {
		r := newRig(t)
		r.d.OAuth.ClientID = client
		wantResult(t, checkProduct(t, r, "zammad", ""), want)
	}
}

func TestAProductsSecret(t *testing.T) {
	for secret, c := range map[string]struct{ client, want string }{
		practice.WebClientSecret: {practice.WebClientID, "secret passed"},
		"wrong":                  {practice.WebClientID, "secret failed"},
		"of-a-public-client":     {practice.MultitenantClientID, "secret unknown Only the product's own sign-in shows whether the client secret is valid"},
	} {
		r := newRig(t)
		r.d.OAuth.ClientID = c.client
		if err := r.SetSecret(r.d, authorization.ClientSecret, redact.NewSecret(secret)); err != nil {
			t.Fatal(err)
		}
		all := checkProduct(t, r, "zammad", "desk.contoso.test")
		wantResult(t, all, c.want)
		for _, f := range all {
			if strings.Contains(f, secret) && secret != "wrong" {
				t.Errorf("the secret is shown: %s", f)
			}
		}
	}
}

func TestAProductWithoutOAuthHasItsServersChecked(t *testing.T) {
	r := newRig(t)
	for _, p := range products.All() {
		if p.CanOAuth() || p.Registration != nil {
			continue
		}
		for _, f := range checkProduct(t, r, p.ID, "") {
			if id, _, _ := strings.Cut(f, " "); id == oauth.CheckRedirect || id == "scopes" {
				t.Errorf("%s: %s", p.ID, f)
			}
		}
		return
	}
	t.Skip("every product has a registration")
}
