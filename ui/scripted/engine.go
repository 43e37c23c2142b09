// Package scripted is an engine that does what it is told: for tests of the
// window and for its pictures. It opens no connection.
package scripted

import (
	"context"
	"iter"
	"slices"
	"sync"
	"time"

	"mailgrant/app/authorization"
	"mailgrant/internal/diagnosis"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/redact"
	"mailgrant/mailtest"
	"mailgrant/oauth"
	"mailgrant/ui/presenter"
)

// Engine implements presenter.Engine. What is stored is what it is set to.
type Engine struct {
	mu      sync.Mutex
	stored  authorization.Status
	err     error
	secrets map[authorization.SecretKind]string

	OnConsent   func(context.Context, authorization.Options) (oauth.ConsentResult, error) // nil: an administrator agrees at once
	OnRequest   func(context.Context, mailbox.Definition, authorization.Options) (authorization.Result, error)
	OnRefresh   func(context.Context, mailbox.Definition) (authorization.Status, error)
	OnHosts     func(mailbox.Definition, []string) error
	OnStatus    func(mailbox.Definition) (authorization.Status, error) // in the place of what is stored; called beside the window
	Others      []string                                               // that Forget names
	MoveFails   error
	SecretFails error
	SecretEnds  time.Time // that Credentials tells
	SecretShut  error     // why they cannot be opened
	OnCarry     func()    // before secrets follow a new name; called beside the window
	moved       []string
}

// Store sets what Status returns.
func (e *Engine) Store(s authorization.Status, err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.stored, e.err = s, err
}

// refuse lets sign-ins fail after some events.
func (e *Engine) refuse(err error, evs ...oauth.Event) {
	e.OnRequest = func(_ context.Context, _ mailbox.Definition, o authorization.Options) (authorization.Result, error) {
		for _, ev := range evs {
			o.OnEvent(ev)
		}
		return authorization.Result{}, err
	}
}

// hang lets sign-ins go no further than these events. said is closed when the
// first has told them.
func (e *Engine) hang(evs ...oauth.Event) (said <-chan struct{}) {
	told := make(chan struct{})
	tell := sync.OnceFunc(func() { close(told) })
	e.OnRequest = func(ctx context.Context, _ mailbox.Definition, o authorization.Options) (authorization.Result, error) {
		for _, ev := range evs {
			o.OnEvent(ev)
		}
		tell()
		<-ctx.Done()
		return authorization.Result{}, diagnosis.New(diagnosis.CauseCancelled, diagnosis.PhaseAuthorize, nil)
	}
	return told
}

func (e *Engine) Request(ctx context.Context, d mailbox.Definition, o authorization.Options) (authorization.Result, error) {
	return e.OnRequest(ctx, d, o)
}

func (e *Engine) Consent(ctx context.Context, _ mailbox.Definition, o authorization.Options) (oauth.ConsentResult, error) {
	if e.OnConsent != nil {
		return e.OnConsent(ctx, o)
	}
	return oauth.ConsentResult{TenantID: Account.TenantID}, nil
}

func (e *Engine) Status(d mailbox.Definition) (authorization.Status, error) {
	if e.OnStatus != nil {
		return e.OnStatus(d)
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	s := e.stored
	if s.State == "" {
		s.State = authorization.StateNone
	}
	return s, e.err
}

func (e *Engine) Refresh(ctx context.Context, d mailbox.Definition) (authorization.Status, error) {
	if e.OnRefresh != nil {
		return e.OnRefresh(ctx, d)
	}
	return e.Status(d)
}

func (e *Engine) Forget(ctx context.Context, _ mailbox.Definition) ([]string, error) {
	if ctx.Err() == nil {
		e.Store(authorization.Status{}, nil)
	}
	return e.Others, ctx.Err()
}

func (e *Engine) Credential(mailbox.Definition, []string) mailtest.CredentialFunc { return nil }

func (e *Engine) Experiments(mailbox.Definition, []string) *mailtest.Experiments { return nil }

func (e *Engine) CheckHosts(d mailbox.Definition, confirmed []string) error {
	if e.OnHosts != nil {
		return e.OnHosts(d, confirmed)
	}
	return nil
}

func (e *Engine) SetSecret(_ mailbox.Definition, kind authorization.SecretKind, value redact.Secret) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.secrets == nil {
		e.secrets = map[authorization.SecretKind]string{}
	}
	if e.SecretFails == nil {
		e.secrets[kind] = value.Reveal()
	}
	return e.SecretFails
}

func (e *Engine) Credentials(mailbox.Definition) (authorization.Credentials, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	_, stored := e.secrets[authorization.ClientSecret]
	return authorization.Credentials{Stored: stored, Ends: e.SecretEnds}, e.SecretShut
}

func (e *Engine) CheckPassword(d mailbox.Definition) error {
	if e.HasSecret(d, authorization.Password) {
		return nil
	}
	return diagnosis.New(diagnosis.CausePasswordMissing, "", nil)
}

func (e *Engine) RemoveSecret(_ mailbox.Definition, kind authorization.SecretKind) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	delete(e.secrets, kind)
	return nil
}

func (e *Engine) MoveSecrets(from, to mailbox.Definition) error {
	return e.carry(from.Name + " → " + to.Name)
}

func (e *Engine) CopySecrets(from, to mailbox.Definition) error {
	return e.carry(from.Name + " ⇒ " + to.Name)
}

func (e *Engine) carry(what string) error {
	if e.OnCarry != nil {
		e.OnCarry()
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.moved = append(e.moved, what)
	return e.MoveFails
}

// Moved lists the mailboxes whose secrets were moved (→) or copied (⇒).
func (e *Engine) Moved() []string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Clone(e.moved)
}

func (e *Engine) HasSecret(_ mailbox.Definition, kind authorization.SecretKind) bool {
	return e.Secret(kind) != ""
}

// Secret is what was sealed.
func (e *Engine) Secret(kind authorization.SecretKind) string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.secrets[kind]
}

// Helpdesk is a mailbox at Microsoft 365.
func Helpdesk() mailbox.Definition {
	return mailbox.Definition{
		Name: "Helpdesk", Sender: "helpdesk@contoso.com", Servers: mailbox.OAuth{Provider: mailbox.ProviderMicrosoft}.Presets(),
		OAuth: &mailbox.OAuth{Tenant: "contoso.com", ClientID: "1b4e28ba-2fa1-4d2b-883f-0016d3cca427"},
	}.Normalize()
}

// Scopes are Microsoft's mail permissions.
var Scopes = []string{
	"https://outlook.office.com/IMAP.AccessAsUser.All", "https://outlook.office.com/POP.AccessAsUser.All", "https://outlook.office.com/SMTP.Send",
}

// Account is the mailbox's own account.
var Account = oauth.Account{User: "helpdesk@contoso.com", Name: "Help Desk", TenantID: "8f3a2c61-5d0e-4b7a-9c1f-2e6d4a90b713"}

// Valid is an authorization that was made and renewed before now.
func Valid(now time.Time) authorization.Status {
	renewed := now.Add(-42 * time.Minute)
	return authorization.Status{
		State: authorization.StateValid, Account: Account, Identity: oauth.Same, Granted: Scopes, Missing: []string{},
		Issued: now.AddDate(0, 0, -2), Renewed: renewed, AccessExpires: now.Add(30 * time.Minute),
		EndsIfUnusedBy: renewed.AddDate(0, 0, 90), Renewable: true,
	}
}

// Refused is an authorization whose last renewal was refused for good.
func Refused(now time.Time) authorization.Status {
	s := Valid(now)
	d := diagnosis.New(diagnosis.CauseRefreshTokenExpired, diagnosis.PhaseRefresh, i18n.Args{"user": Account.User, "mailbox": Account.User})
	d.ServerText = "AADSTS700082: The refresh token has expired due to inactivity."
	s.State, s.Diagnosis, s.EndsIfUnusedBy = authorization.StateRefused, &d, time.Time{}
	return s
}

// Somebody is the error of a sign-in as the administrator.
func Somebody() error {
	return &oauth.OtherAccount{
		Expected: Account.User, Account: oauth.Account{User: "admin@contoso.com", Name: "Alex Admin", TenantID: Account.TenantID},
		Diagnosis: diagnosis.New(diagnosis.CauseTokenUserMismatch, diagnosis.PhaseAuthorize,
			i18n.Args{"account": "admin@contoso.com", "user": Account.User, "mailbox": Account.User, "expected": Account.User}),
	}
}

// Tests is a presenter.Tester that plays events. With a gate it takes one
// value from it before each event.
func Tests(events []mailtest.Event, gate <-chan struct{}) presenter.Tester {
	return func(ctx context.Context, _ mailtest.Config) iter.Seq[mailtest.Event] {
		return func(yield func(mailtest.Event) bool) {
			for _, e := range events {
				if gate != nil {
					select {
					case <-gate:
					case <-ctx.Done():
						return
					}
				}
				if ctx.Err() != nil || !yield(e) {
					return
				}
			}
		}
	}
}

// step is one that is played, with what it takes and tells when it is passed.
type step struct {
	mailtest.Step
	took  time.Duration
	facts map[string]any
}

var protocolSteps = []step{
	{mailtest.StepResolve, 3 * time.Millisecond, nil},
	{mailtest.StepConnect, 24 * time.Millisecond, nil},
	{mailtest.StepTLS, 61 * time.Millisecond, map[string]any{mailtest.FactVersion: "TLS 1.3"}},
	{mailtest.StepGreeting, 18 * time.Millisecond, nil},
	{mailtest.StepAuthenticate, 214 * time.Millisecond, nil},
	{mailtest.StepMailbox, 87 * time.Millisecond, nil},
	{mailtest.StepQuit, 5 * time.Millisecond, nil},
}

// Good are the events of a protocol that works.
func Good(p mailtest.Protocol, start time.Time) []mailtest.Event {
	return Fails(p, "", diagnosis.Diagnosis{}, start)
}

// Fails are the events of a protocol that fails at a step.
func Fails(p mailtest.Protocol, at mailtest.Step, d diagnosis.Diagnosis, start time.Time) []mailtest.Event {
	return played(p, protocolSteps, at, d, start)
}

// played are the events of steps of which one fails, or none. Of those after it
// only quit is done.
func played(p mailtest.Protocol, steps []step, at mailtest.Step, d diagnosis.Diagnosis, start time.Time) []mailtest.Event {
	var events []mailtest.Event
	failed := false
	for _, s := range steps {
		e := mailtest.Event{Protocol: p, Step: s.Step, State: mailtest.Running, Start: start}
		switch {
		case failed && s.Step == mailtest.StepQuit:
			e.State = mailtest.Passed
		case failed:
			e.State = mailtest.Skipped
		}
		events = append(events, e)
		if failed {
			continue
		}
		e.State, e.Duration, e.Facts = mailtest.Passed, s.took, s.facts
		if failed = s.Step == at; failed {
			e.State, e.Diagnosis = mailtest.Failed, &d
		}
		events = append(events, e)
		start = start.Add(e.Duration)
	}
	return events
}

// SMTPOff is the diagnosis of authenticated SMTP being off for the mailbox.
func SMTPOff() diagnosis.Diagnosis {
	d := diagnosis.Explain(diagnosis.Input{
		Phase: diagnosis.PhaseSMTP, Step: string(mailtest.StepAuthenticate), Provider: diagnosis.Microsoft,
		Text: "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Mailbox. Visit https://aka.ms/smtp_auth_disabled for more information. [FR0P281CA0123.DEUP281.PROD.OUTLOOK.COM 2026-11-23T14:02:11.482Z 08DE2A]",
		Evidence: diagnosis.Evidence{
			User: Account.User, Sender: Account.User, Host: "smtp.office365.com", Port: 587, Mechanism: "XOAUTH2", SASLUser: Account.User, Account: Account.User, Granted: Scopes,
			SignedIn: map[diagnosis.Phase]bool{diagnosis.PhaseIMAP: true, diagnosis.PhasePOP3: true},
		},
	})
	d.Phase, d.Step = diagnosis.PhaseSMTP, string(mailtest.StepAuthenticate)
	return d
}
