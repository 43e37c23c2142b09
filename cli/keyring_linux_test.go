package cli

import (
	"path/filepath"
	"strings"
	"testing"

	"mailgrant/app/practice"
)

// TestAServerWithoutAKeyring is the first command on one: what is wrong and
// what to do are told, and doing it helps.
func TestAServerWithoutAKeyring(t *testing.T) {
	_, file := tenant(t, nil)
	t.Setenv("MAILGRANT_KEY_FILE", "")
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path="+filepath.Join(t.TempDir(), "none"))
	said := run(t, "request", "--file", file, "--sign-in", "link").want(t, exitNoGrant).stderr
	for _, want := range []string{"There is no keyring here", "2. On a Linux server without a keyring: name a file in MAILGRANT_KEY_FILE", "Original message:\n    store: "} {
		if !strings.Contains(strings.Join(strings.Fields(said), " "), strings.Join(strings.Fields(want), " ")) {
			t.Errorf("no %q in\n%s", want, said)
		}
	}
	t.Setenv("MAILGRANT_KEY_FILE", filepath.Join(t.TempDir(), "key"))
	request(t, file, practice.Helpdesk.UPN).want(t, exitGood)
}
