package mailtest_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"mailgrant/internal/certificate"
	"mailgrant/internal/diagnosis"
	"mailgrant/internal/mailbox"
	"mailgrant/mailtest"
)

// network plays servers at addresses of their own; what is not there refuses.
func network(t *testing.T, servers map[string][]peer) func(*mailtest.Config) {
	t.Helper()
	seen := map[string]int{}
	return func(c *mailtest.Config) {
		c.Dial = func(_ context.Context, to netip.AddrPort) (net.Conn, error) {
			peers := servers[to.String()]
			if peers == nil {
				return nil, &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}
			}
			n := min(seen[to.String()], len(peers)-1)
			seen[to.String()]++
			ours, theirs := net.Pipe()
			p := &played{Conn: theirs, r: bufio.NewReader(theirs)}
			go func() {
				defer theirs.Close()
				peers[n](p)
			}()
			return ours, nil
		}
	}
}

// tried runs a test with experiments and returns the verdict before and after
// them, and their results by name.
func tried(t *testing.T, p mailtest.Protocol, server mailbox.Server, servers map[string][]peer, x mailtest.Experiments, change ...func(*mailtest.Config)) (before, after diagnosis.Diagnosis, results map[diagnosis.Experiment]mailtest.Experiment) {
	t.Helper()
	results = map[diagnosis.Experiment]mailtest.Experiment{}
	bubble(t, alone(p, silent), func(t *testing.T, s *stage) {
		d := stageDefinition(s.peers)
		*d.Server(p) = server
		cfg := mailtest.Config{Mailbox: d, Credential: with(testToken, testUser), Resolve: atLoopback, Experiments: &x}
		for _, c := range append(change, network(t, servers)) {
			c(&cfg)
		}
		r := mailtest.NewReport(d, time.Now())
		running, failedFor := 0, time.Duration(0)
		for e := range mailtest.Run(t.Context(), cfg) {
			r.Add(e)
			switch {
			case e.Experiment != nil && e.State == mailtest.Running:
				running++
			case e.Experiment != nil:
				running--
				results[e.Experiment.ID] = *e.Experiment
				failedFor += e.Duration
			case e.State == mailtest.Failed && before.Cause == "":
				before = *e.Diagnosis
			case e.State == mailtest.Failed:
			}
			if running > 1 {
				t.Error("two experiments at once")
			}
		}
		if running != 0 {
			t.Error("an experiment never ended")
		}
		if failedFor > 10*time.Second {
			t.Errorf("the experiments took %s", failedFor)
		}
		for _, e := range r.Result(p).Steps {
			if e.State == mailtest.Failed {
				after = *e.Diagnosis
			}
		}
		if len(r.Experiments()) != len(results) {
			t.Errorf("%d experiments in the report, %d made", len(r.Experiments()), len(results))
		}
		for _, e := range r.Experiments() {
			if result := e.Experiment.Result; result != "" && !slices.Contains(diagnosis.Outcomes[e.Experiment.ID], result) {
				t.Errorf("%s: %q is no outcome", e.Experiment.ID, result)
			}
		}
	})
	return before, after, results
}

// wantVerdicts compares how sure a diagnosis is of which causes, before
// experiments and after them: "possible a b".
func wantVerdicts(t *testing.T, before, after diagnosis.Diagnosis, was, is string) {
	t.Helper()
	said := func(d diagnosis.Diagnosis) string {
		return string(d.Certainty) + " " + strings.Trim(fmt.Sprint(d.Causes), "[]")
	}
	if said(before) != was || said(after) != is {
		t.Errorf("%s → %s, want %s → %s", said(before), said(after), was, is)
	}
}

func refusing(after string, auth ...string) []string {
	return append([]string{"S: * OK [" + strings.TrimPrefix(imapCaps, "S: * ") + "]"}, append(auth, after)...)
}

// A refused token is renewed, and both are tried: only where the old one alone
// is refused was it the token.
func TestRenewAndRetry(t *testing.T) {
	const newToken = "a-renewed-t0ken"
	server := mailbox.Server{Host: "127.0.0.1", Port: 143, Security: mailbox.SecurityNone}
	sign := func(token, answer string) peer {
		return script(refusing("C~ LOGOUT", "C: T1 AUTHENTICATE XOAUTH2 "+xoauth2(testUser, token), "S: T1 "+answer)...)
	}
	const no, yes = "NO AUTHENTICATE failed.", "OK done"
	came := false
	for name, c := range map[string]struct {
		peers     []peer
		renew     mailtest.CredentialFunc
		result    string
		cause     diagnosis.Cause
		certainty diagnosis.Certainty
	}{
		"the old token was stale":   {[]peer{sign(testToken, no), sign(newToken, yes), sign(testToken, no)}, with(newToken, testUser), "accepted", "token-expired", diagnosis.Certain},
		"the new one is refused":    {[]peer{sign(testToken, no), sign(newToken, no)}, with(newToken, testUser), "refused", "", diagnosis.Possible},
		"a setting came into force": {[]peer{sign(testToken, no), sign(newToken, yes), sign(testToken, yes)}, with(newToken, testUser), "passed-by", "", diagnosis.Possible},
		"the old one is not heard":  {[]peer{sign(testToken, no), sign(newToken, yes), silent}, with(newToken, testUser), "", "", diagnosis.Possible},
		"it cannot be renewed": {[]peer{sign(testToken, no)}, func(context.Context, string) (mailtest.Credential, error) {
			return mailtest.Credential{}, errors.New("no")
		}, "not-renewed", "", diagnosis.Possible},
		// Whether it can is open then. What was sent is waited for: its answer is
		// kept a moment after it was given up.
		"its renewal takes too long": {[]peer{sign(testToken, no)}, func(ctx context.Context, _ string) (mailtest.Credential, error) {
			<-ctx.Done()
			time.Sleep(3 * time.Second)
			came = true
			return mailtest.Credential{}, ctx.Err()
		}, "", "", diagnosis.Possible},
	} {
		t.Run(name, func(t *testing.T) {
			before, after, results := tried(t, mailtest.IMAP, server, map[string][]peer{"127.0.0.1:143": c.peers}, mailtest.Experiments{Renew: c.renew},
				func(c *mailtest.Config) { c.Provider = diagnosis.Microsoft })
			if before.Certainty == diagnosis.Certain {
				t.Errorf("before: %s is certain", before.Cause)
			}
			if got := results[diagnosis.RenewAndRetry].Result; got != c.result {
				t.Errorf("result %q", got)
			}
			if c.cause != "" && after.Cause != c.cause || c.cause == "" && slices.Contains(after.Causes, "token-expired") && c.result != "not-renewed" && c.result != "" || after.Certainty != c.certainty {
				t.Errorf("after: %s %v", after.Certainty, after.Causes)
			}
		})
	}
	if !came {
		t.Error("the test ended while a renewal was on its way")
	}
}

// A server that refuses the mechanism before it has heard a token has said nothing
// about it: no other token is tried, and nothing is proved.
func TestNoOtherTokenWhereNoneWasHeard(t *testing.T) {
	peers := map[mailtest.Protocol][]peer{
		mailtest.IMAP: {script(refusing("C~ LOGOUT", "C: T1 AUTHENTICATE XOAUTH2", "S: T1 OK done", "C: T2 EXAMINE", "S: * 0 EXISTS", "S: T2 OK done")...)},
		mailtest.POP3: {pop3Start("C: AUTH XOAUTH2", "S: -ERR Authentication failed.", "C: CAPA", "S: -ERR", "C: QUIT", "S: +OK")},
	}
	renewed := false
	r, _ := play(t, peers, func(c *mailtest.Config) {
		c.Provider = diagnosis.Microsoft
		c.Experiments = &mailtest.Experiments{Renew: func(context.Context, string) (mailtest.Credential, error) {
			renewed = true
			return mailtest.Credential{}, errors.New("no")
		}}
	})
	if d := failedAt(t, r, mailtest.POP3, mailtest.StepAuthenticate).Diagnosis; renewed || d.Certainty == diagnosis.Certain {
		t.Errorf("renewed: %t, %s %v", renewed, d.Certainty, d.Causes)
	}
}

// A port that speaks TLS where the definition says STARTTLS is known soon, and
// what would fit is proposed.
func TestSpeakPort(t *testing.T) {
	root := certificate.Root("Test Root")
	config := root.For("mail.test").Config()
	tlsSMTP := overTLS(config, script("S: 220 ready", "C: EHLO", "S: 250 hello"))
	starttlsSMTP := script("S: 220 ready", "C: EHLO", "S: 250-hello", "S: 250 STARTTLS", "C: STARTTLS", "S: 220 go")
	for name, c := range map[string]struct {
		security, result, change string
		peers                    []peer
		before, after            string
	}{
		"TLS where STARTTLS is set": {mailbox.SecuritySTARTTLS, "tls", mailbox.SecurityTLS, []peer{silent, tlsSMTP, silent, tlsSMTP}, "certain wrong-port-or-encryption", "certain wrong-port-or-encryption"},
		"STARTTLS where TLS is set": {mailbox.SecurityTLS, "starttls", mailbox.SecuritySTARTTLS, []peer{starttlsSMTP}, "possible wrong-port-or-encryption server-timeout port-blocked", "certain wrong-port-or-encryption"},
		"nothing at all":            {mailbox.SecuritySTARTTLS, "silent", "", []peer{silent}, "likely server-timeout port-blocked wrong-port-or-encryption", "likely server-timeout port-blocked"},
		"nothing within TLS":        {mailbox.SecurityTLS, "silent", "", []peer{overTLS(config, silent), silent, overTLS(config, silent)}, "likely server-timeout port-blocked wrong-port-or-encryption", "likely server-timeout port-blocked"},
		"something else":            {mailbox.SecuritySTARTTLS, "other", "", []peer{script("S: SSH-2.0-OpenSSH_9.6")}, "possible server-protocol-error wrong-port-or-encryption", "possible server-protocol-error wrong-port-or-encryption"},
	} {
		t.Run(name, func(t *testing.T) {
			before, after, results := tried(t, mailtest.SMTP, mailbox.Server{Host: "mail.test", Port: 2525, Security: c.security},
				map[string][]peer{"127.0.0.1:2525": c.peers}, mailtest.Experiments{}, func(cfg *mailtest.Config) {
					cfg.Mailbox.TrustedCA = root.PEM()
				})
			x := results[diagnosis.SpeakPort]
			if x.Result != c.result {
				t.Errorf("result %q", x.Result)
			}
			if (x.Change != nil) != (c.change != "") || x.Change != nil && (x.Change.Security != c.change || x.Change.Port != 2525 || x.Change.Host != "mail.test") {
				t.Errorf("change %+v", x.Change)
			}
			wantVerdicts(t, before, after, c.before, c.after)
		})
	}
}

// STARTTLS at a TLS port ends after three seconds, not after the whole limit.
func TestSilenceIsSuspected(t *testing.T) {
	root := certificate.Root("Test Root")
	config := root.For("mail.test").Config()
	tls := overTLS(config, silent)
	slow := func(p *played) {
		time.Sleep(6 * time.Second) // as postscreen does
		p.follow([]string{"S: 220 ready", "C: EHLO", "S: 250-hello", "S: 250 AUTH XOAUTH2", "C: AUTH", "S: 235 ok", "C: MAIL", "S: 250", "C: RSET", "S: 250", "C: QUIT", "S: 221"})
	}
	for name, c := range map[string]struct {
		peers []peer
		ok    bool
	}{"TLS": {[]peer{silent, tls}, false}, "slow": {[]peer{slow, silent}, true}} {
		t.Run(name, func(t *testing.T) {
			r, _ := play(t, alone(mailtest.SMTP, c.peers...))
			if c.ok {
				if !r.OK() {
					t.Error(states(r, mailtest.SMTP))
				}
				return
			}
			e := failedAt(t, r, mailtest.SMTP, mailtest.StepGreeting)
			if e.Duration > 3*time.Second || e.Diagnosis.Cause != "wrong-port-or-encryption" || e.Diagnosis.Certainty != diagnosis.Certain {
				t.Errorf("%s %s after %s", e.Diagnosis.Certainty, e.Diagnosis.Cause, e.Duration)
			}
		})
	}
}

// Where the port is wrong, the usual ones are tried.
func TestUsualPorts(t *testing.T) {
	root := certificate.Root("Test Root")
	config := root.For("mail.test").Config()
	imap := map[string][]peer{"127.0.0.1:993": {silent, overTLS(config, script("S: * OK ready", "C: A1 CAPABILITY", "S: A1 OK"))}}
	for name, c := range map[string]struct {
		port    int
		servers map[string][]peer
		result  string
		change  int
		cause   diagnosis.Cause // that remains; "" several do
	}{
		"another port":        {994, imap, "answer", 993, "wrong-port-or-encryption"},
		"the other usual one": {143, imap, "another", 993, ""},
		"none":                {994, nil, "silent", 0, ""},
	} {
		t.Run(name, func(t *testing.T) {
			before, after, results := tried(t, mailtest.IMAP, mailbox.Server{Host: "mail.test", Port: c.port, Security: mailbox.SecurityTLS}, c.servers, mailtest.Experiments{})
			x := results[diagnosis.UsualPorts]
			if x.Result != c.result || (x.Change == nil) != (c.change == 0) || x.Change != nil && (x.Change.Port != c.change || x.Change.Security != mailbox.SecurityTLS) {
				t.Errorf("result %q, change %+v", x.Result, x.Change)
			}
			if len(before.Causes) < 2 || (len(after.Causes) == 1) != (c.cause != "") || c.cause != "" && after.Cause != c.cause {
				t.Errorf("before %s %v, after %s %v", before.Certainty, before.Causes, after.Certainty, after.Causes)
			}
		})
	}
}

// A name that nobody knows is tried as it may have been meant.
func TestNameVariants(t *testing.T) {
	root := certificate.Root("Test Root")
	config := root.For("mail.test").Config()
	imap := []peer{silent, overTLS(config, script("S: * OK ready", "C: A1 CAPABILITY", "S: A1 OK"))}
	preset := mailbox.Server{Host: "outlook.office365.com", Port: 993, Security: mailbox.SecurityTLS}
	for name, c := range map[string]struct {
		given, exists string
		mx            []string
		change        string
	}{
		"mistyped":                   {"outlok.office365.com", "outlook.office365.com", nil, "outlook.office365.com"},
		"mail that nobody takes":     {"post.contoso.com", "mail.contoso.com", []string{"."}, "mail.contoso.com"},
		"the provider by its MX":     {"mailserver.contoso.com", "outlook.office365.com", []string{"contoso-com.mail.protection.outlook.com."}, "outlook.office365.com"},
		"the host that takes mail":   {"exchange.contoso.com", "mx1.contoso.com", []string{"mx1.contoso.com."}, "mx1.contoso.com"},
		"a usual name in the domain": {"post.contoso.com", "imap.contoso.com", nil, "imap.contoso.com"},
		"nothing":                    {"post.contoso.com", "", nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			x := mailtest.Experiments{
				Presets: map[mailtest.Protocol]mailbox.Server{mailtest.IMAP: preset},
				LookupMX: func(context.Context, string) (found []*net.MX, err error) {
					for _, host := range c.mx {
						found = append(found, &net.MX{Host: host})
					}
					return found, nil
				},
			}
			before, after, results := tried(t, mailtest.IMAP, mailbox.Server{Host: c.given, Port: 993, Security: mailbox.SecurityTLS}, map[string][]peer{"127.0.0.1:993": imap}, x, func(cfg *mailtest.Config) {
				cfg.Resolve = func(ctx context.Context, host string) ([]netip.Addr, error) {
					if host == c.exists {
						return atLoopback(ctx, host)
					}
					return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
				}
			})
			got := results[diagnosis.NameVariants]
			if c.change == "" {
				if got.Result != "none" || got.Change != nil || after.Certainty == diagnosis.Certain {
					t.Errorf("result %+v, after %s %v", got, after.Certainty, after.Causes)
				}
				return
			}
			if got.Result != "found" || got.Change == nil || got.Change.Host != c.change {
				t.Fatalf("result %+v", got)
			}
			if before.Certainty == diagnosis.Certain || after.Cause != "wrong-host-name" || after.Certainty != diagnosis.Certain {
				t.Errorf("before %s, after %s %v", before.Certainty, after.Certainty, after.Causes)
			}
		})
	}
}

// A certificate out of its time, and this machine's clock.
func TestClock(t *testing.T) {
	root := certificate.Root("Test Root")
	config := certificate.Sign(ended("mail.test"), root).Config()
	for name, c := range map[string]struct {
		ahead  time.Duration
		result string
		cause  diagnosis.Cause
	}{
		"the clock is ahead":     {45 * 24 * time.Hour, "wrong", "clock-skew"},
		"it is right":            {time.Second, "right", "tls-certificate-expired"},
		"it is ahead but not so": {10 * time.Minute, "right", "tls-certificate-expired"},
	} {
		t.Run(name, func(t *testing.T) {
			before, after, results := tried(t, mailtest.IMAP, mailbox.Server{Host: "mail.test", Port: 993, Security: mailbox.SecurityTLS},
				map[string][]peer{"127.0.0.1:993": {overTLS(config, silent)}},
				mailtest.Experiments{Clock: func(context.Context) (time.Duration, error) { return c.ahead, nil }},
				func(cfg *mailtest.Config) { cfg.Mailbox.TrustedCA = root.PEM() })
			if results[diagnosis.Clock].Result != c.result || before.Certainty == diagnosis.Certain || after.Certainty != diagnosis.Certain || after.Cause != c.cause {
				t.Errorf("result %q, before %s, after %s %s", results[diagnosis.Clock].Result, before.Certainty, after.Certainty, after.Cause)
			}
		})
	}
}

// A refused certificate is fetched by both families of addresses.
func TestFetchChain(t *testing.T) {
	inside, outside := certificate.Root("Inside Root"), certificate.Root("Outside Root")
	shows := func(a *certificate.Pair) []peer {
		return []peer{overTLS(a.For("mail.contoso.com").Config(a), silent)}
	}
	const untrusted = "tls-interception-untrusted-ca tls-self-signed tls-server-chain-incomplete local-ca-store-broken"
	for name, c := range map[string]struct {
		second        *certificate.Pair
		result, after string
	}{
		"the same":    {inside, "private", "likely tls-self-signed tls-interception-untrusted-ca"},
		"another one": {outside, "differs-by-family", "likely " + untrusted},
	} {
		t.Run(name, func(t *testing.T) {
			before, after, results := tried(t, mailtest.IMAP, mailbox.Server{Host: "mail.contoso.com", Port: 993, Security: mailbox.SecurityTLS},
				map[string][]peer{"127.0.0.1:993": shows(inside), "[::1]:993": shows(c.second)}, mailtest.Experiments{}, func(cfg *mailtest.Config) {
					cfg.Mailbox.TrustedCA = certificate.Root("Trusted Root").PEM()
					cfg.Resolve = func(context.Context, string) ([]netip.Addr, error) {
						return []netip.Addr{netip.MustParseAddr("127.0.0.1"), netip.IPv6Loopback()}, nil
					}
				})
			wantVerdicts(t, before, after, "possible "+untrusted, c.after)
			if got := results[diagnosis.FetchChain].Result; got != c.result {
				t.Errorf("result %q", got)
			}
		})
	}
}

// What EHLO offers before TLS and after it.
func TestSMTPOffers(t *testing.T) {
	root := certificate.Root("Test Root")
	config := root.For("127.0.0.1").Config()
	before := []string{"S: 220 ready", "C: EHLO", "S: 250-hello", "S: 250 STARTTLS"}
	after := func(last string) peer {
		return then(append(before[:4:4], "C: STARTTLS", "S: 220 go"), overTLS(config, script("C: EHLO", "S: 250-hello", last)))
	}
	for name, c := range map[string]struct {
		after   peer
		result  string
		certain bool
	}{
		"only after it":           {after("S: 250 AUTH XOAUTH2"), "after-tls", true},
		"never":                   {after("S: 250 SIZE 1000"), "never", false},
		"nothing is said in time": {then(append(before[:4:4], "C: STARTTLS"), silent), "", false},
	} {
		t.Run(name, func(t *testing.T) {
			was, is, results := tried(t, mailtest.SMTP, mailbox.Server{Host: "127.0.0.1", Port: 25, Security: mailbox.SecurityNone},
				map[string][]peer{"127.0.0.1:25": {script(append(before[:4:4], "C: QUIT")...), c.after}}, mailtest.Experiments{}, func(cfg *mailtest.Config) { cfg.Provider = diagnosis.Microsoft })
			if got := results[diagnosis.SMTPOffers].Result; got != c.result {
				t.Errorf("result %q (%s %v)", got, was.Certainty, was.Causes)
			}
			if (is.Certainty == diagnosis.Certain) != c.certain || c.certain && is.Cause != diagnosis.CauseSTARTTLSMissing {
				t.Errorf("before %s %v, after %s %v", was.Certainty, was.Causes, is.Certainty, is.Causes)
			}
		})
	}
}

// The experiments end with the test.
func TestExperimentsEnd(t *testing.T) {
	for name, stop := range map[string]bool{"cancelled": false, "left by the caller": true} {
		t.Run(name, func(t *testing.T) {
			bubble(t, alone(mailtest.IMAP, silent), func(t *testing.T, s *stage) {
				cfg := mailtest.Config{Mailbox: stageDefinition(s.peers), Credential: with(testToken, testUser), Dial: s.dial, Timeout: time.Second, Experiments: &mailtest.Experiments{}}
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				for e := range mailtest.Run(ctx, cfg) {
					if e.Experiment != nil {
						cancel()
						if stop {
							return
						}
					}
				}
			})
		})
	}
}

// A host that does not connect: whether it lives at all.
func TestOtherProtocol(t *testing.T) {
	const (
		open  = "possible port-blocked wrong-host-name wrong-port-or-encryption"
		dead  = "likely wrong-host-name port-blocked wrong-port-or-encryption"
		alive = "likely port-blocked wrong-port-or-encryption"
	)
	for name, c := range map[string]struct {
		servers map[string][]peer
		result  string
		after   string
	}{
		"a dead host":   {nil, "fails", dead},
		"a living one":  {map[string][]peer{"127.0.0.1:995": {silent}}, "works", alive},
		"a web server":  {map[string][]peer{"127.0.0.1:443": {silent}}, "works", alive},
		"the same port": {map[string][]peer{"127.0.0.2:993": {silent}}, "fails", dead},
	} {
		t.Run(name, func(t *testing.T) {
			before, after, results := tried(t, mailtest.IMAP, mailbox.Server{Host: "mail.test", Port: 993, Security: mailbox.SecurityTLS}, c.servers, mailtest.Experiments{})
			wantVerdicts(t, before, after, open, c.after)
			if got := results[diagnosis.OtherProtocol].Result; got != c.result {
				t.Errorf("result %q", got)
			}
		})
	}
}

// What breaks a connection may sit on the way of one family of addresses.
func TestOtherFamily(t *testing.T) {
	root := certificate.Root("Test Root")
	config := root.For("mail.test").Config()
	works := []peer{silent, overTLS(config, script("S: * OK ready", "C: A1 CAPABILITY", "S: A1 OK"))}
	for name, c := range map[string]struct {
		second        []peer
		result, after string
	}{"works": {works, "works", "likely server-timeout"}, "fails": {[]peer{says("")}, "fails", "likely server-timeout port-blocked"}} {
		t.Run(name, func(t *testing.T) {
			before, after, results := tried(t, mailtest.IMAP, mailbox.Server{Host: "mail.test", Port: 993, Security: mailbox.SecurityTLS},
				map[string][]peer{"127.0.0.1:993": {says("")}, "[::1]:993": c.second}, mailtest.Experiments{}, func(cfg *mailtest.Config) {
					cfg.Resolve = func(context.Context, string) ([]netip.Addr, error) {
						return []netip.Addr{netip.MustParseAddr("127.0.0.1"), netip.IPv6Loopback()}, nil
					}
				})
			wantVerdicts(t, before, after, "likely server-timeout port-blocked", c.after)
			if got := results[diagnosis.OtherFamily].Result; got != c.result {
				t.Errorf("result %q", got)
			}
		})
	}
}
