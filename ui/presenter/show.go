package presenter

import (
	"maps"
	"slices"
	"strings"
	"time"

	"mailgrant/app/authorization"
	"mailgrant/app/products"
	"mailgrant/internal/mailbox"
	"mailgrant/oauth"
)

// soon is how long before its end an authorization is called expiring.
const soon = 14 * 24 * time.Hour

func (p *Presenter) render() {
	if !p.closed {
		s := p.State()
		s.Opened, p.drawn = p.selected != p.drawn, p.selected
		p.point, p.lost, p.signedIn = "", false, false // once
		p.c.Render(s)
	}
}

// State is what the window shows now.
func (p *Presenter) State() State {
	s := State{
		Selected: -1, Point: p.point, Lost: p.lost, SignedIn: p.signedIn, Language: p.language(), Panels: p.c.Notes.Kept().Panels,
		Welcome: p.welcomeState(), Practice: p.practiceState(), Notice: p.shown(),
	}
	if p.c.Schedule != nil {
		s.Renewal = new(p.renewal)
	}
	s.Mailboxes, s.Standing = p.list()
	s.Overviews, s.Overview, s.Takeover, s.Queue = p.hasOverview(), p.overviewState(s.Mailboxes, s.Standing), p.takeoverState(), p.queueState()
	if e := p.selected; e != nil {
		s.Selected, s.Name = slices.Index(p.entries, e), p.name(e)
		s.Form, s.Auth, s.Test, s.Product = p.formState(e), p.authState(e), p.testState(e), p.productState(e)
		s.Assistant = p.assistantState(e)
	}
	return s
}

// list is what the list of mailboxes shows: their names, and how the
// authorization of each stands.
func (p *Presenter) list() (names []string, standing []Line) {
	for _, e := range p.entries {
		name := p.name(e)
		if e.draft() {
			name = p.text("ui.list.draft", "name", name)
		}
		names, standing = append(names, name), append(standing, p.standing(e))
	}
	return names, standing
}

// standing is how a mailbox's authorization stands, at a glance.
func (p *Presenter) standing(e *entry) Line {
	mark, how := p.stands(e)
	switch {
	case !e.usesOAuth():
		mark, how = MarkSkipped, "password"
	case !e.read:
		return Line{}
	}
	return Line{mark, p.text("ui.list.state." + how)}
}

// stands is how an authorization stands, with its name among the texts.
func (p *Presenter) stands(e *entry) (mark Mark, how string) {
	st := e.Status
	switch {
	case st.State == authorization.StateNone && st.Diagnosis != nil, e.Unreadable() != nil:
		return MarkBad, "unreadable"
	case st.State == authorization.StateNone:
		return MarkPending, "none"
	case st.State != authorization.StateValid:
		return MarkBad, string(st.State)
	case st.Renewable && st.Diagnosis != nil:
		return MarkWarning, "doubtful"
	case p.expiring(e):
		return MarkWarning, "expiring"
	}
	return MarkGood, "valid"
}

func (p *Presenter) formState(e *entry) FormState {
	f, known := e.form, e.form.profile()
	return FormState{
		Form: f.clone(), Errors: p.fieldErrors(e), Notes: p.fieldNotes(e), Checks: p.fieldChecks(e), Draft: e.draft(), CanDiscard: e.draft() && e.saved.Name != "",
		OAuth:     e.usesOAuth(),
		Microsoft: known.Entra, Custom: known.Custom,
		NeedTenant: known.Entra && f.chosen().NeedsTenant(),
		Certifies:  known.Entra && f[FieldAccountType] == mailbox.AccountApplication,
		Searching:  e.lookup != nil, Ways: oauth.Ways(), Way: oauth.WayFor(f[FieldSignIn]), Secrets: e.secrets, Refused: maps.Clone(e.refused),
		Credential: e.Secret.Text(p.c.Texts),
	}
}

func (p *Presenter) authState(e *entry) AuthState {
	s := AuthState{Applies: e.usesOAuth()}
	if !s.Applies {
		s.Status = Line{MarkSkipped, p.text("ui.auth.password")}
		d, _ := e.form.read()
		s.Hint = products.PasswordEnds(d, p.c.Texts)
		return s
	}
	p.storedState(e, &s)
	if e.outcome != nil {
		s.Finding, s.Hint, s.Tried = e.outcome, e.outcome.note, p.triedSignIn(e)
	}
	if e.job != nil {
		s.Busy = map[kind]string{renewing: p.text("ui.auth.renewing"), forgetting: p.text("ui.auth.forgetting")}[e.job.kind]
		if w := e.job.waiting; w != nil {
			// What is stored says to ask for a new one, which is what is being done.
			s.Waiting, s.Hint, s.Finding = p.waitingState(w), "", nil
		}
		return s
	}
	has := e.Status.Account.User != "" || e.Status.State != authorization.StateNone || e.Status.Diagnosis != nil
	s.CanRequest, s.CanForget = true, has
	s.CanRenew = e.Status.Renewable
	s.CanConsent = e.form.profile().Entra
	s.Primary = (e.Status.State != authorization.StateValid || e.outcome != nil) && !e.outcome.offers()
	return s
}

// storedState shows what is known of the stored authorization.
func (p *Presenter) storedState(e *entry, s *AuthState) {
	if !e.read {
		s.Status = Line{MarkPending, p.text("ui.auth.reading")}
		return
	}
	st := e.Status
	mark, how := p.stands(e)
	s.Status = Line{mark, p.text("ui.auth."+how, "account", st.Account.User, "date", p.date(until(e)))}
	switch {
	case st.Diagnosis != nil:
		s.Finding = new(p.finding(*st.Diagnosis))
	case e.Unreadable() != nil:
		s.Finding = new(p.unnamed(e.Unreadable()))
	case how == "none" && e.hasAnother():
		s.Hint = p.text("ui.auth.none-other", "client", e.had.OAuth.ClientID, "user", e.had.User)
	case how == "none":
		s.Hint = p.noneHint(e)
	case how == "valid" && len(st.Missing) > 0:
		s.Status.Mark, s.Hint = MarkWarning, p.text("ui.auth.missing-hint")
	}
	if st.State == authorization.StateExpired && st.Renewable {
		s.Hint = p.text("ui.auth.expired-hint")
	}
	if st.State == authorization.StateNone {
		return
	}
	s.Facts, s.Life = p.facts(e), p.life(e)
	if st.State == authorization.StateValid {
		s.Permissions = p.permissions(st)
	}
}

// hasAnother tells whether the mailbox's authorization is stored for other
// values than those that now stand in the form.
func (e *entry) hasAnother() bool {
	d, _ := e.form.read()
	return e.had.OAuth != nil && d.OAuth != nil && e.form[FieldClientID] != "" && oauth.Key(e.had) != oauth.Key(d)
}

// noneHint says what to do first.
func (p *Presenter) noneHint(e *entry) string {
	if strings.TrimSpace(e.form[FieldClientID]) == "" {
		return p.text("ui.auth.none-no-client")
	}
	if e.form.profile().Entra && e.form[FieldAccountType] == mailbox.AccountApplication {
		if !e.secrets[authorization.ClientSecret] {
			return p.text("ui.auth.none-no-secret")
		}
		return p.text("ui.auth.none-application")
	}
	return p.text("ui.auth.none-hint", "user", e.form[FieldUser])
}

func (p *Presenter) expiring(e *entry) bool {
	at := until(e)
	return !at.IsZero() && at.Sub(p.c.Now()) < soon
}

// until is when an authorization or what renews it ends; zero: not known.
func until(e *entry) time.Time {
	if e.row == nil {
		return time.Time{}
	}
	return e.row.Until()
}

// permissions compares what was granted with what the servers need.
func (p *Presenter) permissions(st authorization.Status) []Line {
	var lines []Line
	for _, scope := range st.Granted {
		lines = append(lines, Line{MarkGood, p.text("ui.auth.granted", "permission", shortScope(scope))})
	}
	for _, scope := range st.Missing {
		lines = append(lines, Line{MarkBad, p.text("ui.auth.missing", "permission", shortScope(scope))})
	}
	return lines
}

// shortScope leaves out the resource, which people need not read.
func shortScope(scope string) string {
	trimmed := strings.TrimSuffix(scope, "/")
	if strings.HasSuffix(scope, "/") {
		return strings.TrimPrefix(trimmed, "https://")
	}
	return trimmed[strings.LastIndex(trimmed, "/")+1:]
}

func (p *Presenter) facts(e *entry) []Fact {
	st := e.Status
	var facts []Fact
	add := func(key, value string) {
		if value != "" {
			facts = append(facts, Fact{p.text("ui.auth.fact." + key), value})
		}
	}
	if st.Identity != oauth.Same && st.Identity != "" {
		add("identity", p.text("ui.auth.identity."+string(st.Identity)))
	}
	add("issued", p.dateTime(st.Issued))
	add("renewed", p.dateTime(st.Renewed))
	if !st.EndsIfUnusedBy.IsZero() {
		add("ends", p.date(st.EndsIfUnusedBy))
	}
	add("credential", e.Secret.Text(p.c.Texts))
	return facts
}

// life is the whole of what is known: the account, what it may do, and what
// ends it.
func (p *Presenter) life(e *entry) []Fact {
	st := e.Status
	facts := []Fact{{p.text("ui.auth.fact.account"), strings.TrimSpace(st.Account.User + "  " + st.Account.Name)}}
	if st.Account.TenantID != "" {
		facts = append(facts, Fact{p.text("ui.auth.fact.tenant"), st.Account.TenantID})
	}
	facts = append(facts, Fact{p.text("ui.auth.fact.granted"), strings.Join(st.Granted, "\n")})
	facts = append(facts, p.facts(e)...)
	facts = append(facts, Fact{p.text("ui.auth.fact.access"), p.dateTime(st.AccessExpires)})
	if st.EndsSooner != "" {
		facts = append(facts, Fact{p.text("ui.auth.fact.sooner"), p.text(st.EndsSooner)})
	}
	return facts
}
