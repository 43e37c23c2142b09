//go:build realservers

// Package realservers tests Mailgrant against Dovecot and Postfix as Debian
// ships them, with the sign-in checked at the practice tenant.
package realservers

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"text/template"
	"time"

	"mailgrant/internal/certificate"
)

// The account with a password, for definitions without OAuth.
const (
	passwordUser = "printer@contoso.test"
	password     = "canary-Passw0rd-of-the-printer"
)

// ended is a certificate that was in force until an hour ago.
func ended(root *certificate.Pair) *certificate.Pair {
	c := certificate.Server("localhost")
	c.NotAfter = time.Now().Add(-time.Hour)
	return certificate.Sign(c, root)
}

// writeKey writes the key of a certificate for a server alone.
func writeKey(t *testing.T, dir string, cert *certificate.Pair) string {
	t.Helper()
	path := write(t, dir, "key.pem", cert.KeyPEM())
	if err := os.Chmod(path, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// serverDir is a folder that servers which drop their rights can enter;
// t.TempDir's is closed to them.
func serverDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("/tmp", "mg-")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

func write(t *testing.T, dir, name, text string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// configure fills in a configuration with what a server's fields say.
func configure(t *testing.T, dir, name string, text *template.Template, server any) {
	t.Helper()
	var conf bytes.Buffer
	if err := text.Execute(&conf, server); err != nil {
		t.Fatal(err)
	}
	write(t, dir, name, conf.String())
}

// do runs a command that prepares something.
func do(t *testing.T, name string, args ...string) {
	t.Helper()
	if out, err := exec.Command(name, args...).CombinedOutput(); err != nil {
		t.Fatalf("%s %q: %v: %s", name, args, err, out)
	}
}

// waitForPorts waits until a server listens on all of its ports.
func waitForPorts(t *testing.T, ports []int, log string) {
	t.Helper()
	for tries := 0; len(ports) > 0; tries++ {
		if c, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", ports[0])); err == nil {
			_ = c.Close()
			ports = ports[1:]
			continue
		}
		if tries == 600 {
			text, _ := os.ReadFile(log)
			t.Fatalf("nothing listens on port %d; its log:\n%s", ports[0], text)
		}
		time.Sleep(50 * time.Millisecond)
	}
}
