package mailtest_test

import (
	"bufio"
	"context"
	"net"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"mailgrant/app/practice"
	"mailgrant/internal/mailbox"
	"mailgrant/mailtest"
	"mailgrant/tests/freeport"
)

// Over real sockets too nothing is left: neither after good runs nor after
// those that were broken off in the middle.
func TestNothingIsLeft(t *testing.T) {
	tenant := startTenant(t)
	good := token(t, tenant, practice.Helpdesk.UPN)
	cfg := mailtest.Config{Mailbox: tenant.Definition(), Credential: with(good, practice.Helpdesk.UPN)}
	test(t, cfg) // what is started once is started now
	before := mine()
	for stop := range 24 {
		seen := 0
		for range mailtest.Run(t.Context(), cfg) {
			if seen++; seen > stop {
				break
			}
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	for range mailtest.Run(ctx, cfg) {
		cancel()
	}
	// The practice tenant's own goroutines notice a little later; ours are
	// gone when the iteration ends, but for those the runtime still unwinds.
	var left int
	for range 3000 {
		if left = mine(); left <= before {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Errorf("%d goroutines before, %d after", before, left)
}

// mine counts the goroutines that run our code or a library for us.
func mine() int {
	buf := make([]byte, 1<<20)
	n := 0
	for _, g := range strings.Split(string(buf[:runtime.Stack(buf, true)]), "\n\n") {
		if strings.Contains(g, "mailgrant/mailtest.") || strings.Contains(g, "imapclient.") {
			n++
		}
	}
	return n
}

// Two runs at once share nothing.
func TestRunsAtOnce(t *testing.T) {
	tenant := startTenant(t)
	good := token(t, tenant, practice.Helpdesk.UPN)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			r := mailtest.NewReport(tenant.Definition(), time.Now())
			for e := range mailtest.Run(t.Context(), mailtest.Config{Mailbox: tenant.Definition(), Credential: with(good, practice.Helpdesk.UPN)}) {
				r.Add(e)
			}
			if !r.OK() {
				t.Error("one of them failed")
			}
		})
	}
	wg.Wait()
}

// One sequence can be run again: each time is a test of its own.
func TestRunAgain(t *testing.T) {
	at := freeport.Serve(t, func(c net.Conn) { says("-ERR busy\r\n")(&played{Conn: c, r: bufio.NewReader(c)}) })
	d := mailbox.Definition{User: testUser, Authentication: mailbox.AuthOAuth2, Servers: mailbox.NewServers(mailbox.Given{mailbox.POP3: &mailbox.Server{
		Host: "127.0.0.1", Port: at.Port, Security: mailbox.SecurityNone,
	}})}
	events := mailtest.Run(t.Context(), mailtest.Config{Mailbox: d, Timeout: 5 * time.Second})
	for range 2 {
		r := mailtest.NewReport(d, time.Now())
		for e := range events {
			r.Add(e)
		}
		failedAt(t, r, mailtest.POP3, mailtest.StepGreeting)
	}
}

// The order of the stream: a step's end never comes before its beginning, and
// a protocol's steps keep their order.
func TestOrderOfEvents(t *testing.T) {
	last := map[mailtest.Protocol]mailtest.Event{}
	order := map[mailtest.Step]int{
		mailtest.StepResolve: 0, mailtest.StepConnect: 1, mailtest.StepTLS: 2, mailtest.StepGreeting: 3,
		mailtest.StepAuthenticate: 4, mailtest.StepMailbox: 5, mailtest.StepQuit: 6,
	}
	peers := whole(testUser, testUser, testUser)
	bubble(t, peers, func(t *testing.T, s *stage) {
		cfg := mailtest.Config{Mailbox: stageDefinition(peers), Credential: with(testToken, testUser), Dial: s.dial}
		for e := range mailtest.Run(t.Context(), cfg) {
			before, begun := last[e.Protocol]
			switch {
			case e.Start.IsZero():
				t.Errorf("%s %s has no start", e.Protocol, e.Step)
			case begun && order[e.Step] < order[before.Step]:
				t.Errorf("%s: %s after %s", e.Protocol, e.Step, before.Step)
			case begun && e.Step == before.Step && before.State != mailtest.Running:
				t.Errorf("%s: %s is %s and then %s", e.Protocol, e.Step, before.State, e.State)
			case begun && e.Step != before.Step && before.State == mailtest.Running:
				t.Errorf("%s: %s never ended", e.Protocol, before.Step)
			case e.State == mailtest.Running && e.Facts != nil:
				t.Errorf("%s: %s has facts before it has ended", e.Protocol, e.Step)
			}
			last[e.Protocol] = e
		}
	})
	for _, p := range mailbox.Protocols() {
		if e := last[p]; e.Step != mailtest.StepQuit || e.State != mailtest.Passed {
			t.Errorf("%s ends with %s %s", p, e.Step, e.State)
		}
	}
}
