package mailbox

import (
	"maps"
	"strconv"
	"strings"
)

// texts are the fields that hold a text, by their paths in a file. Those of the
// servers are not among them.
func (d *Definition) texts() map[string]*string {
	all := map[string]*string{
		"name": &d.Name, "sender": &d.Sender, "user": &d.User, "shared_mailbox": &d.SharedMailbox,
		"authentication": &d.Authentication, "trusted_ca": &d.TrustedCA,
	}
	if o := d.OAuth; o != nil {
		maps.Copy(all, map[string]*string{
			"oauth.provider": &o.Provider, "oauth.cloud": &o.Cloud, "oauth.account_type": &o.AccountType, "oauth.tenant": &o.Tenant,
			"oauth.client_id": &o.ClientID, "oauth.sign_in": &o.SignIn, "oauth.prompt": &o.Prompt, "oauth.authority": &o.Authority,
			"oauth.issuer": &o.Issuer, "oauth.redirect": &o.Redirect,
		})
	}
	return all
}

// Fields are the values of a definition as texts, by their paths in a file. What
// it does not have, a server or a registration, has no fields.
func (d Definition) Fields() map[string]string {
	all := map[string]string{}
	for path, text := range d.texts() {
		all[path] = *text
	}
	if d.OAuth != nil {
		all["oauth.scopes"] = strings.Join(d.OAuth.Scopes, " ")
	}
	for _, s := range d.Servers {
		name := string(s.Protocol)
		all[name+".host"], all[name+".security"] = s.Host, s.Security
		if s.Port != 0 {
			all[name+".port"] = strconv.Itoa(s.Port)
		}
	}
	return all
}

// Fill sets the texts and scopes of a definition; its servers stay as they are,
// and so does a registration that it does not have.
func (d *Definition) Fill(fields map[string]string) {
	for path, text := range d.texts() {
		*text = fields[path]
	}
	if d.OAuth != nil {
		d.OAuth.Scopes = strings.Fields(fields["oauth.scopes"])
	}
}
