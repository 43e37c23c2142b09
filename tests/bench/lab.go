//go:build bench

package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"mailgrant/internal/authorization"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/practice"
)

const (
	mailboxes = 200
	delay     = 50 * time.Millisecond // added to each answer of a mail server
	logSize   = 5 << 20
)

// lab is a practice tenant with a mailbox that is signed in.
type lab struct {
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
	l := &lab{program: program, dir: dir}
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
		_, err = l.manager.Request(ctx, l.d, authorization.Options{Opener: scripted{}})
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

// scripted signs in without a browser.
type scripted struct{}

func (scripted) Open(ctx context.Context, _, start string) (string, error) {
	go func() { _, _ = practice.Visit(ctx, start, practice.Helpdesk.UPN, nil) }()
	return "bench", nil
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

// mailboxes tests many mailboxes behind a slow line, and one for comparison.
func (l *lab) mailboxes() error {
	slow := l.d.Clone()
	for _, s := range slow.Servers() {
		port, stop, err := slowLine(s.Port)
		if err != nil {
			return err
		}
		defer stop()
		s.Port = port
	}
	file := filepath.Join(l.dir, "one.json")
	if err := os.WriteFile(file, slow.Format(), 0o600); err != nil {
		return err
	}
	if err := l.manager.Book.Remove(l.d.Name); err != nil {
		return err
	}
	for n := range mailboxes {
		slow.Name = fmt.Sprintf("Mailbox %03d", n)
		if err := l.manager.Book.Put(slow); err != nil {
			return err
		}
	}
	one, err := measure("", l.program, "test", "--file", file, "--json")
	if err != nil {
		return err
	}
	all, err := measure("", l.program, "test", "--all", "--json")
	if err != nil {
		return err
	}
	fmt.Printf("\nMailbox test, %d ms added to each answer\n", delay.Milliseconds())
	fmt.Printf("  %-38s %9.1f ms  %6.1f MB\n", "one mailbox", ms(one.time), mb(one.peak))
	fmt.Printf("  %-38s %9.1f ms  %6.1f MB   × %.1f time  × %.1f memory\n", fmt.Sprintf("test --all, %d mailboxes", mailboxes), ms(all.time), mb(all.peak),
		float64(all.time)/float64(one.time), float64(all.peak)/float64(one.peak))
	fmt.Printf("  %-38s %9.1f ms  %6.3f MB\n", "for each mailbox", ms(all.time)/mailboxes, mb(all.peak)/mailboxes)
	return nil
}
