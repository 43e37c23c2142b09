//go:build bench

package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"mailgrant/app/authorization"
	"mailgrant/app/practice"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/oauth"
)

const logSize = 5 << 20

// lab is a practice tenant with a mailbox that is signed in.
type lab struct {
	ctx          context.Context
	program, dir string
	tenant       *practice.Tenant
	manager      *authorization.Manager
	d            mailbox.Definition
}

func newLab(ctx context.Context, program string) (*lab, error) {
	dir, err := os.MkdirTemp("", "mailgrant-bench-")
	if err != nil {
		return nil, err
	}
	l := &lab{ctx: ctx, program: program, dir: dir}
	home := filepath.Join(dir, "home")
	err = errors.Join(os.Setenv("MAILGRANT_HOME", home), os.Setenv("MAILGRANT_KEY_FILE", filepath.Join(dir, "key")))
	if err == nil {
		l.tenant, err = practice.Start(ctx, practice.Options{})
	}
	if err != nil {
		l.close()
		return nil, err
	}
	l.d = l.tenant.Definition()
	l.manager = authorization.New(home, i18n.For(i18n.English), slog.New(slog.DiscardHandler))
	if err = l.manager.Book.Put(l.d); err == nil {
		_, err = l.manager.Request(ctx, l.d, authorization.Options{Opener: practice.Browser(practice.Helpdesk.UPN)})
	}
	if err != nil {
		l.close()
	}
	return l, err
}

func (l *lab) close() {
	if l.tenant != nil {
		_ = l.tenant.Close()
	}
	_ = os.RemoveAll(l.dir)
}

// unhurried signs in like a person, who takes a moment.
type unhurried struct{}

func (unhurried) Open(ctx context.Context, way, start string) (string, error) {
	time.Sleep(time.Second)
	return practice.Browser(practice.Helpdesk.UPN).Open(ctx, way, start)
}

func (l *lab) start() error {
	return compare("Start", 41,
		&row{name: "true", args: []string{"true"}},
		&row{name: "curl --version", args: []string{"curl", "--version"}},
		&row{name: "mailgrant-cli version", args: []string{l.program, "version"}},
		&row{name: "mailgrant-cli status", args: []string{l.program, "status", l.d.Name}},
	)
}

func (l *lab) explain() error {
	const line = "AADSTS700082: The refresh token has expired due to inactivity. The token was issued on 2026-01-01T00:00:00Z and was inactive for 90.00:00:00."
	var log strings.Builder
	for n := 0; log.Len() < logSize; n++ {
		fmt.Fprintf(&log, "2026-11-23T12:00:%02d.%03dZ INFO mail fetcher: polling mailbox %d, 0 messages, next in 60 s\n", n/1000%60, n%1000, n%50)
	}
	log.WriteString(line + "\n")
	return compare("Explain", 7,
		&row{name: "mailgrant-cli version", args: []string{l.program, "version"}},
		&row{name: "mailgrant-cli explain, one line", args: []string{l.program, "explain", line}},
		&row{name: "mailgrant-cli explain, a log of 5 MB", stdin: log.String(), args: []string{l.program, "explain", "-"}},
	)
}

// signIn measures the two waits of a person who signs in: from the button to
// the address, and from the answer to the result, the sign-in service being a
// round trip away.
func (l *lab) signIn() error {
	const roundTrip, rounds = 50 * time.Millisecond, 9
	base, err := url.Parse(l.d.OAuth.Authority)
	if err != nil {
		return err
	}
	to, err := strconv.Atoi(base.Port())
	if err != nil {
		return err
	}
	ctx, end := context.WithCancel(l.ctx)
	defer end()
	port, err := slowLine(ctx, to, roundTrip)
	if err != nil {
		return err
	}
	d := l.d.Clone()
	d.OAuth.Authority = fmt.Sprintf("http://127.0.0.1:%d", port)
	var toAddress, toResult []time.Duration
	for range rounds {
		begin := time.Now()
		var address, answer time.Time
		_, err := l.manager.Request(l.ctx, d, authorization.Options{Opener: unhurried{}, OnEvent: func(e oauth.Event) {
			switch e.(type) {
			case oauth.SignInStarted:
				address = time.Now()
			case oauth.AnswerTaken:
				answer = time.Now()
			}
		}})
		if err != nil {
			return err
		}
		toAddress, toResult = append(toAddress, address.Sub(begin)), append(toResult, time.Since(answer))
	}
	fmt.Printf("\nSign-in, %d ms round trip (median of %d)\n", roundTrip.Milliseconds(), rounds)
	address, result := middle(toAddress), middle(toResult)
	fmt.Printf("  %-38s %9.1f ms  %6.1f round trips\n", "button to address (without TLS)", ms(address), float64(address)/float64(roundTrip))
	fmt.Printf("  %-38s %9.1f ms  %6.1f round trips\n", "answer to result", ms(result), float64(result)/float64(roundTrip))
	return nil
}
