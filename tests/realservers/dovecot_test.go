//go:build realservers

package realservers

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"text/template"
	"time"

	"mailgrant/internal/certificate"
	"mailgrant/tests/freeport"
)

// dovecotConfig runs IMAP and POP3 in every security mode, and gives its
// sign-in to Postfix. Tokens are checked by introspection (RFC 7662).
var dovecotConfig = template.Must(template.New("").Parse(`
base_dir = {{.Dir}}/run
log_path = {{.Dir}}/dovecot.log
auth_debug = no
protocols = imap pop3
listen = 127.0.0.1
login_greeting = Dovecot under test.
ssl = yes
ssl_cert = <{{.Cert}}
ssl_key = <{{.Key}}
disable_plaintext_auth = no
auth_mechanisms = {{.Mechanisms}}
auth_failure_delay = 0
mail_location = maildir:{{.Dir}}/mail/%u
first_valid_uid = 1
default_internal_user = dovecot
default_login_user = dovenull

passdb {
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = {{.Dir}}/oauth2.conf
}
passdb {
  driver = passwd-file
  args = scheme=PLAIN {{.Dir}}/passwd
}
userdb {
  driver = static
  args = uid=mail gid=mail home={{.Dir}}/mail/%u
}
service imap-login {
  inet_listener imap {
    port = {{.IMAP}}
  }
  inet_listener imaps {
    port = {{.IMAPS}}
    ssl = yes
  }
}
service pop3-login {
  inet_listener pop3 {
    port = {{.POP3}}
  }
  inet_listener pop3s {
    port = {{.POP3S}}
    ssl = yes
  }
}
service auth {
  inet_listener {
    port = {{.Auth}}
  }
  unix_listener {{.Dir}}/auth-client {
    mode = 0666
  }
}
service anvil {
  # Without it every refusal makes the next sign-in slower, by seconds.
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
service stats {
  unix_listener stats-writer {
    mode = 0666
  }
}
`))

type dovecot struct {
	Dir, Cert, Key                 string
	Mechanisms                     string
	IMAP, IMAPS, POP3, POP3S, Auth int
}

// startDovecot runs a Dovecot of its own until the test ends.
func startDovecot(t *testing.T, cert *certificate.Pair, mechanisms, introspection string) *dovecot {
	t.Helper()
	dir := serverDir(t)
	ports := freeport.Find(t, 5)
	d := &dovecot{
		Dir: dir, Cert: write(t, dir, "cert.pem", cert.PEM()), Key: writeKey(t, dir, cert), Mechanisms: mechanisms,
		IMAP: ports[0], IMAPS: ports[1], POP3: ports[2], POP3S: ports[3], Auth: ports[4],
	}
	configure(t, dir, "dovecot.conf", dovecotConfig, d)
	write(t, dir, "passwd", fmt.Sprintf("%s:{PLAIN}%s::::::\n", passwordUser, password))
	write(t, dir, "oauth2.conf", fmt.Sprintf(
		"introspection_mode = post\nintrospection_url = %s\nusername_attribute = username\nactive_attribute = active\nactive_value = true\nuse_grant_password = no\ndebug = no\n",
		introspection))
	if err := os.MkdirAll(filepath.Join(dir, "mail"), 0o777); err != nil {
		t.Fatal(err)
	}
	_ = os.Chmod(filepath.Join(dir, "mail"), 0o777)
	c := exec.Command("dovecot", "-F", "-c", filepath.Join(dir, "dovecot.conf"))
	run(t, c, filepath.Join(dir, "dovecot.log"))
	waitForPorts(t, ports, filepath.Join(dir, "dovecot.log"))
	return d
}

// run starts a server and stops it, gently first, when the test ends.
func run(t *testing.T, c *exec.Cmd, log string) {
	t.Helper()
	said := filepath.Join(t.TempDir(), "said")
	out, err := os.Create(said) // not a pipe: the server's children would keep it open
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	c.Stdout, c.Stderr = out, out
	if err := c.Start(); err != nil {
		t.Fatalf("%s: %v (is its package installed?)", c.Path, err)
	}
	done := make(chan struct{})
	go func() { _ = c.Wait(); close(done) }()
	t.Cleanup(func() {
		_ = c.Process.Signal(os.Interrupt)
		select {
		case <-done:
		case <-time.After(10 * time.Second):
			_ = c.Process.Kill()
			<-done
		}
		if t.Failed() {
			first, _ := os.ReadFile(said)
			text, _ := os.ReadFile(log)
			t.Logf("%s:\n%s%s", filepath.Base(c.Path), first, text)
		}
	})
}
