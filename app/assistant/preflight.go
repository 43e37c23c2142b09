package assistant

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"mailgrant/app/authorization"
	"mailgrant/internal/diagnosis"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/redact"
	"mailgrant/mailtest"
	"mailgrant/oauth"
)

// PreflightTime is all the time a preflight takes.
const PreflightTime = 3 * time.Second

// Preflight is what can be found out without a sign-in.
type Preflight struct {
	Checks []oauth.Check    // the sign-in service; none for password sign-in
	Tenant *oauth.Tenant    // of the user's domain, where it is Microsoft's and was found
	Ports  *mailtest.Report // the mail servers, up to their greeting
	Proxy  string           // by which the sign-in service is reached, "" for none
}

// RunPreflight asks the sign-in service and the mail servers side by side and
// is back within PreflightTime. Its error is that of a store or proxy that
// cannot be read.
func RunPreflight(ctx context.Context, m *authorization.Manager, d mailbox.Definition) (Preflight, error) {
	var p Preflight
	ports, err := lookAround(ctx, d, nil, func(ctx context.Context) error { return p.ask(ctx, m, d) })
	p.Ports = ports
	return p, err
}

// lookAround asks the mail servers up to their greeting, and beside them whom ask
// does, and is back within PreflightTime.
func lookAround(ctx context.Context, d mailbox.Definition, only []mailtest.Protocol, ask func(context.Context) error) (*mailtest.Report, error) {
	ctx, cancel := context.WithTimeout(ctx, PreflightTime)
	defer cancel()
	asked := make(chan error, 1)
	go func() { asked <- ask(ctx) }()
	ports := mailtest.Collect(d, mailtest.Run(ctx, mailtest.Config{Mailbox: d, Timeout: PreflightTime, Only: only}))
	return ports, <-asked
}

func (p *Preflight) ask(ctx context.Context, m *authorization.Manager, d mailbox.Definition) error {
	if d.Authentication != mailbox.AuthOAuth2 || d.OAuth == nil {
		return nil
	}
	p.Proxy = oauth.ProxyFor(ctx, oauth.Authority(*d.OAuth))
	return m.Ask(d, func(c *oauth.Client, secret redact.Secret) {
		var wg sync.WaitGroup
		wg.Go(func() { p.Checks = c.Preflight(ctx, d, secret) })
		if d.Profile().Entra {
			wg.Go(func() {
				if t, err := c.Describe(ctx, d, d.User); err == nil {
					p.Tenant = &t
				}
			})
		}
		wg.Wait()
	})
}

// CheckResult is one result in words, with the field of the definition that it
// belongs to ("" where it belongs to none).
type CheckResult struct {
	ID      string               `json:"id"`
	Field   string               `json:"field,omitempty"`
	State   oauth.CheckState     `json:"state"`
	Text    string               `json:"text"`
	Problem *diagnosis.Diagnosis `json:"-"`
	Cause   diagnosis.Cause      `json:"cause,omitempty"`
	Tested  *time.Time           `json:"tested,omitempty"` // the mailbox, by this protocol

	Rendered *diagnosis.Rendered `json:"diagnosis,omitempty"` // what failed for a product, with its remedy
	redirect string              // the product's address that it is about
}

// Results puts the results into words.
func (p Preflight) Results(t *i18n.Texts) []CheckResult {
	var all []CheckResult
	for _, c := range p.Checks {
		all = append(all, resultOf(c, t))
	}
	if p.Proxy != "" && slices.ContainsFunc(p.Checks, func(c oauth.Check) bool { return c.ID == oauth.CheckService && c.State == oauth.CheckPassed }) {
		all = append(all, CheckResult{ID: "proxy", State: oauth.CheckPassed, Text: t.Text("assistant.check.proxy.passed", i18n.Args{"proxy": p.Proxy})})
	}
	for _, protocol := range p.Ports.Tested() {
		all = append(all, portResult(protocol, p.Ports.Result(protocol), t))
	}
	return all
}

func resultOf(c oauth.Check, t *i18n.Texts) CheckResult {
	f := CheckResult{ID: c.ID, Field: c.Field, State: c.State, Problem: c.Diagnosis}
	if c.State == oauth.CheckFailed {
		f.Text, f.Cause = c.Diagnosis.Render(t).Title, c.Diagnosis.Cause
		if c.ID == oauth.CheckClock { // by how much
			f.Text = t.Text("assistant.check.clock.failed", c.Facts)
		}
		return f
	}
	key := "assistant.check." + c.ID + "." + string(c.State)
	if c.Facts["offset"] == "0s" {
		key += "-exact"
	}
	f.Text = t.Text(key, c.Facts)
	return f
}

// portResult reads what a server's first steps say: the name, the port and
// the encryption each have a field of their own.
func portResult(protocol mailtest.Protocol, r mailtest.Result, t *i18n.Texts) CheckResult {
	args := i18n.Args{"protocol": protocol.Title(), "host": r.Server.Host, "port": strconv.Itoa(r.Server.Port)}
	f := CheckResult{ID: string(protocol), Field: string(protocol) + ".host", State: oauth.CheckUnknown}
	for _, s := range r.Steps {
		switch {
		case s.State == mailtest.Failed && s.Diagnosis != nil:
			f.Field, f.State, f.Problem = string(protocol)+"."+fieldOf(s.Step), oauth.CheckFailed, s.Diagnosis
			f.Text, f.Cause = s.Diagnosis.Render(t).Title, s.Diagnosis.Cause
			return f
		case s.Step == mailtest.StepAuthenticate && s.State == mailtest.Skipped:
			f.State = oauth.CheckPassed // it came as far as it can without a sign-in
		}
	}
	f.Text = t.Text("assistant.check.port."+string(f.State), args)
	return f
}

// Line is the result where it stands at no field: what failed then names its
// protocol.
func (f CheckResult) Line(t *i18n.Texts) string {
	p := mailbox.Protocol(f.ID)
	if f.State != oauth.CheckFailed || !mailbox.IsProtocol(f.ID) || strings.Contains(f.Text, p.Title()) {
		return f.Text
	}
	return t.Text("assistant.check.port.failed", i18n.Args{"protocol": p.Title(), "cause": f.Text})
}

func fieldOf(s mailtest.Step) string {
	switch s {
	case mailtest.StepConnect:
		return "port"
	case mailtest.StepTLS, mailtest.StepGreeting:
		return "security"
	}
	return "host"
}
