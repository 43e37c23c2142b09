//go:build realservers

package realservers

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"text/template"

	"mailgrant/internal/certificate"
	"mailgrant/internal/mailbox"
	"mailgrant/tests/freeport"
)

// imapdConf lets Cyrus keep everything in one folder, make the inbox of whoever
// signs in, and refuse at once, not after three seconds.
var imapdConf = template.Must(template.New("").Parse(`
configdirectory: {{.Dir}}/cyrus
defaultpartition: default
partition-default: {{.Dir}}/cyrus/spool
unixhierarchysep: yes
virtdomains: userid
autocreate_quota: 0
failedloginpause: 0
allowplaintext: yes
sasl_pwcheck_method: auxprop
sasl_auxprop_plugin: sasldb
sasl_sasldb_path: {{.Dir}}/sasldb2
sasl_mech_list: PLAIN LOGIN
tls_server_cert: {{.Cert}}
tls_server_key: {{.Key}}
`))

var cyrusConf = template.Must(template.New("").Parse(`
START {
}
SERVICES {
  imap  cmd="{{.Imapd}} -C {{.Dir}}/imapd.conf"    listen="127.0.0.1:{{.IMAP}}"  prefork=0
  imaps cmd="{{.Imapd}} -s -C {{.Dir}}/imapd.conf" listen="127.0.0.1:{{.IMAPS}}" prefork=0
  pop3  cmd="{{.Pop3d}} -C {{.Dir}}/imapd.conf"    listen="127.0.0.1:{{.POP3}}"  prefork=0
  pop3s cmd="{{.Pop3d}} -s -C {{.Dir}}/imapd.conf" listen="127.0.0.1:{{.POP3S}}" prefork=0
}
`))

type cyrus struct {
	Dir, Cert, Key, Imapd, Pop3d string
	IMAP, IMAPS, POP3, POP3S     int
}

// startCyrus runs a Cyrus of its own until the test ends. It knows passwords
// only: Debian has no token sign-in for it.
func startCyrus(t *testing.T, cert *certificate.Pair) *cyrus {
	t.Helper()
	dir := serverDir(t)
	ports := freeport.Find(t, 4)
	c := &cyrus{
		Dir: dir, Cert: write(t, dir, "cert.pem", cert.PEM()), Key: writeKey(t, dir, cert),
		Imapd: peer(t, "usr/lib/cyrus/bin/imapd"), Pop3d: peer(t, "usr/lib/cyrus/bin/pop3d"),
		IMAP: ports[0], IMAPS: ports[1], POP3: ports[2], POP3S: ports[3],
	}
	configure(t, dir, "imapd.conf", imapdConf, c)
	configure(t, dir, "cyrus.conf", cyrusConf, c)
	user, domain, _ := strings.Cut(passwordUser, "@")
	save := exec.Command("saslpasswd2", "-p", "-c", "-f", filepath.Join(dir, "sasldb2"), "-u", domain, user)
	save.Stdin = strings.NewReader(password)
	if out, err := save.CombinedOutput(); err != nil {
		t.Fatalf("saslpasswd2: %v: %s", err, out)
	}
	for _, sub := range []string{"cyrus/spool", "cyrus/db", "cyrus/proc", "cyrus/socket", "cyrus/log", "cyrus/lock"} {
		if err := os.MkdirAll(filepath.Join(dir, sub), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	do(t, "chown", "-R", "cyrus:mail", dir)
	master := exec.Command("/usr/lib/cyrus/bin/master", "-C", filepath.Join(dir, "imapd.conf"), "-M", filepath.Join(dir, "cyrus.conf"), "-p", filepath.Join(dir, "master.pid"))
	run(t, master, filepath.Join(dir, "log"))
	waitForPorts(t, ports, filepath.Join(dir, "log"))
	return c
}

// TestCyrus reads by Cyrus with a password in every security mode; a token,
// which it does not take, is not sent, and that is said.
func TestCyrus(t *testing.T) {
	l := newLab(t, "plain xoauth2")
	c := startCyrus(t, l.root.For("localhost"))
	define := func(security string, imap, pop3 int) mailbox.Definition {
		d := l.define(mailbox.SecurityTLS)
		d.SetServer(mailbox.IMAP, &mailbox.Server{Host: "localhost", Port: imap, Security: security})
		d.SetServer(mailbox.POP3, &mailbox.Server{Host: "localhost", Port: pop3, Security: security})
		return d
	}
	// Cyrus makes the mailbox at the first sign-in, which must not be two at once:
	// "Unable to open maildrop: Mailbox already exists".
	l.passwordMailbox(define(mailbox.SecurityTLS, c.IMAPS, c.POP3S), "imap")
	for security, ports := range map[string][2]int{
		mailbox.SecurityTLS: {c.IMAPS, c.POP3S}, mailbox.SecuritySTARTTLS: {c.IMAP, c.POP3}, mailbox.SecurityNone: {c.IMAP, c.POP3},
	} {
		l.passwordMailbox(define(security, ports[0], ports[1]), "imap", "pop3")
	}
	r := l.test(define(mailbox.SecurityTLS, c.IMAPS, c.POP3S), 1)
	for _, protocol := range []string{"imap", "pop3"} {
		if got := r.cause(protocol); got != "auth-mechanism-not-offered" {
			t.Errorf("%s: cause %q; %+v", protocol, got, r.Diagnoses)
		}
	}
}
