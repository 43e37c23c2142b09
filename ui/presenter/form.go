package presenter

import (
	"cmp"
	"errors"
	"maps"
	"strconv"
	"strings"

	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/provider"
	"mailgrant/internal/redact"
	"mailgrant/oauth"
)

// Field is a field of the form: its path in the mailbox definition.
type Field string

// The fields.
const (
	FieldName           Field = "name"
	FieldSender         Field = "sender"
	FieldUser           Field = "user"
	FieldShared         Field = "shared_mailbox"
	FieldAuthentication Field = "authentication"
	FieldProvider       Field = "oauth.provider"
	FieldCloud          Field = "oauth.cloud"
	FieldAccountType    Field = "oauth.account_type"
	FieldTenant         Field = "oauth.tenant"
	FieldClientID       Field = "oauth.client_id"
	FieldScopes         Field = "oauth.scopes"
	FieldSignIn         Field = "oauth.sign_in"
	FieldPrompt         Field = "oauth.prompt"
	FieldAuthority      Field = "oauth.authority"
	FieldIssuer         Field = "oauth.issuer"
	FieldRedirect       Field = "oauth.redirect"
	FieldTrustedCA      Field = "trusted_ca"
)

// HostOf, PortOf and SecurityOf are the fields of a protocol's server.
func HostOf(p mailbox.Protocol) Field     { return Field(p) + ".host" }
func PortOf(p mailbox.Protocol) Field     { return Field(p) + ".port" }
func SecurityOf(p mailbox.Protocol) Field { return Field(p) + ".security" }

// Form is a mailbox as it is being typed: every value is a text, and any may
// be missing or wrong. It holds no secret.
type Form map[Field]string

// newForm is the form of a mailbox about which nothing is known.
func newForm() Form {
	f := Form{
		FieldAuthentication: mailbox.AuthOAuth2, FieldProvider: mailbox.ProviderMicrosoft, FieldCloud: mailbox.CloudGlobal,
		FieldAccountType: mailbox.AccountTenant, FieldSignIn: oauth.WayFor(mailbox.SignInPrivateWindow), FieldPrompt: mailbox.PromptLogin,
		FieldRedirect: mailbox.RedirectLocalhost,
	}
	for _, s := range f.presets() {
		f.setServer(s.Protocol, *s.Server)
	}
	return f
}

// formOf is the form of a definition.
func formOf(d mailbox.Definition) Form {
	if d.OAuth == nil {
		d.OAuth = &mailbox.OAuth{Provider: mailbox.ProviderCustom, SignIn: mailbox.SignInPrivateWindow, Prompt: mailbox.PromptLogin, Redirect: mailbox.RedirectLocalhost}
	}
	f := Form{}
	for _, p := range mailbox.Protocols() {
		f.setServer(p, mailbox.Server{})
	}
	for path, value := range d.Fields() {
		f[Field(path)] = value
	}
	return f
}

// address is whose mailbox it is.
func (f Form) address() string {
	return cmp.Or(strings.TrimSpace(f[FieldShared]), strings.TrimSpace(f[FieldUser]))
}

func (f Form) setServer(p mailbox.Protocol, s mailbox.Server) {
	f[HostOf(p)], f[PortOf(p)], f[SecurityOf(p)] = s.Host, "", s.Security
	if s.Port != 0 {
		f[PortOf(p)] = strconv.Itoa(s.Port)
	}
}

// definition reads the form and names every field that is wrong; the definition
// is normalised all the same.
func (f Form) definition() (mailbox.Definition, mailbox.Invalid) {
	d, wrong := f.read()
	invalid, _ := errors.AsType[mailbox.Invalid](d.Validate())
	for _, e := range invalid {
		if _, known := wrong.For(e.Field); !known {
			wrong = append(wrong, e)
		}
	}
	return d, wrong
}

// read is the definition as far as it is filled in, with the ports that are none.
func (f Form) read() (d mailbox.Definition, wrong mailbox.Invalid) {
	fields := map[string]string{}
	for field, value := range f {
		fields[string(field)] = value
	}
	known := f.profile()
	if f[FieldAuthentication] != mailbox.AuthPassword || strings.TrimSpace(f[FieldClientID]) != "" || !known.Custom { // else it has no registration
		d.OAuth = &mailbox.OAuth{}
	}
	d.Fill(fields)
	if o := d.OAuth; o != nil { // what was typed for another provider stays in the form
		if !known.Entra {
			o.Cloud, o.AccountType = "", ""
		}
		if !known.Entra || !o.NeedsTenant() {
			o.Tenant = ""
		}
		if !known.Custom {
			o.Issuer = ""
		}
	}
	for _, p := range mailbox.Protocols() {
		s, err := f.server(p)
		wrong = append(wrong, err...)
		d.SetServer(p, s)
	}
	return d.Normalize(), wrong
}

// server is nil where the host is empty: a left-out server is not tested.
func (f Form) server(p mailbox.Protocol) (*mailbox.Server, mailbox.Invalid) {
	host, text := strings.TrimSpace(f[HostOf(p)]), strings.TrimSpace(f[PortOf(p)])
	if host == "" {
		return nil, nil
	}
	port, err := strconv.Atoi(text)
	s := &mailbox.Server{Host: host, Port: port, Security: f[SecurityOf(p)]}
	switch {
	case text == "":
		return s, mailbox.Invalid{{Field: string(PortOf(p)), Problem: "empty"}}
	case err != nil:
		return s, mailbox.Invalid{{Field: string(PortOf(p)), Problem: "port", Args: i18n.Args{"value": redact.Line(text)}}}
	}
	return s, nil
}

// chosen is the provider as far as it is chosen.
func (f Form) chosen() mailbox.OAuth {
	return mailbox.OAuth{Provider: f[FieldProvider], Cloud: f[FieldCloud], AccountType: f[FieldAccountType]}
}

// profile is what is known about the form's provider.
func (f Form) profile() provider.Profile { return f.chosen().Profile() }

// presets are the servers of the form's provider; none for a custom one.
func (f Form) presets() mailbox.Servers { return f.chosen().Presets() }

// usualPort is the port that a server has as a rule; "" where there is none.
func usualPort(protocol mailbox.Protocol, security string) string {
	for _, p := range mailbox.KindOf(protocol).Ports {
		if p.Security == security {
			return strconv.Itoa(p.Number)
		}
	}
	return ""
}

func (f Form) clone() Form { return maps.Clone(f) }

func (f Form) equal(other Form) bool { return maps.Equal(f, other) }

// place is the field at which an error is shown.
func place(field string) Field {
	switch {
	case mailbox.IsProtocol(field):
		return HostOf(mailbox.Protocol(field))
	case field == "oauth.cloud", field == "oauth":
		return FieldProvider
	case strings.HasPrefix(field, "oauth.scopes"):
		return FieldScopes
	}
	return Field(field)
}

// shows tells whether the window has a field for a value, or only keeps it.
func (f Form) shows(field Field) bool {
	switch field {
	case FieldName, FieldTrustedCA:
		return false
	case FieldAuthority:
		return !f.profile().Custom
	}
	return true
}
