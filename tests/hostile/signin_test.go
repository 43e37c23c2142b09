//go:build hostile

package hostile

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"mailgrant/internal/diagnosis"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/redact"
	"mailgrant/oauth"
)

var quiet = log.New(io.Discard, "", 0)

// flow is one way to talk to the service, as the program does it.
type flow struct {
	name   string
	custom bool // at a provider that is not Microsoft
	asksOn bool // it asks again until its time is over, so each cell may wait
	needs  []endpoint
	asks   []endpoint // and goes on without an answer
	lies   map[endpoint][][]lie
	do     func(c *signIn) error
}

var flows = []flow{
	{
		name: "sign-in", needs: []endpoint{discovery, tokens, keys}, asks: []endpoint{tenant}, do: (*signIn).browser,
		lies: map[endpoint][][]lie{
			discovery: {discoveryLies}, tokens: {tokenLies, nameLies, identityLies, nonceLies, tenantLies}, keys: {keyLies}, landing: {answerLies, intruders},
		},
	},
	{
		name: "sign-in at a provider", custom: true, needs: []endpoint{discovery, tokens, keys}, do: (*signIn).browser,
		lies: map[endpoint][][]lie{
			discovery: {discoveryLies, endpointLies}, tokens: {tokenLies, nameLies, identityLies, nonceLies}, keys: {keyLies}, landing: {answerLies},
		},
	},
	{
		name: "device code", asksOn: true, needs: []endpoint{discovery, deviceCode, tokens, keys}, asks: []endpoint{tenant}, do: (*signIn).device,
		lies: map[endpoint][][]lie{deviceCode: {deviceLies}, tokens: {tokenLies, nameLies, identityLies, tenantLies}},
	},
	{
		name: "renewal", needs: []endpoint{tokens}, asks: []endpoint{discovery, keys}, do: (*signIn).renew,
		lies: map[endpoint][][]lie{tokens: {tokenLies, subjectLies, identityLies}},
	},
	{
		name: "renewal at a provider", custom: true, needs: []endpoint{discovery, tokens}, asks: []endpoint{keys}, do: (*signIn).renew,
		lies: map[endpoint][][]lie{discovery: {discoveryLies[:1], endpointLies, movedLies}, tokens: {tokenLies}},
	},
	{name: "application", needs: []endpoint{tokens}, do: (*signIn).application, lies: map[endpoint][][]lie{tokens: {tokenLies}}},
	{name: "tenant of an address", needs: []endpoint{tenant}, asks: []endpoint{realm}, do: (*signIn).describe},
}

func TestHostileSignIn(t *testing.T) {
	for _, f := range flows {
		for _, at := range slices.Concat(f.needs, f.asks) {
			group := fmt.Sprintf("%s, %s", f.name, at)
			for _, w := range answerWays {
				total.add(group, []cell{{name: w.name, waits: w.waits || f.asksOn, run: func() error { return conversation(f, at, w, lie{}) }}})
			}
		}
		for at, lists := range f.lies {
			for _, list := range lists {
				for _, l := range list {
					total.add(fmt.Sprintf("%s, %s", f.name, at), []cell{{name: "lies: " + l.name, waits: l.waits || f.asksOn, run: func() error { return conversation(f, at, answerWay{}, l) }}})
				}
			}
		}
	}
	total.run(t)
}

// conversation runs a cell; see mail.
func conversation(f flow, at endpoint, w answerWay, l lie) error {
	c := signIn{flow: f, at: at, way: w, lie: l, limit: usual}
	if !w.waits && !l.waits && !f.asksOn {
		return c.run()
	}
	c.limit = 2 * time.Second
	if c.run() == nil {
		return nil
	}
	c = signIn{flow: f, at: at, way: w, lie: l, limit: usual}
	return c.run()
}

// signIn is one conversation with a service that misbehaves.
type signIn struct {
	flow   flow
	at     endpoint
	way    answerWay
	lie    lie
	limit  time.Duration // of a request
	s      *service
	client *oauth.Client

	log    bytes.Buffer
	mu     sync.Mutex
	shown  bytes.Buffer // events, pages
	robots sync.WaitGroup
	kept   bool
}

func (c *signIn) run() error {
	c.s = startService(c.at, c.way, c.lie)
	h, err := oauth.HTTPClient(mailbox.Definition{}, redact.Secret{})
	if err != nil {
		return err
	}
	h.Timeout = c.limit
	c.client = &oauth.Client{HTTP: h, Log: slog.New(slog.NewJSONHandler(&c.log, &slog.HandlerOptions{Level: slog.LevelDebug}))}
	began := time.Now()
	err = c.flow.do(c)
	took := time.Since(began)
	c.client.Close()
	c.s.stop()
	c.robots.Wait()
	wrong := []error{c.outcome(err), c.outputs(err)}
	if took > 4*c.limit+generous {
		wrong = append(wrong, fmt.Errorf("it took %s", took))
	}
	return errors.Join(wrong...)
}

func (c *signIn) definition() mailbox.Definition {
	d := mailbox.Definition{
		Name: "Hostile", Sender: user, User: user, Authentication: mailbox.AuthOAuth2,
		Servers: mailbox.NewServers(mailbox.Given{mailbox.IMAP: &mailbox.Server{Host: "localhost", Port: 993, Security: mailbox.SecurityTLS}}),
		OAuth: &mailbox.OAuth{
			Provider: mailbox.ProviderMicrosoft, AccountType: mailbox.AccountTenant, Tenant: tenantID,
			ClientID: application, Authority: c.s.URL,
		},
	}
	if c.flow.custom {
		d.OAuth = &mailbox.OAuth{Provider: mailbox.ProviderCustom, ClientID: application, Issuer: c.s.URL, Scopes: []string{"mail"}}
	}
	return d.Normalize()
}

func (c *signIn) request() oauth.Request {
	return oauth.Request{
		Mailbox: c.definition(), SignIn: mailbox.SignInDefaultBrowser, Timeout: min(4*c.limit, usual), Opener: c, ClientSecret: redact.NewSecret(canarySecret),
		OnEvent: func(e oauth.Event) { c.show("%+v\n", e) },
		Keep:    func(context.Context, oauth.Grant) error { c.kept = true; return nil },
	}
}

func (c *signIn) show(format string, args ...any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	fmt.Fprintf(&c.shown, format, args...)
}

// Open implements oauth.Opener: the user's browser, who signs in at once.
func (c *signIn) Open(_ context.Context, _, address string) (string, error) {
	c.robots.Go(func() {
		transport := &http.Transport{}
		defer transport.CloseIdleConnections()
		resp, err := (&http.Client{Transport: transport, Timeout: usual + generous/2}).Get(address)
		if err != nil {
			return
		}
		defer resp.Body.Close()
		body, _ := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
		if resp.StatusCode == http.StatusRequestHeaderFieldsTooLarge {
			return // nobody has read it, so its address stays
		}
		c.show("%s\n%s\n", resp.Request.URL, body)
	})
	return "Robot", nil
}

func (c *signIn) browser() error {
	_, err := c.client.SignIn(context.Background(), c.request())
	return err
}

func (c *signIn) device() error {
	r := c.request()
	r.SignIn = mailbox.SignInDeviceCode
	_, err := c.client.SignIn(context.Background(), r)
	return err
}

func (c *signIn) application() error {
	r := c.request()
	r.Mailbox.OAuth.AccountType = mailbox.AccountApplication
	_, err := c.client.SignIn(context.Background(), r)
	return err
}

func (c *signIn) renew() error {
	d := c.definition()
	account := oauth.Account{User: user, Issuer: c.s.URL + "/" + tenantID + "/v2.0", TenantID: tenantID, Subject: "subject", ObjectID: "object"}
	endpoint := c.s.URL + "/" + tenantID + "/oauth2/v2.0/token"
	if c.flow.custom {
		account.Issuer, endpoint = c.s.URL, c.s.URL+"/custom/oauth2/v2.0/token"
	}
	g, err := c.client.Refresh(context.Background(), d, oauth.Renewal{RefreshToken: redact.NewSecret(canarySpent), ClientSecret: redact.NewSecret(canarySecret), Endpoint: endpoint})
	if err == nil {
		err = c.client.CheckRenewal(context.Background(), d, g, account)
	}
	c.kept = err == nil
	return err
}

func (c *signIn) describe() error {
	found, err := c.client.Describe(context.Background(), c.definition(), "helpdesk@contoso.test")
	c.show("%+v\n", found)
	c.kept = err == nil
	return err
}

// outcome compares what came of it with what the tables say.
func (c *signIn) outcome(err error) error {
	then := c.way.then
	if c.lie.name != "" {
		then = c.lie.then
	} else if !slices.Contains(c.flow.needs, c.at) && then != harmless {
		then = open
	}
	if err == nil {
		if !c.kept {
			return errors.New("it is good and nothing was kept")
		}
		if then == breaks || then == refused {
			return errors.New("it is good")
		}
		return nil
	}
	var d diagnosis.Diagnosis
	switch {
	case c.kept:
		return fmt.Errorf("it failed and something was kept: %w", err)
	case then == harmless:
		return fmt.Errorf("it failed: %w", err)
	case !errors.As(err, &d):
		return fmt.Errorf("the error is no diagnosis: %w", err)
	case d.Cause == "" || d.Cause == diagnosis.CauseUnknown && (then == breaks || d.ServerText == ""):
		return fmt.Errorf("cause %q: %q", d.Cause, d.ServerText)
	}
	return nil
}

// outputs demands that no secret is where it must not be, and that what is
// shown does not mislead.
func (c *signIn) outputs(err error) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	all := c.log.String() + c.shown.String() + fmt.Sprintf("%v %+v", err, err)
	var d diagnosis.Diagnosis
	if errors.As(err, &d) {
		all += fmt.Sprintf("%+v", d)
		for _, l := range i18n.Languages {
			data := must(json.Marshal(d.Render(i18n.For(l))))
			if what := unfit(string(data)); what != "" {
				return fmt.Errorf("the diagnosis: %s", what)
			}
			all += string(data)
		}
	}
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	if what := secretIn(all); what != "" {
		return fmt.Errorf("a log, an event, a page or an error holds %s", what)
	}
	if v := c.s.verifier; v != "" && strings.Contains(all, v) {
		return errors.New("the verifier is in it")
	}
	if heard := c.s.heard.String(); heard != "" {
		if what := secretIn(heard); what != "" || c.s.verifier != "" && strings.Contains(heard, c.s.verifier) {
			return fmt.Errorf("another host was told %s", what)
		}
		return fmt.Errorf("another host was asked: %.200s", heard)
	}
	return nil
}
