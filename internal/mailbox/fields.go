package mailbox

import (
	"maps"
	"strconv"
	"strings"

	"mailgrant/internal/i18n"
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

// FieldError says what is wrong with one field. Field is its path in the
// file, such as "imap.port"; Problem is the last part of the text's key,
// field.<problem>, and Args are its placeholders.
type FieldError struct {
	Field   string
	Problem string
	Args    i18n.Args
}

// Text puts the error into one line that names the field.
func (e FieldError) Text(t *i18n.Texts) string {
	return e.Field + ": " + e.Message(t)
}

// Message is the error without the field's name, for the place of the mistake.
func (e FieldError) Message(t *i18n.Texts) string {
	return t.Text("field."+e.Problem, e.Args)
}

// Invalid is the error of a definition that cannot be used. It holds at least
// one field error, in the order of the file.
type Invalid []FieldError

func (v Invalid) Error() string { return v.Text(i18n.For(i18n.English)) }

// Text puts all field errors into one line.
func (v Invalid) Text(t *i18n.Texts) string {
	lines := make([]string, len(v))
	for i, e := range v {
		lines[i] = e.Text(t)
	}
	return strings.Join(lines, " ")
}

// For returns the error of a field, if it has one.
func (v Invalid) For(field string) (FieldError, bool) {
	for _, e := range v {
		if e.Field == field {
			return e, true
		}
	}
	return FieldError{}, false
}
