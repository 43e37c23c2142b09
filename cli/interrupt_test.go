package cli

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"mailgrant/app/practice"
	"mailgrant/internal/mailbox"
	"mailgrant/mailtest"
)

// TestInterrupted cancels each long command in the middle: it ends with its
// status and leaves no goroutine and no port.
func TestInterrupted(t *testing.T) {
	p, file := tenant(t, nil)
	request(t, file, practice.Helpdesk.UPN).want(t, exitGood)
	silent, _ := silentServer(t)
	dead := writeDefinition(t, t.TempDir(), p.Definition(), func(d *mailbox.Definition) {
		for _, s := range d.Servers {
			s.Host, s.Port = "localhost", silent
		}
	})
	cases := []struct {
		name   string
		status int
		run    func(ctx context.Context, cancel func()) outcome
	}{
		{"request, waiting for the browser", exitCancelled, func(ctx context.Context, cancel func()) outcome {
			var start string
			o := requestBy(t, ctx, func(e map[string]any) { start, _ = e["url"].(string); cancel() }, file)
			portFree(t, start)
			return o
		}},
		{"request, the page is open", exitCancelled, func(ctx context.Context, cancel func()) outcome {
			return requestBy(t, ctx, func(e map[string]any) { signIn(t, e, ""); cancel() }, file)
		}},
		{"test, servers stay silent", exitCancelled, func(ctx context.Context, cancel func()) outcome {
			time.AfterFunc(300*time.Millisecond, cancel)
			return runWith(t, ctx, "", "test", "--file", dead, "--json")
		}},
		{"practice", exitGood, func(ctx context.Context, cancel func()) outcome {
			written := filepath.Join(t.TempDir(), "practice.json")
			go func() {
				for ctx.Err() == nil {
					if _, err := os.Stat(written); err == nil {
						cancel()
					}
					time.Sleep(10 * time.Millisecond)
				}
			}()
			o := runWith(t, ctx, "", "practice", "--write", written)
			if _, err := os.Stat(written); !errors.Is(err, os.ErrNotExist) {
				t.Error("the practice definition was left behind")
			}
			return o
		}},
		{"secret, waiting for input", exitCancelled, func(ctx context.Context, cancel func()) outcome {
			r, w := io.Pipe()
			defer w.Close()
			time.AfterFunc(100*time.Millisecond, cancel)
			var out, errs bytes.Buffer
			status := Run(ctx, Environment{Args: []string{"secret", "set", "--file", file, "client-secret"}, Stdin: r, Stdout: &out, Stderr: &errs, Metadata: testMetadata})
			return outcome{status, out.String(), errs.String()}
		}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			before := runtime.NumGoroutine()
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			c.run(ctx, cancel).want(t, c.status)
			settle(t, before)
		})
	}
}

// cancelAt gives up when a text was written.
type cancelAt struct {
	bytes.Buffer
	text   string
	cancel func()
}

func (c *cancelAt) Write(data []byte) (int, error) {
	n, err := c.Buffer.Write(data)
	if strings.Contains(c.String(), c.text) {
		c.cancel()
	}
	return n, err
}

// Who gives up a round trip is told of the message that is under way.
func TestAnInterruptedRoundTripTellsOfItsMessage(t *testing.T) {
	p, file := tenant(t, nil)
	request(t, file, practice.Helpdesk.UPN).want(t, exitGood)
	if err := p.SetFaults([]string{practice.FaultMailLost}); err != nil {
		t.Fatal(err)
	}
	for text, told := range map[string]bool{"The mailbox is open": false, "Sent from": true} {
		ctx, cancel := context.WithCancel(t.Context())
		out, errs := &cancelAt{text: text, cancel: cancel}, &bytes.Buffer{}
		status := Run(ctx, Environment{Args: []string{"test", "--file", file, "--round-trip", "--yes"}, Stdin: strings.NewReader(""), Stdout: out, Stderr: errs, Metadata: testMetadata})
		if status != exitCancelled || strings.Contains(errs.String(), "was not removed") != told {
			t.Errorf("%s: status %d, %s%s", text, status, out, errs)
		}
		cancel()
	}
}

// settle waits until no more goroutines run than before.
func settle(t *testing.T, before int) {
	t.Helper()
	for range 3000 {
		if runtime.NumGoroutine() <= before {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	var stacks strings.Builder
	_ = pprof.Lookup("goroutine").WriteTo(&stacks, 1)
	t.Errorf("%d goroutines, %d before:\n%s", runtime.NumGoroutine(), before, stacks.String())
}

// portFree demands that nothing listens any more where address points.
func portFree(t *testing.T, address string) {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil || u.Port() == "" {
		t.Errorf("no port in %q", address)
		return
	}
	if c, err := net.Dial("tcp", "127.0.0.1:"+u.Port()); err == nil {
		_ = c.Close()
		t.Errorf("port %s is still open", u.Port())
	}
}

// silentServer accepts connections, counts them and says nothing.
func silentServer(t *testing.T) (port int, accepted *atomic.Int64) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	accepted = &atomic.Int64{}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			accepted.Add(1)
			t.Cleanup(func() { _ = c.Close() })
		}
	}()
	return l.Addr().(*net.TCPAddr).Port, accepted
}

// A removal that was begun has removed nothing yet.
func TestAMessageLiesThereUntilItWasRemoved(t *testing.T) {
	left := false
	for _, c := range []struct {
		step  mailtest.Step
		state mailtest.State
		want  bool
	}{
		{mailtest.StepPrepare, mailtest.Passed, false},
		{mailtest.StepSend, mailtest.Skipped, false},
		{mailtest.StepSend, mailtest.Running, true},
		{mailtest.StepSend, mailtest.Passed, true},
		{mailtest.StepCleanUp, mailtest.Skipped, true},
		{mailtest.StepCleanUp, mailtest.Running, true},
		{mailtest.StepCleanUp, mailtest.Failed, true},
		{mailtest.StepCleanUp, mailtest.Passed, false},
	} {
		if left = leaves(left, mailtest.Event{Step: c.step, State: c.state}); left != c.want {
			t.Errorf("%s %s: %t", c.step, c.state, left)
		}
	}
}
