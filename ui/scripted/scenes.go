package scripted

import (
	"context"
	"iter"
	"slices"
	"time"

	"mailgrant/app/authorization"
	"mailgrant/app/practice"
	"mailgrant/internal/diagnosis"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/redact"
	"mailgrant/mailtest"
	"mailgrant/oauth"
	"mailgrant/ui/presenter"
)

type (
	ctx    = context.Context
	events = iter.Seq[mailtest.Event]
)

// Faults are those of the practice tenant.
var Faults = practice.AllFaults

// Scene is a state of the window: how the stage is set, and what happens on it.
type Scene struct {
	Name string
	Set  func(*Stage)
	Do   act
}

// act is a part of what happens in a scene.
type act func(*Stage) error

// acts are several, one after another.
func acts(all ...act) act {
	return func(s *Stage) error {
		for _, a := range all {
			if err := a(s); err != nil {
				return err
			}
		}
		return nil
	}
}

// press is what the user does.
func press(do ...func(*presenter.Presenter)) act {
	return func(s *Stage) error {
		for _, d := range do {
			d(s.Presenter)
		}
		return nil
	}
}

func until(wanted func(presenter.State) bool) act {
	return func(s *Stage) error { return s.Until(wanted) }
}

// Scenes are all states that the window has.
var Scenes = append([]Scene{
	{Name: "welcome", Set: func(s *Stage) { s.Book, s.Practises = &Book{}, make(chan struct{}, 1) }},
	{Name: "draft", Set: empty, Do: draft},
	{Name: "draft-google", Set: empty, Do: draftFor("desk@shop.example")},
	{Name: "draft-servers", Set: empty, Do: draftFor("desk@else.example")},
	{Name: "field-errors", Set: empty, Do: fieldErrors},
	{Name: "none", Do: known},
	{Name: "connecting", Do: waits()},
	{Name: "waiting", Do: waits(started, oauth.BrowserStarted{Way: mailbox.SignInPrivateWindow, Browser: "Microsoft Edge"})},
	{Name: "waiting-next", Do: waits(started, oauth.NextWay{Way: mailbox.SignInLink})},
	{Name: "waiting-paste-refused", Do: waits(started, oauth.BrowserFetched{}, oauth.PasteRefused{Reason: diagnosis.New(diagnosis.CauseUnknown, diagnosis.PhaseAuthorize, nil)})},
	{Name: "paste-only", Do: waits(pasteOnly)},
	{Name: "device-code", Do: waits(oauth.DeviceCode{UserCode: "F7GH-Q2KM", VerificationURI: "https://login.microsoft.com/device", Expires: Clock.Add(14*time.Minute + 40*time.Second)})},
	{Name: "checking", Do: waits(started, oauth.AnswerTaken{})},
	{Name: "wrong-account", Do: refused(Somebody())},
	{Name: "consent-missing", Do: refused(diagnosis.New(diagnosis.CauseConsentMissing, diagnosis.PhaseAuthorize, i18n.Args{"client": Helpdesk().OAuth.ClientID}))},
	{Name: "proxy", Do: refused(proxy())},
	{Name: "wrong-clock", Do: refused(wrongClock(), oauth.Tried{ID: diagnosis.ProxyAndPortal}, oauth.Tried{ID: diagnosis.Clock, Result: "wrong"})},
	{Name: "application", Set: func(s *Stage) {
		application(s)
		_ = s.Engine.SetSecret(Helpdesk(), authorization.ClientSecret, redact.NewSecret("secret"))
	}, Do: known},
	{Name: "certificate-refused", Set: application, Do: acts(press(func(p *presenter.Presenter) { p.SetCertificate([]byte("PFX")) }), known)},
	{Name: "foreign-service", Set: foreign, Do: asked},
	{Name: "valid", Set: valid, Do: known},
	{Name: "missing-permission", Set: stored(func(v *authorization.Status) { v.Granted, v.Missing = Scopes[:2], Scopes[2:] }), Do: known},
	{Name: "expiring", Set: stored(func(v *authorization.Status) {
		v.Renewed, v.EndsIfUnusedBy = Clock.AddDate(0, 0, -83), Clock.AddDate(0, 0, 7)
	}), Do: known},
	{Name: "expired", Set: stored(func(v *authorization.Status) { v.State = authorization.StateExpired }), Do: known},
	{Name: "refused", Set: func(s *Stage) { s.Engine.Store(Refused(Clock), nil) }, Do: known},
	{Name: "unreadable", Set: func(s *Stage) {
		d := diagnosis.New(diagnosis.CauseStoreDamaged, "", i18n.Args{"mailbox": Account.User, "user": Account.User})
		d.ServerText = "store: authorizations/4f1c.sealed: damaged"
		s.Engine.Store(authorization.Status{Diagnosis: &d}, d)
	}, Do: known},
	{Name: "password", Set: func(s *Stage) {
		d := Helpdesk()
		d.Authentication = mailbox.AuthPassword
		_ = s.Book.Put(d)
	}, Do: known},
	{Name: "testing", Set: valid, Do: testing},
	{Name: "tested-good", Set: valid, Do: tested(AllGood)},
	{Name: "tested-then-edited", Set: valid, Do: acts(tested(OneBad), edit(presenter.HostOf(mailbox.IMAP), "imap.contoso.com"))},
	{Name: "tested-other-inbox", Set: sets(valid, func(s *Stage) {
		d := Helpdesk()
		d.User = "admin@contoso.com"
		_ = s.Book.Put(d)
	}), Do: tested(AllGood)},
	{Name: "tested-one-bad", Set: valid, Do: tested(OneBad)},
	{Name: "tested-no-authorization", Do: tested(NoAuthorization)},
	{Name: "tested-no-network", Set: valid, Do: tested(NoNetwork)},
	{Name: "tested-wrong-port", Set: valid, Do: acts(press(func(p *presenter.Presenter) {
		p.Choose(presenter.SecurityOf(mailbox.IMAP), mailbox.SecuritySTARTTLS)
		p.Choose(presenter.SecurityOf(mailbox.POP3), mailbox.SecuritySTARTTLS)
	}), tested(WrongPort))},
	{Name: "watching", Set: valid, Do: acts(watch(OneBad), pause(1), press((*presenter.Presenter).TryNow), pause(2))},
	{Name: "watch-hopeless", Set: valid, Do: acts(watch(WrongPort), until(func(st presenter.State) bool { return st.Test.CanTest }))},
	{Name: "round-trip", Set: valid, Do: tripped("")},
	{Name: "round-trip-refused", Set: valid, Do: tripped(mailtest.StepSend)},
	{Name: "tested-wrong-name", Set: mistype, Do: tested(WrongName)},
	{Name: "host-question", Set: hostQuestion, Do: acts(press((*presenter.Presenter).Test), until(func(st presenter.State) bool { return len(st.Test.Findings) > 0 }))},
	{Name: "deleted", Do: acts(press((*presenter.Presenter).Duplicate, (*presenter.Presenter).Delete), known)},
	{Name: "product", Set: sets(valid, product("acmp", "")), Do: known},
	{Name: "product-host", Set: product("zammad", "no host"), Do: known},
	{Name: "product-checked", Set: sets(valid, product("zammad", "desk.contoso.com"), func(s *Stage) { s.CheckProduct = ProductChecks }), Do: productChecked},
	{Name: "product-no-oauth", Set: sets(valid, product("redmine", ""), func(s *Stage) { s.Notes.Panels.Assistant = true }), Do: tested(AllGood)},
	{Name: "product-narrow", Set: sets(valid, product("acmp", ""), func(s *Stage) {
		s.Practice, s.Notes.Panels.Assistant, s.CheckProduct = &Practice{}, true, ProductNarrow
	}), Do: tested(AllGood)},
	{Name: "product-lacks", Set: sets(valid, product("acmp", ""), func(s *Stage) { s.CheckProduct = ProductLacks }), Do: acts(tested(OneBad), productChecked)},
	{Name: "practice", Set: sets(valid, practises(practice.FaultSMTPOffMailbox)), Do: known},
	{Name: "practice-failed", Set: sets(valid, practises(practice.FaultSMTPOffMailbox)), Do: tested(OneBad)},
	{Name: "practice-overview", Set: sets(Several, practises(practice.FaultSMTPOffMailbox)), Do: read},
	{Name: "practice-accounts", Set: practises(), Do: acts(press((*presenter.Presenter).ShowAccounts), known)},
}, slices.Concat(assistantScenes(), overviewScenes(), takeoverScenes(), queueScenes())...)

// Find returns a scene by its name.
func Find(name string) Scene {
	return Scenes[slices.IndexFunc(Scenes, func(s Scene) bool { return s.Name == name })]
}

// Open plays a scene up to its state. show starts the stage.
func (sc Scene) Open(s *Stage, show func(*Stage)) error {
	if sc.Set != nil {
		sc.Set(s)
	}
	show(s)
	if sc.Do == nil {
		return nil
	}
	return sc.Do(s)
}

var started = oauth.SignInStarted{
	URL: "http://localhost:51234/start/0f9a", Account: Account.User, Expires: Clock.Add(14*time.Minute + 32*time.Second), Authority: "login.microsoftonline.com",
}

// pasteOnly is a sign-in whose answer does not come back by itself.
var pasteOnly = oauth.SignInStarted{
	URL: started.URL, Account: started.Account, Expires: started.Expires, Authority: "login.example.com", Foreign: true, PasteOnly: true,
}

// known waits until the mailbox's authorization is looked up.
var known = until(func(st presenter.State) bool {
	return st.Auth.Status.Mark != presenter.MarkPending || st.Auth.Hint != ""
})

func sets(ways ...func(*Stage)) func(*Stage) {
	return func(s *Stage) {
		for _, set := range ways {
			set(s)
		}
	}
}

func empty(s *Stage) { s.Book = &Book{} }

func valid(s *Stage) { s.Engine.Store(Valid(Clock), nil) }

// stored is a stage with an authorization that is good but for a change.
func stored(change func(*authorization.Status)) func(*Stage) {
	return func(s *Stage) {
		v := Valid(Clock)
		change(&v)
		s.Engine.Store(v, nil)
	}
}

func product(id, host string) func(*Stage) {
	return func(s *Stage) { s.Notes.Product = presenter.Product{ID: id, Host: host} }
}

func practises(faults ...string) func(*Stage) {
	return func(s *Stage) {
		s.Practice = &Practice{On: faults}
		all, _ := s.Book.All()
		for _, saved := range all {
			saved.Definition.OAuth.Authority = s.Practice.URL()
			if err := s.Book.Put(saved.Definition); err != nil {
				panic(err) // every scene is drawn by a test
			}
		}
	}
}

// draft is a new mailbox after the rest was proposed.
var draft = draftFor("helpdesk@contoso.com")

func draftFor(sender string) act {
	return acts(press(func(p *presenter.Presenter) { p.Create(sender) }), until(func(st presenter.State) bool { return !st.Form.Searching }))
}

func edit(f presenter.Field, value string) act {
	return press(func(p *presenter.Presenter) { p.Edit(f, value) })
}

var fieldErrors = acts(draft,
	edit(presenter.FieldSender, "helpdesk contoso.com"), edit(presenter.PortOf(mailbox.IMAP), "99300"), edit(presenter.FieldShared, "info@contoso.com"),
	edit(presenter.SecurityOf(mailbox.SMTP), mailbox.SecurityNone), edit(presenter.FieldClientID, "1b4e28ba"), edit(presenter.FieldTenant, ""),
	press((*presenter.Presenter).Request))

func application(s *Stage) {
	d := Helpdesk()
	d.OAuth.AccountType = mailbox.AccountApplication
	_ = s.Book.Put(d)
}

func foreign(s *Stage) {
	d := Helpdesk()
	d.OAuth.Provider, d.OAuth.Cloud, d.OAuth.AccountType, d.OAuth.Tenant = mailbox.ProviderCustom, "", "", ""
	d.OAuth.Issuer = "https://login.example.com/realms/mail"
	_ = s.Book.Put(d)
}

// waits begins a sign-in that goes no further than these events.
func waits(evs ...oauth.Event) act {
	return acts(known, func(s *Stage) error {
		said := s.Engine.hang(evs...)
		s.Presenter.Request()
		<-said
		s.Settle()
		return nil
	}, until(func(st presenter.State) bool { return st.Auth.Waiting != nil }))
}

// asked asks for an authorization, of which a finding comes.
var asked = acts(press((*presenter.Presenter).Request), until(func(st presenter.State) bool { return st.Auth.Finding != nil }))

// refused is asked with a sign-in that fails, after some events.
func refused(err error, evs ...oauth.Event) act {
	return acts(func(s *Stage) error {
		s.Engine.refuse(err, evs...)
		return nil
	}, asked)
}

func proxy() error {
	d := diagnosis.New(diagnosis.CauseProxyAuthRequired, diagnosis.PhaseAuthorize, i18n.Args{"proxy": "http://proxy.contoso.com:3128"})
	d.ServerText = "proxy http://proxy.contoso.com:3128: 407 Proxy Authentication Required; it offers Basic"
	return d
}

func testing(s *Stage) error {
	gate := make(chan struct{})
	all := AllGood()
	s.Tests = Tests(all, gate)
	s.Presenter.Test()
	for range 26 {
		gate <- struct{}{}
	}
	return s.Until(func(st presenter.State) bool {
		return len(st.Test.Protocols) == 3 && st.Test.Protocols[1].Steps[5].Mark == presenter.MarkGood
	})
}

// watch begins a watch of what is always the same.
func watch(evs func() []mailtest.Event) act {
	return func(s *Stage) error {
		s.Tests = Tests(evs(), nil)
		s.Presenter.Watch()
		return nil
	}
}

// pause is that after so many attempts of a watch.
func pause(attempts int) act {
	return until(func(st presenter.State) bool { return st.Test.Watch.CanNow && len(st.Test.Watch.Attempts) == attempts })
}

// tested is a test that finds something.
func tested(evs func() []mailtest.Event) act {
	return acts(func(s *Stage) error {
		s.Tests = Tests(evs(), nil)
		s.Presenter.Test()
		return nil
	}, until(func(st presenter.State) bool { return !st.Test.Running && !st.Product.Checking }))
}

// each are the events of all three protocols.
func each(of func(mailtest.Protocol) []mailtest.Event) (all []mailtest.Event) {
	for _, p := range mailbox.Protocols() {
		all = append(all, of(p)...)
	}
	return all
}

// AllGood are the events of a test that all three protocols pass.
func AllGood() []mailtest.Event {
	return each(func(p mailtest.Protocol) []mailtest.Event { return Good(p, Clock) })
}

// OneBad is AllGood with authenticated SMTP switched off.
func OneBad() []mailtest.Event {
	return slices.Concat(Good(mailtest.IMAP, Clock), Good(mailtest.POP3, Clock), Fails(mailtest.SMTP, mailtest.StepAuthenticate, SMTPOff(), Clock))
}

// NoAuthorization is a test without anything to sign in with.
func NoAuthorization() []mailtest.Event {
	d := diagnosis.New(diagnosis.CauseAuthorizationMissing, diagnosis.PhaseToken, i18n.Args{"mailbox": Account.User, "user": Account.User})
	all := each(func(p mailtest.Protocol) []mailtest.Event { return Fails(p, mailtest.StepAuthenticate, d, Clock) })
	for i := range all {
		if all[i].State == mailtest.Failed {
			all[i].State = mailtest.Skipped
		}
	}
	return all
}

// NoNetwork is a test in which no server can be found.
func NoNetwork() []mailtest.Event {
	d := diagnosis.New(diagnosis.CauseDNSNotResolved, diagnosis.PhaseNetwork, i18n.Args{"host": "outlook.office365.com"})
	d.Step, d.ServerText = string(mailtest.StepResolve), "lookup outlook.office365.com: no such host"
	return each(func(p mailtest.Protocol) []mailtest.Event { return Fails(p, mailtest.StepResolve, d, Clock) })
}

func hostQuestion(s *Stage) {
	s.Engine.Store(Valid(Clock), nil)
	s.Engine.OnHosts = func(_ mailbox.Definition, confirmed []string) error {
		if slices.Contains(confirmed, "mail.example.com") {
			return nil
		}
		return diagnosis.New(diagnosis.CauseHostNotAllowed, "", i18n.Args{"host": "mail.example.com", "mailbox": Account.User})
	}
}
