package report

import (
	"strings"

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

// settingOf reads it from a mailbox's row, cleaned; raw is for the JSON.
func settingOf(l *overview.Row, proxy string, c *cleaner) (at setting, raw map[string]any, err error) {
	d := l.Definition
	at = setting{User: d.User, SharedMailbox: d.SharedMailbox, TenantID: l.Status.Account.TenantID, Granted: append([]string{}, l.Status.Granted...), Missing: append([]string{}, l.Status.Missing...), Proxy: proxy}
	if d.Authentication == mailbox.AuthOAuth2 && d.OAuth != nil {
		at.Tenant, at.ClientID = d.OAuth.Tenant, d.OAuth.ClientID
	}
	raw, err = cleaned(at, &at, c)
	return at, raw, err
}

// setting puts it into lines, each with its name; what is empty is left out.
func (b book) setting(r record) [][2]string {
	s := r.setting
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
