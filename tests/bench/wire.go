//go:build bench

package main

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"mailgrant/app/authorization"
	"mailgrant/app/practice"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
)

// smtpRoundTrips is the least that the longest of the three conversations
// needs: SMTP with STARTTLS.
const smtpRoundTrips = 8

// inPython does with Python's own libraries what a test does, in a row.
//
//go:embed wire.py
var inPython string

// wire measures a whole test beside curl, which does less (no STAT, no MAIL
// FROM), and Python, without delay and at a distance.
func (l *lab) wire() error {
	for _, roundTrip := range []time.Duration{0, 50 * time.Millisecond} {
		ctx, end := context.WithCancel(l.ctx)
		far, err := distant(ctx, l.d, roundTrip)
		if err == nil {
			err = l.wireAt(far, roundTrip)
		}
		end()
		if err != nil {
			return err
		}
	}
	return nil
}

func (l *lab) wireAt(d mailbox.Definition, roundTrip time.Duration) error {
	token, err := l.manager.AccessToken(l.ctx, d, nil)
	if err != nil {
		return err
	}
	file, root := filepath.Join(l.dir, "wire.json"), filepath.Join(l.dir, "root.pem")
	// The token comes from a file: a command line can be read by others.
	netrc, secret := filepath.Join(l.dir, "curl.conf"), filepath.Join(l.dir, "token")
	for name, text := range map[string]string{
		file: string(d.Format()), root: d.TrustedCA, secret: token.Reveal(),
		netrc: fmt.Sprintf("silent\ncacert = %s\noauth2-bearer = %s\nuser = \"%s:\"\nlogin-options = AUTH=XOAUTH2\noutput = /dev/null\n", root, token.Reveal(), practice.Helpdesk.UPN),
	} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			return err
		}
	}
	curl := func(end string) string {
		return strings.Join([]string{
			fmt.Sprintf("curl -K %s imaps://localhost:%d/ -X 'EXAMINE INBOX'", netrc, d.Server(mailbox.IMAP).Port),
			fmt.Sprintf("curl -K %s pop3s://localhost:%d/ -X STAT -I", netrc, d.Server(mailbox.POP3).Port),
			fmt.Sprintf("curl -K %s --ssl-reqd smtp://localhost:%d -X NOOP", netrc, d.Server(mailbox.SMTP).Port),
		}, end) + end + " wait"
	}
	port := func(s *mailbox.Server) string { return strconv.Itoa(s.Port) }
	rows := []*row{
		{name: "mailgrant-cli test", args: []string{l.program, "test", "--file", file, "--json"}},
		{name: "three curls at once", args: []string{"sh", "-c", curl(" & ")}},
		{name: "three curls in a row", args: []string{"sh", "-c", curl("; ")}},
		{name: "Python in a row", args: []string{"python3", "-c", inPython, root, secret, practice.Helpdesk.UPN, port(d.Server(mailbox.IMAP)), port(d.Server(mailbox.POP3)), port(d.Server(mailbox.SMTP))}},
	}
	if err := compare(fmt.Sprintf("A whole test, %d ms round trip", roundTrip.Milliseconds()), 15, rows...); err != nil {
		return err
	}
	if roundTrip > 0 {
		fmt.Printf("  %-38s %9.1f ms            × %.2f of it\n", "the longest conversation's round trips", ms(smtpRoundTrips*roundTrip),
			float64(rows[0].median().time)/float64(smtpRoundTrips*roundTrip))
	}
	return nil
}

// servers measures a whole test as wire does, against Dovecot and Postfix,
// which the test program of tests/realservers runs meanwhile.
func servers(ctx context.Context, program, stand string) error {
	dir, err := os.MkdirTemp("", "mailgrant-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	c := exec.Command(stand, "-test.run", "^TestStand$")
	c.Env = append(os.Environ(), "MAILGRANT_TEST_STAND="+dir)
	end, err := c.StdinPipe()
	if err == nil {
		err = c.Start()
	}
	if err != nil {
		return err
	}
	defer func() {
		_ = end.Close()
		_ = c.Wait()
	}()
	names, err := standing(filepath.Join(dir, "stand"))
	if err != nil {
		return err
	}
	text, err := os.ReadFile(names[0])
	if err != nil {
		return err
	}
	l := &lab{ctx: ctx, program: program, dir: dir}
	if l.d, err = mailbox.Parse(text); err != nil {
		return err
	}
	if err := errors.Join(os.Setenv("MAILGRANT_HOME", names[1]), os.Setenv("MAILGRANT_KEY_FILE", names[2])); err != nil {
		return err
	}
	l.manager = authorization.New(names[1], i18n.For(i18n.English), slog.New(slog.DiscardHandler))
	fmt.Println("\nDovecot and Postfix")
	return l.wire()
}

// standing waits for the servers: their definition, the home folder and the
// key file.
func standing(file string) ([]string, error) {
	for range 600 {
		if text, err := os.ReadFile(file); err == nil {
			return strings.Split(string(text), "\n"), nil
		}
		time.Sleep(100 * time.Millisecond)
	}
	return nil, errors.New("the servers did not start")
}
