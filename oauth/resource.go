package oauth

import (
	"net/url"
	"slices"
	"strings"

	"golang.org/x/oauth2"

	"mailgrant/internal/mailbox"
)

// Scopes returns what a sign-in asks for: what the mail servers need, what
// servers of other resources need, and what every request adds. Who signs in
// agrees to all of it at once; each token is then for one resource only.
func Scopes(d mailbox.Definition) []string {
	scopes := MailScopes(d)
	for _, resource := range d.OtherResources() {
		scopes = append(scopes, scopesFor(d, resource)...)
	}
	return append(scopes, d.Profile().BaseScopes...)
}

// MailScopes is what the mail servers need: the definition's own scopes, if it
// names any.
func MailScopes(d mailbox.Definition) []string { return scopesFor(d, "") }

// scopesFor is what a token for one resource (mailbox.Definition.TokenFor) is
// to be good for.
func scopesFor(d mailbox.Definition, resource string) []string {
	p, prefix := d.Profile(), ""
	switch {
	case resource == "" && len(d.OAuth.Scopes) > 0:
		return slices.Clone(d.OAuth.Scopes)
	case d.OAuth.AccountType == mailbox.AccountApplication:
		// Client credentials know no single permissions (AADSTS1002012).
		if resource == "" {
			resource = p.ApplicationResource
		}
		return []string{resource + ".default"}
	case resource == "":
		prefix = p.Resource
	}
	var scopes []string
	for _, s := range d.Servers {
		if p.TokenFor(string(s.Protocol)) != resource {
			continue
		}
		for scope := range strings.FieldsSeq(p.Scopes[string(s.Protocol)]) {
			if full := prefix + scope; !slices.Contains(scopes, full) {
				scopes = append(scopes, full)
			}
		}
	}
	return scopes
}

// narrow makes a token request of an authorization for several resources name
// the one that the token is for (RFC 6749, 6; RFC 8707, 2.2). Microsoft refuses
// a request for two (AADSTS28000) and takes a refresh token for any
// ("OAuth 2.0 authorization code flow: refresh the access token", 2026-06).
func narrow(d mailbox.Definition, resource string) url.Values {
	scopes := append(scopesFor(d, resource), d.Profile().BaseScopes...)
	form := mannersOf(*d.OAuth).indicators(d, resource)
	form.Set("scope", strings.Join(scopes, " "))
	return form
}

// forMail is narrow for the first token of a sign-in, which is the mail
// servers'; nothing where there is only their resource.
func forMail(d mailbox.Definition) []oauth2.AuthCodeOption {
	if len(d.OtherResources()) == 0 {
		return nil
	}
	var options []oauth2.AuthCodeOption
	for name, values := range narrow(d, "") {
		options = append(options, param(name, values[0]))
	}
	return options
}

// indicators name resources as RFC 8707 has it, beside their scopes.
func (openID) indicators(d mailbox.Definition, resources ...string) url.Values {
	form := url.Values{}
	for _, resource := range resources {
		if resource == "" {
			resource = d.Profile().Resource
		}
		form.Add("resource", resource)
	}
	return form
}

// Microsoft knows them by the scopes and refuses to be told (AADSTS901002).
func (entra) indicators(mailbox.Definition, ...string) url.Values { return url.Values{} }
