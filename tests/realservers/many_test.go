//go:build realservers

package realservers

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"mailgrant/app/practice"
	"mailgrant/internal/certificate"
	"mailgrant/internal/mailbox"
	"mailgrant/tests/freeport"
	"mailgrant/tests/practicetest"
)

// kind is one way in which a mailbox is doing.
type kind struct {
	name   string
	d      mailbox.Definition
	level  string
	causes []string // any of these; none: no cause
	secret string   // a password to store
}

// kinds are 27 ways, 24 of them faults, at practice tenants, Dovecot, Postfix
// and ports that behave badly.
func (l *lab) kinds() []kind {
	t := l.t
	at := func(protocol string, port int, security string) mailbox.Definition {
		d := l.define(mailbox.SecurityTLS)
		*d.Server(mailbox.Protocol(protocol)) = mailbox.Server{Host: "localhost", Port: port, Security: security}
		return d
	}
	withCert := func(cert *certificate.Pair) mailbox.Definition {
		dove := startDovecot(t, cert, "plain xoauth2", introspect(t, l.tenant).URL)
		d := l.define(mailbox.SecurityTLS)
		d.Server(mailbox.IMAP).Port = dove.IMAPS
		d.Servers = d.Servers[:1]
		return d
	}
	silent := at("imap", freeport.Serve(t, func(c net.Conn) { time.Sleep(time.Minute) }).Port, "starttls")
	silent.Servers = silent.Servers[:1] // it would keep the places of all three from the others
	printer := l.define(mailbox.SecuritySTARTTLS)
	printer.Sender, printer.User, printer.Authentication, printer.OAuth = passwordUser, passwordUser, mailbox.AuthPassword, nil
	printer.SetServer(mailbox.SMTP, nil)
	noPassword := printer.Clone()
	noPassword.User, noPassword.Sender = "nobody@contoso.test", "nobody@contoso.test"
	nobody := l.define(mailbox.SecurityTLS)
	nobody.Sender, nobody.User = practice.Admin.Address, practice.Admin.UPN
	foreign := l.define(mailbox.SecurityTLS)
	foreign.Server(mailbox.IMAP).Host = "127.0.0.1"
	all := []kind{
		{name: "practice", d: l.tenant.Definition(), level: "ok"},
		{name: "real servers", d: l.define(mailbox.SecurityTLS), level: "ok"},
		{name: "right password", d: printer, level: "ok", secret: password},
		{name: "wrong password", d: printer, level: "critical", secret: "wrong", causes: []string{"password-wrong"}},
		{name: "no password", d: noPassword, level: "critical", causes: []string{"password-missing"}},
		{name: "no authorization", d: nobody, level: "critical", causes: []string{"authorization-missing"}},
		{name: "foreign host", d: foreign, level: "unknown"},
		{name: "TLS where STARTTLS is", d: at("imap", l.dovecot.IMAP, "tls"), level: "critical", causes: []string{"wrong-port-or-encryption"}},
		{name: "STARTTLS where TLS is", d: at("smtp", l.postfix.SMTPS, "starttls"), level: "critical", causes: []string{"wrong-port-or-encryption", "server-timeout"}},
		{name: "IMAP on the POP3 port", d: at("imap", l.dovecot.POP3, "starttls"), level: "critical", causes: []string{"wrong-port-or-encryption"}},
		{name: "nothing listens", d: at("pop3", freeport.Find(t, 1)[0], "tls"), level: "critical", causes: []string{"port-blocked", "wrong-port-or-encryption"}},
		{name: "certificate ended", d: withCert(ended(l.root)), level: "critical", causes: []string{"tls-certificate-expired"}},
		{name: "certificate of another name", d: withCert(l.root.For("mail.example.com")), level: "critical", causes: []string{"tls-name-mismatch"}},
		{name: "certificate of another root", d: withCert(certificate.Root("Another Root CA").For("localhost")), level: "critical", causes: []string{"tls-self-signed", "tls-server-chain-incomplete"}},
		{name: "silent", d: silent, level: "critical", causes: []string{"server-timeout", "wrong-port-or-encryption"}},
		{name: "closes at once", d: at("imap", freeport.Serve(t, func(net.Conn) {}).Port, "starttls"), level: "critical", causes: []string{"network-connection-reset", "wrong-port-or-encryption"}},
		{name: "a web server", d: at("pop3", freeport.Serve(t, func(c net.Conn) { _, _ = c.Write([]byte("HTTP/1.1 400 Bad Request\r\n\r\n")) }).Port, "starttls"), level: "critical", causes: []string{"server-protocol-error", "wrong-port-or-encryption"}},
		{name: "unreadable", d: l.tenant.Definition(), level: "unknown"},
	}
	for fault, causes := range map[string][]string{
		practice.FaultIMAPOff: {"exo-protocol-disabled-mailbox"}, practice.FaultPOP3Off: {"exo-protocol-disabled-mailbox"},
		practice.FaultSMTPOffMailbox: {"exo-smtp-auth-disabled-mailbox"}, practice.FaultSMTPOffTenant: {"exo-smtp-auth-disabled-tenant"},
		practice.FaultWrongAudience: {"token-wrong-audience"}, practice.FaultRefreshExpired: {"refresh-token-expired"},
		practice.FaultNotConnected: {"exo-authenticated-not-connected", "exo-protocol-disabled-mailbox"}, practice.FaultTLSIntercepted: {"tls-interception-untrusted-ca", "tls-self-signed"},
		"damaged": {"store-damaged"},
	} {
		level := "critical"
		if fault == "damaged" {
			level = "unknown"
		}
		all = append(all, kind{name: fault, d: l.faulty(fault), level: level, causes: causes})
	}
	slices.SortFunc(all, func(a, b kind) int { return strings.Compare(a.name, b.name) })
	return all
}

// faulty is a tenant of its own, spoilt once its mailbox is signed in.
func (l *lab) faulty(fault string) mailbox.Definition {
	l.t.Helper()
	tenant := practicetest.Start(l.t, practice.Options{})
	before, _ := filepath.Glob(filepath.Join(os.Getenv("MAILGRANT_HOME"), "authorizations", "*.sealed"))
	l.signed = tenant.Definition()
	l.signIn()
	if fault == "damaged" {
		after, _ := filepath.Glob(filepath.Join(os.Getenv("MAILGRANT_HOME"), "authorizations", "*.sealed"))
		for _, file := range after {
			if !slices.Contains(before, file) {
				if err := os.Truncate(file, 50); err != nil {
					l.t.Fatal(err)
				}
			}
		}
		return tenant.Definition()
	}
	if err := tenant.SetFaults([]string{fault}); err != nil {
		l.t.Fatal(err)
	}
	if fault == practice.FaultWrongAudience || fault == practice.FaultRefreshExpired {
		_, _ = l.command("", "refresh", "--file", l.file(tenant.Definition()))
	}
	return tenant.Definition()
}

const manyMailboxes = 500

// enough is what a healthy mailbox may take on a busy machine, beside so many
// others.
const enough = "15s"

// TestFiveHundredMailboxes: with faults of every kind spread over them, each is
// told as it is, in every form, and nothing is told of the healthy ones.
func TestFiveHundredMailboxes(t *testing.T) {
	l := newLab(t, "plain xoauth2")
	program := os.Getenv("MAILGRANT_TEST_PROGRAM")
	if program == "" {
		t.Fatal("MAILGRANT_TEST_PROGRAM is not set (scripts/test-servers does it)")
	}
	l.signed = l.tenant.Definition()
	l.signIn() // also recorded for the practice tenant's own hosts
	kinds := l.kinds()
	book := mailbox.NewBook(os.Getenv("MAILGRANT_HOME"))
	of := map[string]kind{}
	var all []mailbox.Definition
	for n := range manyMailboxes {
		k := kinds[n%len(kinds)]
		k.d = k.d.Clone()
		// The number first: tested in the order of their names, those that are silent
		// do not all come together, where they would wait for each other.
		k.d.Name = fmt.Sprintf("%03d %s", n, k.name)
		of[k.d.Name] = k
		all = append(all, k.d)
	}
	if err := book.Put(all...); err != nil {
		t.Fatal(err)
	}
	for name, k := range of {
		if k.secret != "" {
			if status, _ := l.command(k.secret+"\n", "secret", "set", name, "password"); status != 0 {
				t.Fatal(name)
			}
		}
		if k.name == "unreadable" {
			file := filepath.Join(os.Getenv("MAILGRANT_HOME"), "mailboxes", mailbox.FileName(name)+".json")
			if err := os.WriteFile(file, []byte("{"), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	measured := func(want int, args ...string) []byte {
		t.Helper()
		cmd := exec.Command(program, args...)
		var out, errs bytes.Buffer
		cmd.Stdout, cmd.Stderr = &out, &errs
		began := time.Now()
		err := cmd.Run()
		var ended *exec.ExitError
		if err != nil && !errors.As(err, &ended) {
			t.Fatal(err)
		}
		t.Logf("%-50s %6.1f s  %5.1f MB", strings.Join(args[:min(4, len(args))], " "), time.Since(began).Seconds(), float64(cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss)/1024)
		if got := cmd.ProcessState.ExitCode(); got != want {
			t.Errorf("%v: exit status %d, want %d\n%s", args, got, want, errs.String())
		}
		return out.Bytes()
	}
	causeFits := func(where, name, cause string) {
		t.Helper()
		k := of[name]
		if k.level == "unknown" && k.causes == nil {
			return
		}
		if len(k.causes) == 0 && cause != "" || len(k.causes) > 0 && !slices.Contains(k.causes, cause) {
			t.Errorf("%s: %s: cause %q, want %q", where, name, cause, k.causes)
		}
	}

	report := filepath.Join(t.TempDir(), "report.html")
	tested := measured(5, "test", "--all", "--json", "--timeout", enough, "--per-host", "24", "--report", report)
	seen := map[string]bool{}
	for dec := json.NewDecoder(bytes.NewReader(tested)); dec.More(); {
		var r struct {
			Mailbox   string
			OK        bool
			Diagnoses []struct{ Cause string }
		}
		if err := dec.Decode(&r); err != nil {
			t.Fatal(err)
		}
		seen[r.Mailbox] = true
		if r.OK != (of[r.Mailbox].level == "ok") {
			t.Errorf("test: %s: ok %t", r.Mailbox, r.OK)
		}
		if len(r.Diagnoses) > 0 {
			causeFits("test", r.Mailbox, r.Diagnoses[0].Cause)
		}
	}
	for name, k := range of {
		if untestable := k.name == "foreign host" || k.name == "unreadable"; seen[name] == untestable {
			t.Errorf("test: %s: a report: %t", name, seen[name])
		}
	}

	var run struct {
		Level     string
		Mailboxes []struct{ Mailbox, Level, Cause, Problem string }
	}
	if err := json.Unmarshal(measured(5, "monitor", "--all", "--format", "json", "--timeout", enough, "--per-host", "24"), &run); err != nil {
		t.Fatal(err)
	}
	levels := map[string]int{}
	for _, m := range run.Mailboxes {
		levels[m.Level]++
		if k := of[m.Mailbox]; k.level != m.Level || (m.Level == "ok") != (m.Problem == "") {
			t.Errorf("monitor: %s: %s (%s), want %s", m.Mailbox, m.Level, m.Problem, k.level)
		}
		causeFits("monitor", m.Mailbox, m.Cause)
	}
	if len(run.Mailboxes) != manyMailboxes {
		t.Errorf("%d mailboxes", len(run.Mailboxes))
	}
	rows := 0
	for dec := json.NewDecoder(bytes.NewReader(measured(5, "status", "--all", "--json"))); dec.More(); rows++ {
		var r struct {
			Mailbox, Cause string
			OK             bool
		}
		if err := dec.Decode(&r); err != nil {
			t.Fatal(err)
		}
		if r.OK != (of[r.Mailbox].level == "ok") {
			t.Errorf("status: %s: ok %t", r.Mailbox, r.OK)
		}
		causeFits("status", r.Mailbox, r.Cause)
	}
	if rows != manyMailboxes {
		t.Errorf("%d rows", rows)
	}

	counts := fmt.Sprintf("ok=%d;;;0;500 warning=0;;;0;500 critical=%d;;;0;500 unknown=%d;;;0;500 ", levels["ok"], levels["critical"], levels["unknown"])
	nagios := string(measured(2, "monitor", "--all", "--format", "nagios", "--timeout", enough, "--per-host", "24"))
	if !strings.Contains(nagios, counts) || len(nagios) > 8<<10 {
		t.Errorf("nagios: %d bytes, want %s\n%s", len(nagios), counts, nagios[:min(500, len(nagios))])
	}
	checkByParsers(t, []byte(nagios), 2)
	exposed := filepath.Join(t.TempDir(), "mailgrant.prom")
	measured(0, "monitor", "--all", "--format", "prometheus", "--timeout", enough, "--per-host", "24", "--output", exposed)
	text, err := os.ReadFile(exposed)
	if err != nil || strings.Count(string(text), "\nmailgrant_mailbox_level{") != manyMailboxes {
		t.Errorf("prometheus: %v", err)
	}
	check := exec.Command(filepath.Join(os.Getenv("MAILGRANT_TEST_PEERS"), "usr/bin/promtool"), "check", "metrics")
	check.Stdin = bytes.NewReader(text)
	if out, err := check.CombinedOutput(); err != nil || len(out) > 0 {
		t.Errorf("promtool: %v\n%s", err, out)
	}
	page, err := os.ReadFile(report)
	if err != nil || bytes.Count(page, []byte("<section>")) != len(seen) {
		t.Errorf("the report: %v, %d mailboxes of %d", err, bytes.Count(page, []byte("<section>")), len(seen))
	}
	t.Logf("%s: %.1f MB", filepath.Base(report), float64(len(page))/1e6)
}
