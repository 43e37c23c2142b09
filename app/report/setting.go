package report

import (
	"cmp"
	"strings"
	"time"

	"mailgrant/app/authorization"
	"mailgrant/app/overview"
	"mailgrant/internal/mailbox"
	"mailgrant/oauth"
)

// setting is what support asks for first: who signs in where, and with what.
type setting struct {
	User          string   `json:"user"`
	SharedMailbox string   `json:"shared_mailbox"`
	Tenant        string   `json:"tenant"` // as it was typed in
	TenantID      string   `json:"tenant_id"`
	ClientID      string   `json:"client_id"`
	Granted       []string `json:"granted"` // that the stored token has
	Missing       []string `json:"missing"`
	Proxy         string   `json:"proxy"` // on the way to the sign-in service, without its credentials
}

// settingOf reads it from a mailbox's row.
func settingOf(l *overview.Row, proxy string) setting {
	d := l.Definition
	at := setting{
		User: d.User, SharedMailbox: d.SharedMailbox, TenantID: l.Status.Account.TenantID, Proxy: proxy,
		Granted: append([]string{}, l.Status.Granted...), Missing: append([]string{}, l.Status.Missing...),
	}
	if d.Authentication == mailbox.AuthOAuth2 && d.OAuth != nil {
		at.Tenant, at.ClientID = d.OAuth.Tenant, d.OAuth.ClientID
	}
	return at
}

// setting puts it into lines, each with its name; what is empty is left out.
func (b book) setting(r record) [][2]string {
	s := r.Setting
	tenant := s.Tenant
	if s.TenantID != "" && !strings.EqualFold(s.TenantID, tenant) {
		tenant = strings.TrimSpace(tenant + " " + s.TenantID)
	}
	return b.lines("setting.", [][2]string{
		{"user", s.User},
		{"shared", s.SharedMailbox},
		{"tenant", tenant},
		{"client", s.ClientID},
		{"granted", oauth.ScopeNames(s.Granted)},
		{"missing", oauth.ScopeNames(s.Missing)},
		{"proxy", s.Proxy},
	})
}

// cell is a time in a table; "" where it is not known.
func cell(t time.Time) string { return *cmp.Or(overview.Stamp(t), new("")) }

// words say for people how an authorization stands and until when it lasts; ""
// where nothing is known of it.
func (b book) words(l *overview.Row) string {
	switch {
	case l.State == "":
		return ""
	case l.State == overview.StatePassword:
		return b.text("life.password")
	case l.State != authorization.StateValid:
		return b.texts.Text("overview.state." + string(l.State))
	case l.Ends().IsZero():
		return b.text("life.valid")
	}
	return b.text("life.until", "date", l.Ends().Local().Format(b.text("date")))
}

// until is the same in a table, whose head says what it is about.
func (b book) until(l *overview.Row) string {
	if l.State == authorization.StateValid && !l.Ends().IsZero() {
		return l.Ends().Local().Format(b.text("date"))
	}
	return b.words(l)
}

// secret says until when the secret lasts; "" where that is not known.
func (b book) secret(l *overview.Row) string {
	if l.Secret.Ends.IsZero() {
		return ""
	}
	return b.text("life.secret", "date", l.Secret.Ends.Local().Format(b.text("date")))
}
