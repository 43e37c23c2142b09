package mailtest_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"mailgrant/internal/mailbox"
	"mailgrant/internal/redact"
	"mailgrant/mailtest"
)

// These are the scripted servers. They run in a bubble of testing/synctest:
// time stands still until everybody waits, so that a limit of 30 seconds costs
// nothing, and a goroutine that is left behind fails the test.

const (
	testUser     = "helpdesk@contoso.com"
	testToken    = "t0ken-of-the-test-t0ken"
	testPassword = "pa55 word\"x"
)

// peer plays a server on one connection.
type peer func(*played)

// played is one end of a connection and what came in there.
type played struct {
	net.Conn
	r     *bufio.Reader
	mu    sync.Mutex
	lines []string
	wrong string // the first line that did not match the script
}

func (p *played) line() (string, error) {
	line, err := p.r.ReadString('\n')
	line = strings.TrimRight(line, "\r\n")
	if err == nil {
		p.mu.Lock()
		p.lines = append(p.lines, line)
		p.mu.Unlock()
	}
	return line, err
}

func (p *played) say(text string) { _, _ = io.WriteString(p.Conn, text) }

// hangUp, as the last line of a script, makes the server leave first.
const hangUp = "-- hang up"

// script plays lines: "S: …" is said, "C: …" must come and begin so, "C~ …"
// must come and contain so. Afterwards the peer waits for the client to leave.
func script(lines ...string) peer {
	return func(p *played) {
		if p.follow(lines) {
			_, _ = io.Copy(io.Discard, p.r)
		}
	}
}

// then plays a script and goes on with something else.
func then(lines []string, next peer) peer {
	return func(p *played) {
		if p.follow(lines) {
			next(p)
		}
	}
}

// follow plays lines and reports whether the connection goes on.
func (p *played) follow(lines []string) bool {
	for _, l := range lines {
		if l == hangUp {
			return false
		}
		want := l[3:]
		if l[:3] == "S: " {
			p.say(want + "\r\n")
			continue
		}
		got, err := p.line()
		if err != nil {
			p.wrong = "the client left instead of " + want
			return false
		}
		if l[:3] == "C: " && !strings.HasPrefix(got, want) || l[:3] == "C~ " && !strings.Contains(got, want) {
			p.wrong = fmt.Sprintf("got %q, want %q", got, want)
			return false
		}
	}
	return true
}

// says sends something and then hangs up.
func says(text string) peer { return func(p *played) { p.say(text) } }

// stage is a set of servers and what happened at them.
type stage struct {
	mu    sync.Mutex
	peers map[mailtest.Protocol][]peer // one per connection, the last one for all further
	seen  map[mailtest.Protocol][]*played
	wg    sync.WaitGroup
}

var stagePorts = map[mailtest.Protocol]int{mailtest.IMAP: 143, mailtest.POP3: 110, mailtest.SMTP: 25}

// dial is the test's network: the port tells the server.
func (s *stage) dial(_ context.Context, to netip.AddrPort) (net.Conn, error) {
	for protocol, port := range stagePorts {
		if port != int(to.Port()) {
			continue
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		n := min(len(s.seen[protocol]), len(s.peers[protocol])-1)
		ours, theirs := net.Pipe()
		p := &played{Conn: theirs, r: bufio.NewReader(theirs)}
		s.seen[protocol] = append(s.seen[protocol], p)
		play := s.peers[protocol][n]
		s.wg.Go(func() {
			defer theirs.Close()
			play(p)
		})
		return ours, nil
	}
	return nil, fmt.Errorf("no server at %s", to)
}

// lines are those a protocol's n-th connection received.
func (s *stage) lines(t *testing.T, p mailtest.Protocol, n int) []string {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if n >= len(s.seen[p]) {
		t.Fatalf("%s: there was no connection %d", p, n)
	}
	return s.seen[p][n].lines
}

// last is the last line a protocol received.
func (s *stage) last(t *testing.T, p mailtest.Protocol) string {
	t.Helper()
	lines := s.lines(t, p, len(s.seen[p])-1)
	if len(lines) == 0 {
		return ""
	}
	return lines[len(lines)-1]
}

// play runs the checks against scripted servers and returns the report.
func play(t *testing.T, peers map[mailtest.Protocol][]peer, change ...func(*mailtest.Config)) (*mailtest.Report, *stage) {
	t.Helper()
	var report *mailtest.Report
	s := bubble(t, peers, func(t *testing.T, s *stage) {
		cfg := mailtest.Config{Mailbox: stageDefinition(peers), Credential: with(testToken, testUser), Dial: s.dial}
		for _, c := range change {
			c(&cfg)
		}
		report = mailtest.NewReport(cfg.Mailbox, time.Now())
		for e := range mailtest.Run(t.Context(), cfg) {
			report.Add(e)
		}
	})
	for protocol, all := range s.seen {
		for n, p := range all {
			if p.wrong != "" {
				t.Errorf("%s, connection %d: %s", protocol, n, p.wrong)
			}
		}
	}
	return report, s
}

// bubble runs f with the scripted servers and waits for them to end.
func bubble(t *testing.T, peers map[mailtest.Protocol][]peer, f func(*testing.T, *stage)) *stage {
	t.Helper()
	s := &stage{peers: peers, seen: map[mailtest.Protocol][]*played{}}
	synctest.Test(t, func(t *testing.T) {
		f(t, s)
		s.wg.Wait()
	})
	return s
}

// stageDefinition has an unencrypted server on loopback for every peer.
func stageDefinition(peers map[mailtest.Protocol][]peer) mailbox.Definition {
	d := mailbox.Definition{Name: "Stage", Sender: testUser, User: testUser, Authentication: mailbox.AuthOAuth2}
	for p, all := range peers {
		if all != nil {
			d.SetServer(p, &mailbox.Server{Host: "127.0.0.1", Port: stagePorts[p], Security: mailbox.SecurityNone})
		}
	}
	return d
}

// alone is a stage with one server.
func alone(p mailtest.Protocol, peers ...peer) map[mailtest.Protocol][]peer {
	return map[mailtest.Protocol][]peer{p: peers}
}

// byPassword makes the test sign in with a password.
func byPassword(c *mailtest.Config) {
	c.Mailbox.Authentication = mailbox.AuthPassword
	c.Credential = func(context.Context, string) (mailtest.Credential, error) {
		return mailtest.Credential{Password: redact.NewSecret(testPassword)}, nil
	}
}

// failedAt demands that a protocol fails at a step, that everything later is
// skipped, and returns the failed step.
func failedAt(t *testing.T, r *mailtest.Report, p mailtest.Protocol, want mailtest.Step) mailtest.Event {
	t.Helper()
	var failed *mailtest.Event
	for _, e := range r.Result(p).Steps {
		switch {
		case failed == nil && e.State == mailtest.Failed:
			failed = &e
		case failed != nil && e.State != mailtest.Skipped && e.Step != mailtest.StepQuit:
			t.Errorf("%s: %s is %s after a failure", p, e.Step, e.State)
		}
	}
	if failed == nil || failed.Step != want {
		t.Fatalf("%s: %s; want %s to fail", p, states(r, p), want)
	}
	if failed.Diagnosis == nil {
		t.Fatalf("%s: %s failed without a diagnosis", p, want)
	}
	if r.OK() || r.NoAuthorization() {
		t.Errorf("the report is good in spite of a failure")
	}
	return *failed
}
