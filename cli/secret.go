package cli

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"golang.org/x/term"

	"mailgrant/app/authorization"
	"mailgrant/app/products"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/redact"
	"mailgrant/oauth"
)

func (p *program) secretChangeCommand(name string) *command {
	var s selection
	var ends string
	c := p.command(name+" [MAILBOX] password|client-secret|proxy-password", 1, 2, func(ctx context.Context, args []string) error {
		return p.changeSecret(ctx, name, ends, s, args)
	})
	if name == "set" {
		c.flags.StringVar(&ends, "ends", "", p.texts.Text("cli.flag.secret-ends"))
	}
	s.flags(p, c, "file")
	return c
}

// secretEndsCommand notes when a client secret ends: Microsoft tells it in the
// portal alone.
func (p *program) secretEndsCommand() *command {
	var s selection
	c := p.command("ends [MAILBOX] YYYY-MM-DD|unknown", 1, 2, func(_ context.Context, args []string) error {
		at, err := endDate(args[len(args)-1])
		if err != nil {
			return err
		}
		d, err := p.oauthMailbox(s, args[:len(args)-1])
		if err == nil {
			err = p.setEnds(d, at)
		}
		if err != nil {
			return err
		}
		p.note("cli.secret.stored", i18n.Args{"mailbox": d.Name})
		return nil
	})
	s.flags(p, c, "file")
	return c
}

func (p *program) changeSecret(ctx context.Context, what, ends string, s selection, args []string) error {
	kind := authorization.SecretKind(args[len(args)-1])
	if !slices.Contains(authorization.SecretKinds, kind) {
		return usage("cli.error.secret-kind", i18n.Args{"kind": string(kind)})
	}
	var at time.Time
	if ends != "" {
		var err error
		if at, err = endDate(ends); err != nil {
			return err
		}
		if kind != authorization.ClientSecret {
			return usage("cli.error.ends-kind")
		}
	}
	d, err := p.mailbox(s, args[:len(args)-1])
	if err != nil {
		return err
	}
	if what == "remove" {
		return p.removeSecret(d, kind)
	}
	value, err := p.readSecret(ctx, p.texts.Text("cli.secret.prompt."+string(kind), i18n.Args{"mailbox": d.Name}), true)
	if err != nil {
		return err
	}
	if err := p.m().SetSecret(d, kind, value); err != nil {
		return err
	}
	p.note("cli.secret.stored", i18n.Args{"mailbox": d.Name})
	if kind == authorization.Password {
		p.notePassword(d)
	}
	c := p.noteFormer(d)
	if authorization.IsSecretID(d, kind, value) {
		p.note("authorization.secret-id")
	}
	switch {
	case !at.IsZero():
		return p.setEnds(d, at)
	case kind == authorization.ClientSecret && !oauth.IsCertificate(value) && (c.Next != nil || c.Ends.IsZero()):
		p.note("cli.secret.ends-unknown", i18n.Args{"mailbox": d.Name})
	}
	return nil
}

func (p *program) removeSecret(d mailbox.Definition, kind authorization.SecretKind) error {
	note, removed := "cli.secret.removed", p.texts.Text("cli.secret.kind."+string(kind))
	if c, _ := p.m().Credentials(d); kind == authorization.ClientSecret && c.Certificate {
		c.Next = nil
		removed = c.Text(p.texts)
	}
	if !p.m().HasSecret(d, kind) {
		note = "cli.secret.none"
	}
	if err := p.m().RemoveSecret(d, kind); err != nil {
		return err
	}
	p.note(note, i18n.Args{"mailbox": d.Name, "what": removed})
	return nil
}

// notePassword tells where a password is of no use, or soon will not be.
func (p *program) notePassword(d mailbox.Definition) {
	if warning := products.PasswordEnds(d, p.texts); warning != "" {
		p.tell(warning)
	}
	if needOAuth(d) == nil {
		p.note("cli.secret.unused")
	}
}

// noteFormer tells of the credential that the new one is to take the place of.
func (p *program) noteFormer(d mailbox.Definition) authorization.Credentials {
	c, _ := p.m().Credentials(d)
	if c.Next != nil {
		fmt.Fprintln(p.Stderr, c.Text(p.texts))
	}
	return c
}

// endDate reads a day as it begins here; "unknown" is the zero time.
func endDate(value string) (time.Time, error) {
	if value == "unknown" {
		return time.Time{}, nil
	}
	at, err := time.ParseInLocation(time.DateOnly, value, time.Local)
	if err != nil {
		return time.Time{}, usage("cli.error.date", i18n.Args{"value": value})
	}
	return at, nil
}

func (p *program) setEnds(d mailbox.Definition, at time.Time) error {
	err := p.m().SetSecretEnds(d, at)
	if wrong, is := errors.AsType[*authorization.SecretError](err); is {
		return usage("cli.error.secret-ends", i18n.Args{"mailbox": d.Name, "reason": wrong.Text(p.texts)})
	}
	return err
}

// maxCertificate is far more than a certificate with its chain and key.
const maxCertificate = 256 << 10

// readSecret asks without echo on a terminal and reads one line elsewhere. With
// more, what came with the line is kept, to be refused. A secret is never an
// argument: arguments can be read by every process.
func (p *program) readSecret(ctx context.Context, prompt string, more bool) (redact.Secret, error) {
	read := func() (string, error) {
		in := bufio.NewReader(io.LimitReader(p.Stdin, maxCertificate+1))
		line, err := in.ReadString('\n')
		line = strings.TrimPrefix(line, "\ufeff")                 // PowerShell's, before what it pipes
		if err == nil && strings.HasPrefix(line, "-----BEGIN ") { // a certificate with its key
			var rest []byte
			rest, err = io.ReadAll(in)
			line += string(rest)
		} else if rest, _ := in.Peek(in.Buffered()); err == nil && more {
			line += string(rest)
		}
		if len(line) > maxCertificate {
			return "", usage("cli.error.secret-large", i18n.Args{"limit": fmt.Sprint(maxCertificate >> 10)})
		}
		if errors.Is(err, io.EOF) {
			err = nil
		}
		return strings.TrimRight(line, "\r\n"), err
	}
	restore := func() {}
	if f := p.terminal(); f != nil {
		fd := int(f.Fd())
		if state, err := term.GetState(fd); err == nil {
			restore = func() { _ = term.Restore(fd, state) }
		}
		fmt.Fprint(p.Stderr, prompt+" ")
		defer fmt.Fprintln(p.Stderr)
		read = func() (string, error) {
			data, err := term.ReadPassword(fd)
			return string(data), err
		}
	}
	var text string
	err := interruptible(ctx, func() (err error) { text, err = read(); return err })
	switch {
	case ctx.Err() != nil:
		restore() // the reader that was left behind has switched the echo off
		return redact.Secret{}, ctx.Err()
	case err != nil:
		return redact.Secret{}, err
	case text == "":
		return redact.Secret{}, usage("cli.error.secret-empty")
	}
	return redact.NewSecret(text), nil
}

// terminal is standard input where somebody sits there, else nil.
func (p *program) terminal() *os.File {
	if f, ok := p.Stdin.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		return f
	}
	return nil
}

// interruptible waits for do or for the end of ctx. What is done, such as reading
// standard input, cannot be stopped; the process ends soon after. Without an error
// what do has set may be read.
func interruptible(ctx context.Context, do func() error) error {
	done := make(chan error, 1)
	go func() { done <- do() }()
	select {
	case err := <-done:
		return cmp.Or(err, ctx.Err())
	case <-ctx.Done():
		return ctx.Err()
	}
}
