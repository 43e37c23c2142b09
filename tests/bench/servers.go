//go:build bench

package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"mailgrant/app/authorization"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
)

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
