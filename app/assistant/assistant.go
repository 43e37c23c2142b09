// Package assistant leads from nothing registered to a proven mailbox: a
// checklist in the order of the work, a preflight that needs no sign-in, the
// script that does the portal's part, and what can be found out from an
// address alone.
//
// It decides nothing by itself: an item is done when discovery, the token or
// a test has proved it, never because somebody says so. It keeps nothing and
// runs no script.
package assistant

import (
	"slices"
	"time"

	"mailgrant/app/authorization"
	"mailgrant/app/products"
	"mailgrant/internal/diagnosis"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/oauth"
)

// State is how far an item is.
type State string

// An item has one of these states; unknown is what nothing has proved yet.
const (
	Done    State = "done"
	ToDo    State = "to-do"
	Unknown State = "unknown"
)

// Facts are what has been found out. Only Mailbox is needed; all that is
// missing leaves items unknown.
type Facts struct {
	Mailbox   mailbox.Definition
	Tenant    *oauth.Tenant         // discovery
	Preflight []oauth.Check         // the sign-in service, without a sign-in
	Status    *authorization.Status // the stored authorization
	Consent   *oauth.ConsentResult  // an administrator has just agreed
	Tests     LastTests             // of each protocol; a round trip in it has proved "Send as"
	Product   *products.Card        // the server product chosen
	Checked   []CheckResult         // what its check found
	Secret    bool                  // a client secret or certificate is stored
}

// Item is one thing to do, with why and where.
type Item struct {
	ID      string              `json:"id"`
	State   State               `json:"state"`
	Title   string              `json:"title"`
	Why     string              `json:"why"`
	Path    []string            `json:"path"` // the way through the portal, in its own words
	Link    string              `json:"link,omitempty"`
	Values  []Value             `json:"values"`
	Command string              `json:"command,omitempty"` // Exchange Online PowerShell
	Proof   string              `json:"proof,omitempty"`   // what has proved the state
	Problem *diagnosis.Rendered `json:"problem,omitempty"`
	Outside bool                `json:"outside,omitempty"` // is done outside Mailgrant, which cannot prove it: it stays unknown
}

// Value is something to copy.
type Value struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// The items come in this order. Those of an application without a user take the
// place of the sign-in.
const (
	ItemTenant           = "tenant"
	ItemRegistration     = "registration"
	ItemCertificate      = "certificate"
	ItemPermissions      = "permissions"
	ItemAppPermissions   = "application-permissions"
	ItemServicePrincipal = "service-principal"
	ItemAppAccess        = "application-access"
	ItemMailApps         = "mail-apps"
	ItemShared           = "shared-mailbox"
	ItemTest             = "test"
	ItemSuitability      = "suitability" // of the product that is chosen
	ItemProduct          = "product"
)

// Checklist gives the items for a mailbox in the order of the work. With a
// password there is only the test.
func Checklist(f Facts, t *i18n.Texts) []Item {
	l := &list{f: f, t: t}
	if o := f.Mailbox.OAuth; o != nil {
		l.tenant()
		l.registration()
		if o.AccountType == mailbox.AccountApplication {
			l.certificate()
			l.applicationPermissions()
			l.servicePrincipal()
			l.applicationAccess()
			l.mailApps()
		} else {
			l.permissions()
			l.mailApps()
			l.shared()
		}
	}
	l.test()
	l.suitability()
	l.product()
	return l.items
}

type list struct {
	f     Facts
	t     *i18n.Texts
	items []Item
}

// key is that of an item's texts, which may be the provider's own.
func (l *list) key(id string) string {
	p := l.f.Mailbox.Profile()
	key := "assistant." + id
	switch {
	case l.t.Has(key + "-" + p.Family + ".title"):
		return key + "-" + p.Family
	case !p.Entra && l.t.Has(key+"-generic.title"):
		return key + "-generic"
	}
	return key
}

// add completes an item with its texts and takes it in; until the next one its
// texts can be changed there.
func (l *list) add(i Item, args i18n.Args) *Item { return l.addAs(l.key(i.ID), i, args) }

// addAs is add for texts under a key of their own.
func (l *list) addAs(key string, i Item, args i18n.Args) *Item {
	i.Title, i.Why = l.t.Text(key+".title", args), l.t.Text(key+".why", args)
	i.Path = l.t.List(key+".path", args)
	if i.Values == nil {
		i.Values = []Value{}
	}
	l.items = append(l.items, i)
	return &l.items[len(l.items)-1]
}

// value appends what is to be copied, unless it is empty.
func (l *list) value(i *Item, key, value string) {
	if value != "" {
		i.Values = append(i.Values, Value{l.t.Text("assistant.value." + key), value})
	}
}

// prove sets a state and says by what.
func (l *list) prove(i *Item, s State, proof string, args ...i18n.Args) {
	i.State, i.Proof = s, l.t.Text("assistant.proof."+proof, args...)
}

func (l *list) blame(i *Item, d diagnosis.Diagnosis) {
	r := d.Render(l.t)
	i.State, i.Problem, i.Proof = ToDo, &r, ""
}

// blameProduct makes an item to do because the product's check found something
// of these kinds wrong; what is wrong for Mailgrant itself comes first.
func (l *list) blameProduct(i *Item, kinds ...string) {
	for _, r := range l.f.Checked {
		if i.Problem == nil && r.Rendered != nil && slices.Contains(kinds, r.ID) {
			i.State, i.Problem, i.Proof = ToDo, r.Rendered, ""
		}
	}
}

// check is the preflight's result of a name.
func (l *list) check(id string) oauth.Check {
	for _, c := range l.f.Preflight {
		if c.ID == id {
			return c
		}
	}
	return oauth.Check{ID: id, State: oauth.CheckUnknown}
}

// tested is what the last test of a protocol found with the authorization as it is
// now; ok: there was one.
func (l *list) tested(p mailbox.Protocol) (last LastTest, ok bool) {
	last, ok = l.f.Tests[p]
	s := l.f.Status
	ended := s != nil && (s.State != authorization.StateValid || last.At.Before(s.Issued.Truncate(time.Second)))
	return last, ok && !ended
}

func (l *list) proveTest(i *Item, at time.Time) {
	l.prove(i, Done, "test", i18n.Args{"time": at.Local().Format(l.t.Text("history.time"))})
}

// token reports whether the service has given a token for this definition: its
// registration and tenant are proved then.
func (l *list) token() bool {
	s := l.f.Status
	return s != nil && !s.Issued.IsZero()
}
