package presenter

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"

	"mailgrant/app/authorization"
	"mailgrant/internal/diagnosis"
	"mailgrant/internal/mailbox"
	"mailgrant/oauth"
)

// failure is the finding of an error, with what can be done about it here.
func (p *Presenter) failure(e *entry, err error, again func()) *Finding {
	var other *oauth.OtherAccount
	var d diagnosis.Diagnosis
	switch {
	case errors.As(err, &other):
		f := p.finding(other.Diagnosis)
		f.note = p.text("ui.auth.nothing-stored")
		if e.Status.State != authorization.StateNone {
			f.note = p.text("ui.auth.old-kept")
		}
		f.Actions = []Action{{ID: ActionRequest, Text: p.text("queue.again"), Primary: true}}
		if slices.Contains(oauth.Ways(), mailbox.SignInPrivateWindow) {
			f.Actions[0] = Action{ID: ActionPrivateWindow, Text: p.text("ui.action.private-window"), Primary: true}
		}
		if other.Account.User != "" && !other.Account.Guest {
			f.Actions = append(f.Actions, p.useActions(e, other.Account.User)...)
		}
		return &f
	case errors.Is(err, context.Canceled):
		return nil
	case errors.As(err, &d) && d.Cause == diagnosis.CauseCancelled:
		return nil
	case errors.As(err, &d):
		f := p.finding(d)
		if f.Actions = p.proxyActions(d); f.Actions != nil {
			e.asks[ActionProxySecret] = again
		}
		if (d.Cause == diagnosis.CauseConsentMissing || d.Cause == diagnosis.CauseAdminConsentRequired) && e.form.profile().Organization() {
			f.Actions = []Action{{ID: ActionConsent, Text: p.text("ui.auth.consent")}} // not primary: only who is an administrator can
		}
		if host := d.Args["host"]; d.Cause == diagnosis.CauseHostNotAllowed && host != "" {
			allow := ActionAllowHost + ActionID(host) // a request and a test may ask for two
			e.asks[allow] = func() {
				e.hosts = append(e.hosts, host)
				again()
			}
			f.Mark = MarkWarning
			f.Actions = []Action{{ID: allow, Text: p.text("ui.action.allow-host", "host", host), Primary: true}}
		}
		return &f
	}
	return new(p.unnamed(err))
}

// useActions offer to go on with the account that signed in. Only the user knows
// whether it is the mailbox's own under another name, or somebody's who may open
// it: taken for the former, the test would be one of his own inbox.
func (p *Presenter) useActions(e *entry, account string) (actions []Action) {
	offer := func(id ActionID) {
		e.asks[id] = func() {
			shared := ""
			if id == ActionUseShared {
				shared = e.form.address()
			}
			p.Edit(FieldShared, shared)
			p.Edit(FieldUser, account)
			p.Request()
		}
		actions = append(actions, Action{ID: id, Text: p.text("ui.action." + string(id))})
	}
	if e.form.profile().Entra && e.form[FieldAccountType] != mailbox.AccountConsumers && !strings.EqualFold(e.form.address(), account) {
		offer(ActionUseShared)
	}
	offer(ActionUseAccount)
	return actions
}

// proxyActions offers to type in the password that a proxy demands.
func (p *Presenter) proxyActions(d diagnosis.Diagnosis) []Action {
	if d.Cause != diagnosis.CauseProxyAuthRequired || d.Args[oauth.ArgProxyTakesNoPassword] != "" {
		return nil
	}
	return []Action{{ID: ActionProxySecret, Text: p.text("ui.action.proxy-password"), Primary: true}}
}

// Act does what a finding offered.
func (p *Presenter) Act(id ActionID) {
	e := p.atWork()
	if e == nil || e.job != nil {
		return
	}
	agreed := e.asks[id]
	switch {
	case p.takeChange(e, id), id == ActionTest:
		p.Test()
	case id == ActionPrivateWindow:
		p.request(mailbox.SignInPrivateWindow)
	case id == ActionConsent:
		p.Consent()
	case id == ActionCheckProduct:
		p.CheckProduct()
	case id == ActionRequest:
		p.Request()
	case agreed != nil:
		agreed()
	}
}

// atWork is the mailbox whose turn it is in the queue, or whose failure is told
// there, or the selected one, or nil.
func (p *Presenter) atWork() *entry {
	if q := p.queue; q != nil {
		if tn := cmp.Or(q.at, q.stuck()); tn != nil {
			return tn.e
		}
	}
	return p.selected
}
