package assistant

import (
	"slices"
	"strings"
	"time"

	"mailgrant/internal/diagnosis"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/mailtest"
	"mailgrant/oauth"
)

// roles are the permissions of an application without a user.
func (l *list) roles() []string {
	var roles []string
	for _, s := range l.f.Mailbox.Servers {
		if role := l.f.Mailbox.Profile().Roles[string(s.Protocol)]; role != "" {
			roles = append(roles, role)
		}
	}
	return roles
}

func (l *list) certificate() {
	i := Item{ID: ItemCertificate, State: Unknown, Link: portal(*l.f.Mailbox.OAuth, "credentials")}
	switch c := l.check(oauth.CheckSecret); {
	case c.State == oauth.CheckFailed:
		l.blame(&i, *c.Diagnosis)
	case c.State == oauth.CheckPassed:
		l.prove(&i, Done, "preflight")
	case l.token():
		l.prove(&i, Done, "token")
	case !l.f.Secret:
		i.State = ToDo
	}
	l.add(i, i18n.Args{"mailbox": l.f.Mailbox.Name})
}

func (l *list) applicationPermissions() {
	i := Item{ID: ItemAppPermissions, State: Unknown, Link: portal(*l.f.Mailbox.OAuth, "permissions")}
	l.proveAccess(&i, mailbox.Protocols())
	l.value(&i, "permissions", strings.Join(l.roles(), ", "))
	l.value(&i, "permission-kind", l.t.Text("assistant.permission.application"))
	l.value(&i, "api", "Office 365 Exchange Online")
	l.add(i, nil)
}

func (l *list) servicePrincipal() {
	o := *l.f.Mailbox.OAuth
	i := Item{ID: ItemServicePrincipal, State: Unknown, Link: portal(o, "enterprise"), Command: servicePrincipalCommand(o)}
	l.proveAccess(&i, mailbox.Protocols(), "exo-service-principal-missing", "exo-service-principal-wrong-object-id")
	l.value(&i, "client-id", o.ClientID)
	l.add(i, nil)
}

func (l *list) applicationAccess() {
	d := l.f.Mailbox
	object := "(Get-ServicePrincipal | Where-Object AppId -eq " + diagnosis.QuotePowerShell(d.OAuth.ClientID) + ").ObjectId"
	i := Item{ID: ItemAppAccess, State: Unknown, Link: portal(*d.OAuth, "exchange"), Command: accessCommand(d, object)}
	// SMTP takes the sign-in and finds out about the mailbox with the message.
	l.proveAccess(&i, readers(), "exo-mailbox-permission-missing")
	l.value(&i, "user", d.Address())
	l.add(i, i18n.Args{"mailbox": d.Address()})
}

// proveAccess ticks what a mailbox that opens by one of the protocols has proved,
// or blames one of the causes.
func (l *list) proveAccess(i *Item, protocols []mailtest.Protocol, causes ...diagnosis.Cause) {
	if opened := l.opens(i, protocols, causes...); len(opened) > 0 && i.Problem == nil {
		l.proveTest(i, opened[len(opened)-1])
	}
}

// opens tells when the mailbox opened by each of the protocols by which it does.
// One of the causes is blamed where it was found.
func (l *list) opens(i *Item, protocols []mailtest.Protocol, causes ...diagnosis.Cause) (at []time.Time) {
	for _, p := range protocols {
		switch last, ok := l.tested(p); {
		case !ok:
		case last.Problem == nil:
			at = append(at, last.At)
		case slices.Contains(causes, last.Problem.Cause) && i.Problem == nil:
			l.blame(i, *last.Problem)
		}
	}
	return at
}
