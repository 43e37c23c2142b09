package authorization

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"mailgrant/internal/diagnosis"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/policy"
	"mailgrant/internal/redact"
	"mailgrant/oauth"
)

// Options are the choices of one request that are not in the definition.
type Options struct {
	SignIn     string        // another way to sign in than the definition's, or ""
	Prompt     string        // another prompt, or ""
	Timeout    time.Duration // 0 = 15 minutes
	Opener     oauth.Opener  // nil = the system's browsers
	Pasted     <-chan string // what the user pastes from the browser
	Again      <-chan string // ways in which the user wants the address opened again
	OnEvent    func(oauth.Event)
	AllowHosts []string // mail hosts confirmed by the user
}

// Result is what a request gave.
type Result struct {
	Status
	Renewal error // why the first renewal did not work; nil: it was tried and worked
}

// Request signs in and seals the grant, replacing an older one only when the
// account is the expected one. Errors: diagnosis.Diagnosis,
// *oauth.OtherAccount when somebody else signed in (nothing is stored then),
// or *store.WriteError.
func (m *Manager) Request(ctx context.Context, d mailbox.Definition, o Options) (Result, error) {
	if err := m.checkHosts(d, nil, o.AllowHosts); err != nil {
		return Result{}, err
	}
	if err := m.grant.Check(); err != nil { // before anybody signs in for nothing
		return Result{}, m.explain(d, err)
	}
	asking, err := m.asking(d)
	if err != nil {
		return Result{}, err
	}
	var result Result
	unread := m.Ask(d, func(client *oauth.Client, secret redact.Secret) {
		_, err = client.SignIn(ctx, oauth.Request{
			Mailbox: asking, SignIn: o.SignIn, Prompt: o.Prompt, Timeout: o.Timeout, ClientSecret: secret,
			Opener: o.Opener, Pasted: o.Pasted, Again: o.Again, OnEvent: o.OnEvent,
			Keep: func(ctx context.Context, g oauth.Grant) error {
				var err error
				if result, err = m.keep(ctx, client, d, g); err == nil {
					m.log.Info("authorization: signed in", "mailbox", d.Name, "account", g.Account.User)
				}
				return err
			},
		})
	})
	if other, is := errors.AsType[*oauth.OtherAccount](err); is {
		m.log.Warn("authorization: refused, somebody else signed in", "mailbox", d.Name, "account", other.Account.User)
	}
	return result, cmp.Or(unread, err)
}

// asking is a definition that asks for what the other mailboxes need too with
// which it shares its authorization: this one replaces theirs.
func (m *Manager) asking(d mailbox.Definition) (mailbox.Definition, error) {
	others, err := m.sharing(d)
	if len(d.OAuth.Scopes) > 0 { // these and no others
		return d, err
	}
	scopes := oauth.MailScopes(d)
	for _, other := range others {
		scopes = append(scopes, oauth.Missing(oauth.MailScopes(other), scopes)...)
	}
	d = d.Clone()
	d.OAuth.Scopes = scopes
	return d, err
}

// keep seals a grant whose identity has been accepted, then renews it once:
// the only proof that it will still work tomorrow. Should that renewal fail
// for good, the grant stays and the failure is told.
func (m *Manager) keep(ctx context.Context, client *oauth.Client, d mailbox.Definition, g oauth.Grant) (Result, error) {
	// Who gives up now has signed in all the same.
	unlock, err := m.lock(context.WithoutCancel(ctx), d)
	if err != nil {
		return Result{}, err
	}
	defer unlock()
	now := m.now().UTC()
	r := record{Account: g.Account, Identity: g.Identity, Hosts: m.hostsToRecord(d), Public: g.Public, Issued: now}
	r.take(g, "", now)
	if err := m.save(d, r); err != nil {
		return Result{}, err
	}
	r, renewal := m.renew(ctx, client, d, r, "")
	if renewal != nil {
		m.log.Warn("authorization: the first renewal failed", "error", renewal)
	}
	return Result{m.status(d, r), renewal}, nil
}

// hostsToRecord are a definition's, and of those of the mailboxes with which it
// shares its authorization the ones that were recorded: it goes on serving them.
func (m *Manager) hostsToRecord(d mailbox.Definition) []string {
	hosts := hostsOf(d)
	old, _ := m.find(d) // what is not there, or not readable, has recorded nothing
	others, _ := m.sharing(d)
	for _, other := range others {
		for _, host := range hostsOf(other) {
			if slices.Contains(old.Hosts, host) && !slices.Contains(hosts, host) {
				hosts = append(hosts, host)
			}
		}
	}
	return hosts
}

func hostsOf(d mailbox.Definition) []string {
	var hosts []string
	for _, s := range d.Servers {
		if host := strings.ToLower(s.Host); !slices.Contains(hosts, host) {
			hosts = append(hosts, host)
		}
	}
	slices.Sort(hosts)
	return hosts
}

// checkHosts refuses a definition that would carry a token to a host which
// neither belongs to the provider nor was part of the sign-in (recorded), nor
// was confirmed now. Before a sign-in nothing is recorded yet: at a service
// that is no preset the hosts entered are those the administrator is shown.
func (m *Manager) checkHosts(d mailbox.Definition, recorded, confirmed []string) error {
	if err := checkPolicy(d); err != nil {
		return err
	}
	if recorded == nil && !oauth.IsPreset(*d.OAuth) {
		return nil
	}
	for _, host := range hostsOf(d) {
		if !oauth.HostAllowed(*d.OAuth, host, append(slices.Clone(recorded), confirmed...)) {
			return diagnosis.New(diagnosis.CauseHostNotAllowed, "", i18n.Args{"host": host, "mailbox": d.Address()})
		}
	}
	return nil
}

// checkPolicy refuses hosts that the administrator of this machine does not
// allow, whoever confirms them. This machine itself is always allowed.
func checkPolicy(d mailbox.Definition) error {
	for _, host := range hostsOf(d) {
		if !mailbox.IsLoopback(host) && !policy.Current().HostAllowed(host) {
			return diagnosis.New(diagnosis.CauseHostForbidden, "", i18n.Args{"host": host, "mailbox": d.Address()})
		}
	}
	return nil
}
