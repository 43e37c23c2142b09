package assistant

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"mailgrant/app/products"
	"mailgrant/internal/diagnosis"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/redact"
	"mailgrant/mailtest"
	"mailgrant/oauth"
)

func (l *list) tenant() {
	if !l.f.Mailbox.Profile().Organization() {
		return
	}
	o := *l.f.Mailbox.OAuth
	i := Item{ID: ItemTenant, State: Unknown, Link: portal(o, "overview")}
	switch c := l.check(oauth.CheckTenant); {
	case l.token():
		l.prove(&i, Done, "token")
	case c.State == oauth.CheckFailed:
		l.blame(&i, *c.Diagnosis)
	case o.NeedsTenant() && o.Tenant == "":
		i.State = ToDo
	case l.f.Tenant != nil:
		l.prove(&i, Done, "discovery")
	case c.State == oauth.CheckPassed:
		l.prove(&i, Done, "preflight")
	}
	if t := l.f.Tenant; t != nil {
		l.value(&i, "tenant-id", t.ID)
		l.value(&i, "tenant-name", redact.Line(t.Name))
		l.value(&i, "tenant-cloud", redact.Line(t.Cloud))
		if t.Known {
			kind := "managed"
			if t.Federated {
				kind = "federated"
			}
			l.value(&i, "tenant-kind", l.t.Text("assistant.tenant."+kind))
		}
	}
	l.value(&i, "domain", mailbox.DomainOf(l.f.Mailbox.User))
	if added := l.add(i, nil); !o.NeedsTenant() { // there is no field to enter it in
		added.Path = added.Path[:1]
	}
}

func (l *list) registration() {
	o := *l.f.Mailbox.OAuth
	i := Item{ID: ItemRegistration, State: Unknown, Link: portal(o, "registrations")}
	client, kind, redirect := l.check(oauth.CheckClient), l.check(oauth.CheckAccountType), l.check(oauth.CheckRedirect)
	checks := []oauth.Check{client, kind, redirect}
	failed := slices.IndexFunc(checks, func(c oauth.Check) bool { return c.State == oauth.CheckFailed })
	switch {
	case failed >= 0:
		l.blame(&i, *checks[failed].Diagnosis)
	case l.token():
		l.prove(&i, Done, "token")
	case o.ClientID == "", o.Profile().Entra && !mailbox.IsGUID(o.ClientID):
		i.State = ToDo
	case client.State == oauth.CheckPassed && (o.AccountType == mailbox.AccountApplication || kind.State == oauth.CheckPassed && redirect.State == oauth.CheckPassed):
		l.prove(&i, Done, "preflight")
	}
	l.ownAndProducts(&i)
	l.blameProduct(&i, oauth.CheckAccountType, oauth.CheckClient, oauth.CheckRedirect, oauth.CheckSecret)
	id := "client"
	l.value(&i, "name", "Mailgrant "+mailbox.DomainOf(l.f.Mailbox.Sender))
	if o.Profile().Entra {
		id = "client-id"
		l.value(&i, "account-types", l.t.Text("assistant.audience."+audience(l.f)))
	}
	if o.Profile().Entra && o.AccountType != mailbox.AccountApplication {
		l.value(&i, "platform", l.t.Text("products.platform.desktop"))
		l.value(&i, "redirect", o.Redirect)
	}
	l.productRedirects(&i)
	l.value(&i, id, o.ClientID)
	key := l.key(i.ID)
	if id == "client-id" && o.AccountType == mailbox.AccountApplication {
		key += "-application"
	}
	l.addAs(key, i, i18n.Args{"redirect": o.Redirect})
}

// audience is which accounts the registration has to admit: those that
// Mailgrant asks for, and those that the product does.
func audience(f Facts) string {
	if p := f.Product; p != nil && p.Registration != nil && (p.Registration.Authority == "common" || p.Registration.Authority == "organizations") {
		if f.Mailbox.OAuth.AccountType == mailbox.AccountConsumers {
			return mailbox.AccountCommon
		}
		return "organizations"
	}
	switch f.Mailbox.OAuth.AccountType {
	case mailbox.AccountOrganizations, mailbox.AccountCommon, mailbox.AccountConsumers:
		return f.Mailbox.OAuth.AccountType
	}
	return "tenant"
}

func (l *list) productRedirects(i *Item) {
	p := l.f.Product
	if p == nil || p.Registration == nil {
		return
	}
	for _, redirect := range p.Registration.Redirects {
		i.Values = append(i.Values, Value{l.t.Text("assistant.value.product-redirect", i18n.Args{"product": p.Name}), redirect})
	}
	if p.Registration.Platform != "" {
		i.Values = append(i.Values, Value{l.t.Text("assistant.value.product-platform", i18n.Args{"product": p.Name}), l.t.Text("products.platform." + p.Registration.Platform)})
	}
}

func (l *list) permissions() {
	d := l.f.Mailbox
	i := Item{ID: ItemPermissions, State: Unknown, Link: portal(*d.OAuth, "permissions")}
	needed := oauth.MailScopes(d)
	switch s := l.f.Status; {
	case l.token() && len(s.Missing) == 0:
		l.prove(&i, Done, "granted", i18n.Args{"permissions": oauth.ScopeNames(s.Granted)})
	case l.token():
		l.prove(&i, ToDo, "missing", i18n.Args{"permissions": oauth.ScopeNames(s.Missing)})
	case l.f.Consent != nil && len(oauth.Missing(needed, l.f.Consent.Granted)) == 0:
		l.prove(&i, Done, "consent")
	}
	l.blameProduct(&i, checkScopes)
	if d.Profile().Entra {
		l.value(&i, "permissions", oauth.ScopeNames(needed)+", offline_access")
		l.value(&i, "permission-kind", l.t.Text("assistant.permission.delegated"))
	}
	l.value(&i, "scopes", strings.Join(oauth.Scopes(d), " "))
	l.add(i, i18n.Args{"user": d.User})
}

// mailAppCauses are the causes that say a switch of the mailbox or the
// organisation is off.
var mailAppCauses = []diagnosis.Cause{
	diagnosis.CauseEXOProtocolDisabledMailbox, diagnosis.CauseEXOSMTPAuthDisabledMailbox, diagnosis.CauseEXOSMTPAuthDisabledTenant,
	"google-imap-pop-disabled",
}

func (l *list) mailApps() {
	d := l.f.Mailbox
	i := Item{ID: ItemMailApps, State: Unknown, Link: portal(*d.OAuth, "users")}
	switched := readers() // by the user; sending has no switch
	if l.f.Mailbox.Profile().Organization() {
		i.Command, switched = mailAppsCommand(d), mailbox.Protocols()
	}
	switched = slices.DeleteFunc(switched, func(p mailbox.Protocol) bool { return d.Server(p) == nil })
	proved := l.opens(&i, switched, mailAppCauses...)
	if len(switched) == 0 || i.Link == "" && !l.f.Mailbox.Profile().Organization() { // nothing to switch, or nobody knows where
		return
	}
	if i.Problem == nil && len(proved) == len(switched) {
		l.proveTest(&i, slices.MinFunc(proved, time.Time.Compare))
	}
	for _, m := range mailAppsOf(d) {
		if m.apps = slices.DeleteFunc(m.apps, func(p mailbox.Protocol) bool { return !slices.Contains(switched, p) }); len(m.apps) > 0 {
			l.value(&i, "user", m.account)
			l.value(&i, "mail-apps", l.names(m.apps))
		}
	}
	l.add(i, i18n.Args{"apps": l.names(switched), "user": d.User})
}

// names are the names of e-mail apps, as the portal writes them.
func (l *list) names(apps []mailbox.Protocol) string {
	names := make([]string, len(apps))
	for i, p := range apps {
		names[i] = l.t.Text("assistant.mail-app." + string(p))
	}
	return strings.Join(names, ", ")
}

func (l *list) shared() {
	d := l.f.Mailbox
	if d.SharedMailbox == "" || !l.f.Mailbox.Profile().Organization() {
		return
	}
	i := Item{ID: ItemShared, State: Unknown, Link: portal(*d.OAuth, "exchange"), Command: accessCommand(d, diagnosis.QuotePowerShell(d.User))}
	reads := slices.ContainsFunc(readers(), func(p mailbox.Protocol) bool { return d.Server(p) != nil })
	read := l.opens(&i, readers(), "exo-mailbox-permission-missing", "imap-authenticated-not-connected")
	trip, sent := l.tested(mailtest.RoundTripTest) // what was sent as the mailbox came back
	switch sent = sent && trip.Problem == nil; {
	case i.Problem != nil:
	case sent:
		l.proveTest(&i, trip.At)
	case len(read) > 0 && d.Server(mailbox.SMTP) == nil:
		l.proveTest(&i, read[len(read)-1])
	case len(read) > 0 || !reads:
		l.prove(&i, Unknown, "read-not-sent")
	}
	l.value(&i, "shared", d.SharedMailbox)
	l.value(&i, "user", d.User)
	l.add(i, i18n.Args{"user": d.User, "shared": d.SharedMailbox})
}

func readers() (all []mailbox.Protocol) {
	for _, k := range mailbox.Kinds() {
		if k.Reads {
			all = append(all, k.Protocol)
		}
	}
	return all
}

func (l *list) test() {
	d := l.f.Mailbox
	i := Item{ID: ItemTest, State: Unknown}
	works, oldest, problem := l.lastTests()
	switch {
	case problem == nil && works > 0 && works == len(d.Servers):
		l.proveTest(&i, oldest)
	case l.f.Status != nil && l.f.Status.Diagnosis != nil:
		l.blame(&i, *l.f.Status.Diagnosis)
	case problem != nil:
		l.blame(&i, *problem)
	case l.f.Status != nil && !l.token():
		i.State = ToDo
	}
	l.value(&i, "user", d.User)
	key := "assistant.test"
	switch {
	case d.Authentication == mailbox.AuthPassword:
		key = "assistant.test-password"
	case d.OAuth != nil && d.OAuth.AccountType == mailbox.AccountApplication:
		key = "assistant.test-application"
	}
	added := l.addAs(key, i, i18n.Args{"user": d.User, "mailbox": d.Name})
	if warning := products.PasswordEnds(d, l.t); warning != "" {
		added.Why += " " + warning
	}
}

// lastTests counts the protocols that work, with the time of the oldest of their
// tests, and tells the first problem, a round trip's too.
func (l *list) lastTests() (works int, oldest time.Time, problem *diagnosis.Diagnosis) {
	for _, p := range mailtest.Tests() {
		switch last, ok := l.tested(p); {
		case !ok || p != mailtest.RoundTripTest && l.f.Mailbox.Server(p) == nil:
		case last.Problem != nil:
			problem = cmp.Or(problem, last.Problem)
		case p != mailtest.RoundTripTest:
			works++
			if oldest.IsZero() || last.At.Before(oldest) {
				oldest = last.At
			}
		}
	}
	return works, oldest, problem
}

// product is what remains to be done in the server product. Only somebody who
// sits there can prove it.
func (l *list) product() {
	p := l.f.Product
	args := i18n.Args{}
	if p != nil {
		args["product"], args["id"] = p.Name, p.ID
	}
	added := l.addAs("assistant."+reach(p), Item{ID: ItemProduct, State: Unknown, Outside: true}, args)
	if !Usable(p) {
		added.Path = append(added.Path, p.Ways...)
	}
}
