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
