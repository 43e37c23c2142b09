package oauth

import (
	"cmp"
	"context"
	"maps"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"mailgrant/internal/diagnosis"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
)

// experimentsTime is what all experiments after a failed sign-in may take.
const experimentsTime = 10 * time.Second

// trials are what a failed sign-in may be followed by: harmless questions
// whose answers decide between causes. "" decides nothing.
var trials = map[diagnosis.Experiment]func(*Client, context.Context, mailbox.Definition) string{
	diagnosis.Clock:          (*Client).compareClocks,
	diagnosis.ProxyAndPortal: (*Client).tryWays,
}

// decide makes the experiments that the diagnosis of an error asks for, tells of
// each and returns the diagnosis that then stands. why is the error where more
// of it is known than the words.
func (c *Client) decide(ctx context.Context, r Request, diag diagnosis.Diagnosis, why error, unasked ...diagnosis.Experiment) diagnosis.Diagnosis {
	ctx, cancel := context.WithTimeout(ctx, experimentsTime)
	defer cancel()
	known := evidence(ctx, r.Mailbox)
	known.Tried = map[diagnosis.Experiment]string{}
	for {
		wanted := append(diagnosis.Wanted(diag, known), unasked...)
		i := slices.IndexFunc(wanted, func(id diagnosis.Experiment) bool {
			_, made := known.Tried[id]
			return !made && trials[id] != nil
		})
		if i < 0 || ctx.Err() != nil {
			return diag
		}
		begun := c.now()
		tried := Tried{ID: wanted[i], Result: trials[wanted[i]](c, ctx, r.Mailbox), Decides: diag.Causes}
		tried.Took = c.now().Sub(begun)
		r.emit(tried)
		known.Tried[tried.ID] = tried.Result
		if tried.Result != "" {
			diag = again(diag, r.Mailbox, known, tried, why)
		}
	}
}

// again is the diagnosis with what the last experiment has found out.
func again(diag diagnosis.Diagnosis, d mailbox.Definition, known diagnosis.Evidence, last Tried, why error) diagnosis.Diagnosis {
	proved := map[string]diagnosis.Cause{"wrong": diagnosis.CauseClockSkew, "portal": diagnosis.CauseSignInServiceAnswer}[last.Result]
	if proved == "" {
		now := diagnosis.Explain(diagnosis.Input{
			Phase: diag.Phase, Step: diag.Step, Provider: familyOf(*d.OAuth), Text: diag.ServerText, Err: why, Evidence: known,
		})
		switch {
		case now.Certainty == diagnosis.Certain:
			args := maps.Clone(diag.Args) // what only the error told
			maps.Copy(args, now.Args)
			now.Args, now.CorrelationID, now.TraceID = args, diag.CorrelationID, diag.TraceID
			return now
		case last.Result != "direct-works" || diag.Certainty == diagnosis.Certain:
			return diag
		}
		proved = diagnosis.CauseProxyUnreachable // whatever it did instead
	}
	if proved == diag.Cause && diag.Certainty == diagnosis.Certain {
		return diag
	}
	now := diagnosis.New(proved, diag.Phase, i18n.Args{"host": AuthorityHost(*d.OAuth), "proxy": known.Proxy})
	now.Step, now.ServerText, now.Codes, now.CorrelationID, now.TraceID = diag.Step, diag.ServerText, diag.Codes, diag.CorrelationID, diag.TraceID
	return now.ProvedBy(last.ID, last.Result)
}

// compareClocks: tokens suffer where this machine's clock is wrong.
func (c *Client) compareClocks(ctx context.Context, d mailbox.Definition) string {
	ahead, err := c.ClockAhead(ctx, d)
	switch {
	case err != nil:
		return ""
	case ahead.Abs() > clockSkew:
		return "wrong"
	}
	return "right"
}

// tryWays asks whether the service can be reached as it is set, and else
// without the proxy; and whether somebody else answers in its place.
func (c *Client) tryWays(ctx context.Context, d mailbox.Definition) string {
	proxied := ProxyFor(ctx, Authority(*d.OAuth)) != ""
	direct := c.direct
	if direct == nil {
		direct = withoutProxy(d)
		defer direct.CloseIdleConnections()
	}
	switch {
	case proxied && c.answers(ctx, c.http(), d):
		return "proxy-works"
	case c.portal(ctx, direct, d):
		return "portal"
	case !proxied: // the only way there is was tried
		return ""
	case c.answers(ctx, direct, d):
		return "direct-works"
	case ctx.Err() != nil:
		return ""
	}
	return "neither"
}

func withoutProxy(d mailbox.Definition) *http.Client {
	h, _ := httpClient(d, nil) // nil where its root is none
	return cmp.Or(h, plainClient())
}

func (c *Client) answers(ctx context.Context, h *http.Client, d mailbox.Definition) bool {
	over := Client{HTTP: h}
	_, err := over.fetchMetadata(ctx, discoveryURL(*d.OAuth))
	return err == nil
}

// portal reports whether the page of a hotel or a firewall answers in the
// service's place: it asks for a sign-in to the network (RFC 6585, section 6),
// or leads in the clear to another host, which no sign-in service does.
func (c *Client) portal(ctx context.Context, h *http.Client, d mailbox.Definition) bool {
	base, err := url.Parse(Authority(*d.OAuth))
	if err != nil || base.Scheme != "https" {
		return false
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+base.Host+"/", nil)
	if err != nil {
		return false
	}
	resp, err := h.Do(req)
	if err != nil {
		return false
	}
	defer resp.Body.Close()
	if resp.StatusCode == http.StatusNetworkAuthenticationRequired {
		return true
	}
	to, err := resp.Location()
	if err != nil || strings.EqualFold(to.Hostname(), base.Hostname()) {
		return false
	}
	ip := net.ParseIP(to.Hostname())
	return to.Scheme == "http" || ip != nil && ip.IsPrivate()
}

// unreached is a sign-in that never came to the service, and why.
type unreached struct {
	diagnosis.Diagnosis
	why error
}

func (u unreached) Unwrap() error { return u.Diagnosis }

// decided is decide for the error of a sign-in; one that is no diagnosis, or
// somebody else's account, stays as it is.
func (c *Client) decided(ctx context.Context, r Request, err error) error {
	if ctx.Err() != nil {
		return err
	}
	switch e := err.(type) {
	case unreached:
		return c.decide(ctx, r, e.Diagnosis, e.why, diagnosis.ProxyAndPortal)
	case outOfTime:
		return c.decide(ctx, r, e.error.(diagnosis.Diagnosis), nil, diagnosis.Clock)
	case diagnosis.Diagnosis:
		return c.decide(ctx, r, e, nil)
	}
	return err
}
