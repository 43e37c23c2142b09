//go:build realservers

package realservers

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"text/template"

	"mailgrant/internal/certificate"
	"mailgrant/internal/mailbox"
	"mailgrant/tests/freeport"
)

var eximConfig = template.Must(template.New("").Parse(`
primary_hostname = localhost
spool_directory = {{.Dir}}/spool
log_file_path = {{.Dir}}/spool/%slog
pid_file_path = {{.Dir}}/spool/exim.pid
local_interfaces = 127.0.0.1
daemon_smtp_ports = {{.SMTP}} : {{.SMTPS}}
tls_on_connect_ports = {{.SMTPS}}
tls_advertise_hosts = *
tls_certificate = {{.Cert}}
tls_privatekey = {{.Key}}
auth_advertise_hosts = *
acl_smtp_mail = check_mail
queue_only = true
keep_environment =

begin acl
check_mail:
  accept authenticated = *
  deny message = Sign in first

begin authenticators
xoauth2:
  driver = dovecot
  public_name = XOAUTH2
  server_socket = {{.Auth}}
  server_set_id = $auth1
plain:
  driver = dovecot
  public_name = PLAIN
  server_socket = {{.Auth}}
  server_set_id = $auth1
`))

type exim struct {
	Dir, Cert, Key, Auth string
	SMTP, SMTPS          int
}

// startExim runs an Exim of its own until the test ends; its sign-in is
// Dovecot's. The program insists on a user that only its package would make,
// so it gets user files of its own in a mount namespace.
func startExim(t *testing.T, cert *certificate.Pair, d *dovecot) *exim {
	t.Helper()
	dir := serverDir(t)
	ports := freeport.Find(t, 2)
	e := &exim{
		Dir: dir, Cert: write(t, dir, "cert.pem", cert.PEM()), Key: writeKey(t, dir, cert),
		Auth: filepath.Join(d.Dir, "auth-client"), SMTP: ports[0], SMTPS: ports[1],
	}
	for name, line := range map[string]string{
		"passwd": "Debian-exim:x:64999:64999::/nonexistent:/usr/sbin/nologin\n",
		"group":  "Debian-exim:x:64999:\n",
	} {
		have, err := os.ReadFile("/etc/" + name)
		if err != nil {
			t.Fatal(err)
		}
		write(t, dir, name, string(have)+line)
	}
	spool := filepath.Join(dir, "spool")
	if err := os.Mkdir(spool, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{e.Key, spool} {
		if err := os.Chown(file, 64999, 64999); err != nil {
			t.Fatal(err)
		}
	}
	c := exec.Command("unshare", "-m", "sh", "-euc",
		`mount --bind "$1/passwd" /etc/passwd; mount --bind "$1/group" /etc/group; exec "$2" -C "$1/exim.conf" -bdf`,
		"sh", dir, peer(t, "usr/sbin/exim4"))
	configure(t, dir, "exim.conf", eximConfig, e)
	run(t, c, filepath.Join(spool, "mainlog"))
	waitForPorts(t, ports, filepath.Join(spool, "mainlog"))
	return e
}

// peer is a file of the packages that scripts/test-servers has unpacked,
// because Debian lets only one mail server of a kind be installed.
func peer(t *testing.T, path string) string {
	t.Helper()
	dir := os.Getenv("MAILGRANT_TEST_PEERS")
	if dir == "" {
		t.Fatal("run this by scripts/test-servers")
	}
	return filepath.Join(dir, path)
}

// TestExim sends by Exim in every security mode, with a token and with a
// password, and is refused with a token that is good no more.
func TestExim(t *testing.T) {
	l := newLab(t, "plain xoauth2")
	e := startExim(t, l.root.For("localhost"), l.dovecot)
	define := func(security string, port int) mailbox.Definition {
		d := l.define(mailbox.SecurityTLS)
		d.SetServer(mailbox.SMTP, &mailbox.Server{Host: "localhost", Port: port, Security: security})
		return d
	}
	for security, port := range map[string]int{
		mailbox.SecurityTLS: e.SMTPS, mailbox.SecuritySTARTTLS: e.SMTP, mailbox.SecurityNone: e.SMTP,
	} {
		r := l.test(define(security, port), 0)
		if got := r.fact("smtp", "mechanism"); got != "XOAUTH2" {
			t.Errorf("%s: mechanism %v", security, got)
		}
	}
	l.passwordMailbox(define(mailbox.SecuritySTARTTLS, e.SMTP), "smtp")
	if err := l.tenant.SetFaults([]string{"wrong-audience"}); err != nil {
		t.Fatal(err)
	}
	if status, _ := l.command("", "refresh", "--file", l.file(l.signed)); status != 0 {
		t.Fatalf("refresh: exit status %d", status)
	}
	l.test(define(mailbox.SecurityTLS, e.SMTPS), 1)
}
