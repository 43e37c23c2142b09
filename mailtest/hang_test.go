package mailtest_test

import (
	"context"
	"log/slog"
	"net"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"mailgrant/internal/diagnosis"
	"mailgrant/mailtest"
)

// hanging are lines after which go-imap v2.0.0-beta.8 never comes back, were
// they to reach it (docs/upstream.md).
var hanging = []string{"* CAPABILITY (", "* OK [CAPABILITY (x] hi"}

// TestLinesThatHangTheLibrary sends each such line in each step, in front of
// what the server should say. The test ends; where the line can be overlooked
// it is.
func TestLinesThatHangTheLibrary(t *testing.T) {
	whole := []string{
		"S: * OK ready", "C: A1 CAPABILITY", imapCaps, "S: A1 OK done", "C: T1 AUTHENTICATE", "S: T1 OK done",
		"C: T2 EXAMINE INBOX", "S: * 17 EXISTS", "S: T2 OK done", "C: T3 LOGOUT", "S: * BYE", "S: T3 OK done",
	}
	for at := range whole {
		if whole[at][0] != 'S' {
			continue
		}
		for _, line := range hanging {
			t.Run(whole[at]+" after "+line, func(t *testing.T) {
				var r *mailtest.Report
				bubble(t, alone(mailtest.IMAP, script(slices.Insert(slices.Clone(whole), at, "S: "+line)...)), func(t *testing.T, s *stage) {
					cfg := mailtest.Config{Mailbox: stageDefinition(s.peers), Credential: with(testToken, testUser), Dial: s.dial}
					r = mailtest.NewReport(cfg.Mailbox, time.Now())
					for e := range mailtest.Run(t.Context(), cfg) {
						r.Add(e)
					}
				})
				for _, s := range r.Result(mailtest.IMAP).Steps {
					if s.State == mailtest.Running {
						t.Errorf("%s never ended", s.Step)
					}
				}
				if at > 1 && !r.OK() {
					t.Errorf("a line that nobody asked for counts: %s", states(r, mailtest.IMAP))
				}
			})
		}
	}
}

// TestLeftBehind: what does not come back when its time is over is left
// behind. It holds up nobody, and the report says what it was.
func TestLeftBehind(t *testing.T) {
	hour := func() { time.Sleep(time.Hour) } // of the bubble's clock
	for name, c := range map[string]struct {
		hang func(*mailtest.Config)
		step mailtest.Step
		want diagnosis.Cause
	}{
		"a library that does not heed its context": {func(cfg *mailtest.Config) {
			dial := cfg.Dial
			cfg.Dial = func(ctx context.Context, to netip.AddrPort) (net.Conn, error) {
				if int(to.Port()) == stagePorts[mailtest.IMAP] {
					hour()
				}
				return dial(ctx, to)
			}
		}, mailtest.StepConnect, diagnosis.CausePortBlocked},
		"a keyring that asks somebody": {func(cfg *mailtest.Config) {
			cfg.Credential = func(context.Context, string) (mailtest.Credential, error) {
				hour()
				return mailtest.Credential{}, context.Canceled
			}
		}, mailtest.StepAuthenticate, diagnosis.CauseServerTimeout},
	} {
		t.Run(name, func(t *testing.T) {
			var took time.Duration
			var r *mailtest.Report
			bubble(t, alone(mailtest.IMAP, imapStart(imapCaps)), func(t *testing.T, s *stage) {
				cfg := mailtest.Config{Mailbox: stageDefinition(s.peers), Credential: with(testToken, testUser), Dial: s.dial}
				c.hang(&cfg)
				began := time.Now()
				r = mailtest.NewReport(cfg.Mailbox, began)
				for e := range mailtest.Run(t.Context(), cfg) {
					r.Add(e)
				}
				took = time.Since(began)
				hour() // let go what was left behind
				hour()
			})
			if took > 2*mailtest.DefaultTimeout {
				t.Errorf("it ended after %s of the bubble's clock", took)
			}
			for _, s := range r.Result(mailtest.IMAP).Steps {
				if s.Step == c.step && s.State == mailtest.Skipped && s.Diagnosis != nil {
					return // there was nothing to sign in with
				}
			}
			if e := failedAt(t, r, mailtest.IMAP, c.step); e.Diagnosis.Cause != c.want {
				t.Errorf("cause %s, want %s", e.Diagnosis.Cause, c.want)
			}
		})
	}
}

// sleepyLog sleeps for an hour of the bubble's clock before it takes what a
// sign-in has come to.
type sleepyLog struct{ slog.Handler }

func (l sleepyLog) Handle(_ context.Context, r slog.Record) error {
	said := map[string]string{}
	r.Attrs(func(a slog.Attr) bool { said[a.Key] = a.Value.String(); return true })
	if said["step"] == string(mailtest.StepAuthenticate) && said["state"] == string(mailtest.Passed) {
		time.Sleep(time.Hour)
	}
	return nil
}

func (sleepyLog) Enabled(context.Context, slog.Level) bool { return true }

// What comes back from where it was left behind is not heard any more, though
// it was about to speak.
func TestLeftBehindWhileItSpeaks(t *testing.T) {
	bubble(t, alone(mailtest.IMAP, imapStart(imapCaps, "C~ AUTHENTICATE", "S: T1 OK done")), func(t *testing.T, s *stage) {
		cfg := mailtest.Config{Mailbox: stageDefinition(s.peers), Credential: with(testToken, testUser), Dial: s.dial, Log: slog.New(sleepyLog{slog.DiscardHandler})}
		began := time.Now()
		r := mailtest.NewReport(cfg.Mailbox, began)
		for e := range mailtest.Run(t.Context(), cfg) {
			r.Add(e)
		}
		if took := time.Since(began); took > 2*mailtest.DefaultTimeout {
			t.Errorf("it ended after %s of the bubble's clock", took)
		}
		failedAt(t, r, mailtest.IMAP, mailtest.StepAuthenticate)
		time.Sleep(2 * time.Hour)
	})
}

// A server that refuses in the same breath in which it asks: go-imap misses the
// end of a sign-in between a question and its own answer (docs/upstream.md).
func TestARefusalBeforeTheAnswer(t *testing.T) {
	for _, end := range []string{"T1 NO no", "* BYE no"} {
		for range 20 {
			text := "+ eA==\r\n" + end + "\r\n"
			r, _ := play(t, alone(mailtest.IMAP, then(pending[mailtest.IMAP], func(p *played) {
				p.say(text)
				_, _ = p.line() // the answer
			})))
			e := failedAt(t, r, mailtest.IMAP, mailtest.StepAuthenticate)
			if e.Duration >= mailtest.DefaultTimeout || !strings.Contains(e.Diagnosis.ServerText, "no") {
				t.Fatalf("%s: %s after %s: %q", end, e.Diagnosis.Cause, e.Duration, e.Diagnosis.ServerText)
			}
		}
	}
}
