package oauth

import (
	"context"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"

	"mailgrant/internal/diagnosis"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/redact"
)

// signInAsApplication gets a token for the application itself, by its secret
// or certificate: no user, no browser and no refresh token (RFC 6749, 4.4). A
// renewal, or a token for another resource, is the same again.
func (c *Client) signInAsApplication(ctx context.Context, r Request, resource string, phase diagnosis.Phase) (Grant, error) {
	d, scopes := r.Mailbox, scopesFor(r.Mailbox, resource)
	if r.ClientSecret.Empty() {
		return Grant{}, diagnosis.New(diagnosis.CauseClientSecretMissing, phase, map[string]string{"client": d.OAuth.ClientID, "as": d.OAuth.AccountType})
	}
	conf := clientcredentials.Config{
		ClientID: d.OAuth.ClientID, ClientSecret: r.ClientSecret.Reveal(),
		TokenURL: entraEndpoint(*d.OAuth).TokenURL, Scopes: scopes, AuthStyle: oauth2.AuthStyleInParams,
	}
	secrets := []redact.Secret{r.ClientSecret}
	if IsCertificate(r.ClientSecret) {
		proof, err := clientAssertion(r.ClientSecret, conf.ClientID, conf.TokenURL, c.now())
		if err != nil {
			return Grant{}, reason(diagnosis.CauseClientCertificateInvalid, phase, err.Error())
		}
		conf.ClientSecret, conf.EndpointParams = "", proof
		secrets = append(secrets, redact.NewSecret(proof.Get("client_assertion")))
	}
	asking, cancel := context.WithTimeout(ctx, r.limit())
	defer cancel()
	token, err := conf.Token(c.oauth2Context(asking))
	if err != nil {
		return Grant{}, explain(ctx, d, phase, err, secrets...)
	}
	g := c.grant(scopes, token)
	g.Proved = true
	if err := g.checkTokens(); err != nil {
		return Grant{}, unexpected(d, phase, err.Error())
	}
	g.Account, g.Identity = Account{User: d.User, TenantID: applicationTenant(d, token)}, Same
	return g, r.keep(ctx, g)
}

// applicationTenant is the tenant that the token names, where it can be read.
func applicationTenant(d mailbox.Definition, token *oauth2.Token) string {
	if c := diagnosis.ClaimsOf(token.AccessToken); c != nil && c.TenantID != "" {
		return c.TenantID
	}
	if mailbox.IsGUID(d.OAuth.Tenant) {
		return d.OAuth.Tenant
	}
	return ""
}
