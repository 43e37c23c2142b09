//go:build realservers

package realservers

import (
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"testing"
	"text/template"
	"time"

	"mailgrant/app/practice"
	"mailgrant/internal/certificate"
	"mailgrant/tests/freeport"
)

var mainCF = template.Must(template.New("").Parse(`
compatibility_level = 3.6
queue_directory = {{.Dir}}/queue
data_directory = {{.Dir}}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
maillog_file = {{.Dir}}/postfix.log
maillog_file_prefixes = {{.Dir}}
myhostname = localhost
mydestination = localhost
mynetworks =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
alias_maps =
alias_database =
local_recipient_maps =
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:127.0.0.1:{{.Auth}}
smtpd_sasl_security_options = noanonymous
smtpd_recipient_restrictions = permit_sasl_authenticated, reject
smtpd_relay_restrictions = permit_sasl_authenticated, reject
smtpd_tls_cert_file = {{.Cert}}
smtpd_tls_key_file = {{.Key}}
smtpd_tls_security_level = may
smtpd_client_connection_count_limit = 0
default_transport = discard
local_transport = discard
virtual_mailbox_domains = contoso.test
virtual_mailbox_base = {{.Mail}}
virtual_mailbox_maps = static:` + practice.Helpdesk.Address + `/
virtual_uid_maps = static:{{.UID}}
virtual_gid_maps = static:{{.GID}}
virtual_minimum_uid = 1
`))

// Every security mode has its port. Only what is for the mailbox itself is
// delivered, into Dovecot's.
var masterCF = template.Must(template.New("").Parse(`
127.0.0.1:{{.SMTP}} inet n - n - - smtpd
127.0.0.1:{{.SMTPS}} inet n - n - - smtpd -o smtpd_tls_wrappermode=yes
postlog unix-dgram n - n - 1 postlogd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
discard unix - - n - - discard
virtual unix - n n - - virtual
error unix - - n - - error
retry unix - - n - - error
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
`))

type postfix struct {
	Dir, Cert, Key    string
	Mail, UID, GID    string // Dovecot's mailboxes, and who owns them
	SMTP, SMTPS, Auth int
}

// startPostfix runs a Postfix of its own until the test ends; its sign-in and
// its mailboxes are Dovecot's.
func startPostfix(t *testing.T, cert *certificate.Pair, dove *dovecot) *postfix {
	t.Helper()
	owner, err := user.Lookup("mail")
	if err != nil {
		t.Fatal(err)
	}
	dir := serverDir(t)
	ports := freeport.Find(t, 2)
	p := &postfix{
		Dir: dir, Cert: write(t, dir, "cert.pem", cert.PEM()), Key: writeKey(t, dir, cert),
		Mail: filepath.Join(dove.Dir, "mail"), UID: owner.Uid, GID: owner.Gid,
		SMTP: ports[0], SMTPS: ports[1], Auth: dove.Auth,
	}
	configure(t, dir, "main.cf", mainCF, p)
	configure(t, dir, "master.cf", masterCF, p)
	// Postfix waits until a configuration is two seconds old: somebody may still be writing it.
	old := time.Now().Add(-time.Minute)
	for _, name := range []string{"main.cf", "master.cf"} {
		if err := os.Chtimes(filepath.Join(dir, name), old, old); err != nil {
			t.Fatal(err)
		}
	}
	for _, sub := range []string{"queue", "data"} {
		if err := os.MkdirAll(filepath.Join(dir, sub), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	do(t, "chown", "postfix", filepath.Join(dir, "data"))
	// The command starts a process group of its own, which only "stop" ends.
	run(t, exec.Command("postfix", "-c", dir, "start-fg"), filepath.Join(dir, "postfix.log"))
	t.Cleanup(func() { _ = exec.Command("postfix", "-c", dir, "stop").Run() })
	waitForPorts(t, ports, filepath.Join(dir, "postfix.log"))
	return p
}
