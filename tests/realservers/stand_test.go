//go:build realservers

package realservers

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"mailgrant/internal/mailbox"
)

// TestStand keeps Dovecot and Postfix, and a mailbox that is signed in, for
// tests/bench: it names the definition, the home folder and the key file, and
// ends with its input.
func TestStand(t *testing.T) {
	dir := os.Getenv("MAILGRANT_TEST_STAND")
	if dir == "" {
		t.Skip("only for scripts/bench")
	}
	l := newLab(t, "xoauth2")
	d := l.define(mailbox.SecurityTLS)
	d.SetServer(mailbox.SMTP, l.define(mailbox.SecuritySTARTTLS).Server(mailbox.SMTP))
	names := []string{l.file(d), os.Getenv("MAILGRANT_HOME"), os.Getenv("MAILGRANT_KEY_FILE")}
	part := write(t, dir, "part", strings.Join(names, "\n"))
	if err := os.Rename(part, filepath.Join(dir, "stand")); err != nil {
		t.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, os.Stdin)
}
