package practice

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"log/slog"
	"net"
	"net/url"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"mailgrant/internal/mailbox"
)

func TestDefinition(t *testing.T) {
	tenant := start(t, Options{})
	d, err := mailbox.Parse(tenant.Definition().Format())
	if err != nil {
		t.Fatal(err)
	}
	if d.User != Helpdesk.UPN || d.OAuth.Authority != tenant.URL() || d.OAuth.ClientID != ClientID || len(d.Servers) != 3 {
		t.Errorf("%+v", d)
	}
}

func TestUnknownFault(t *testing.T) {
	_, err := Start(context.Background(), Options{Faults: []string{"slow", "nonsense"}})
	if err == nil || !strings.Contains(err.Error(), `no fault "nonsense"`) {
		t.Error(err)
	}
	tenant := start(t, Options{Faults: []string{"slow"}})
	if err := tenant.SetFaults([]string{"nonsense"}); err == nil || !slices.Equal(tenant.Faults(), []string{"slow"}) {
		t.Error(err, tenant.Faults())
	}
}

func TestCertificates(t *testing.T) {
	tenant := start(t, Options{})
	d := tenant.Definition()
	shake := func() error {
		conn, err := tls.Dial("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(d.Server(mailbox.IMAP).Port)), &tls.Config{RootCAs: roots(t, d), ServerName: "localhost"})
		if err == nil {
			_ = conn.Close()
		}
		return err
	}
	if err := shake(); err != nil {
		t.Error(err)
	}
	if err := tenant.SetFaults([]string{FaultTLSIntercepted}); err != nil {
		t.Fatal(err)
	}
	var untrusted x509.UnknownAuthorityError
	if err := shake(); !errors.As(err, &untrusted) {
		t.Error(err)
	}
	// SMTP shows it after STARTTLS, and the chain names who opens it.
	p := dialPeer(t, tenant, d.Server(mailbox.SMTP))
	p.read()
	p.say("EHLO client.test", "250 ")
	p.say("STARTTLS", "220 ")
	c := tls.Client(p.conn, &tls.Config{InsecureSkipVerify: true, ServerName: "localhost"}) //nolint:gosec // to look at the chain
	if err := c.Handshake(); err != nil {
		t.Fatal(err)
	}
	chain := c.ConnectionState().PeerCertificates
	if len(chain) != 2 || chain[1].Subject.CommonName != "Contoso Web Shield Root" {
		t.Errorf("%d certificates", len(chain))
	}
}

func TestOnlyLoopback(t *testing.T) {
	tenant := start(t, Options{})
	u, err := url.Parse(tenant.URL())
	if err != nil {
		t.Fatal(err)
	}
	addresses, err := net.InterfaceAddrs()
	if err != nil {
		t.Fatal(err)
	}
	d := tenant.Definition()
	for _, a := range addresses {
		ip := a.(*net.IPNet).IP
		if ip.IsLoopback() || ip.IsLinkLocalUnicast() {
			continue
		}
		for _, port := range []string{u.Port(), strconv.Itoa(d.Server(mailbox.IMAP).Port), strconv.Itoa(d.Server(mailbox.POP3).Port), strconv.Itoa(d.Server(mailbox.SMTP).Port)} {
			if conn, err := net.DialTimeout("tcp", net.JoinHostPort(ip.String(), port), time.Second); err == nil {
				_ = conn.Close()
				t.Errorf("reachable at %s:%s", ip, port)
			}
		}
	}
}

// waitGoroutines waits until no more run than before: a handler's last
// instructions come after it has closed its connection.
func waitGoroutines(t *testing.T, before int) {
	t.Helper()
	for range 3000 {
		if runtime.NumGoroutine() <= before {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	stacks := make([]byte, 1<<20)
	t.Errorf("%d goroutines before, %d after\n%s", before, runtime.NumGoroutine(), stacks[:runtime.Stack(stacks, true)])
}

func TestCloseLeavesNothing(t *testing.T) {
	before := runtime.NumGoroutine()
	for name, end := range map[string]func(*Tenant, context.CancelFunc){
		"Close":   func(t *Tenant, _ context.CancelFunc) { _ = t.Close() },
		"context": func(t *Tenant, cancel context.CancelFunc) { cancel(); <-t.ctx.Done() },
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			tenant, err := Start(ctx, Options{SlowBy: time.Hour})
			if err != nil {
				t.Fatal(err)
			}
			token := accessToken(t, tenant, Helpdesk.UPN)
			d := tenant.Definition()
			idle := []*peer{dialPeer(t, tenant, d.Server(mailbox.IMAP)), dialPeer(t, tenant, d.Server(mailbox.POP3)), smtpPeer(t, tenant)}
			silent, err := net.Dial("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(d.Server(mailbox.IMAP).Port))) // never begins TLS
			if err != nil {
				t.Fatal(err)
			}
			defer silent.Close()
			// One waits in a slow answer.
			if err := tenant.SetFaults([]string{FaultSlow}); err != nil {
				t.Fatal(err)
			}
			slow := dialPeer(t, tenant, d.Server(mailbox.POP3))
			slow.read()
			slow.say("AUTH XOAUTH2", "+")
			if _, err := slow.conn.Write([]byte(xoauth2(Helpdesk.UPN, token) + "\r\n")); err != nil {
				t.Fatal(err)
			}
			end(tenant, cancel)
			if err := tenant.Close(); err != nil {
				t.Error("a second close:", err)
			}
			for _, p := range append(idle, slow) {
				for !p.ended() { // greetings may still lie there
				}
			}
			for _, port := range tenant.ports {
				if conn, err := net.DialTimeout("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)), time.Second); err == nil {
					_ = conn.Close()
					t.Error("still listening")
				}
			}
		})
	}
	waitGoroutines(t, before)
}

func TestContextThatHasEnded(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	tenant, err := Start(ctx, Options{})
	if err != nil {
		t.Fatal(err)
	}
	<-tenant.ctx.Done()
}

// buffer is a log that several goroutines write.
type buffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) { b.mu.Lock(); defer b.mu.Unlock(); return b.b.Write(p) }

func (b *buffer) String() string { b.mu.Lock(); defer b.mu.Unlock(); return b.b.String() }

func TestLogHasNoSecret(t *testing.T) {
	var log buffer
	tenant := start(t, Options{Log: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))})
	code := signIn(t, tenant, Helpdesk.UPN, nil)
	tokens := redeem(t, tenant, code, nil).json(t)
	access, renewal := tokens["access_token"].(string), tokens["refresh_token"].(string)
	refresh(t, tenant, renewal)
	refresh(t, tenant, renewal)
	imapLogin(t, tenant, Helpdesk.UPN, access)
	pop3Login(t, tenant, Helpdesk.UPN, access)
	smtpLogin(t, tenant, Helpdesk.UPN, access)
	p := dialPeer(t, tenant, tenant.Definition().Server(mailbox.IMAP))
	p.read()
	// Not a command: the library complains.
	if _, err := p.conn.Write([]byte(xoauth2(Helpdesk.UPN, access) + "\r\n")); err != nil || !p.ended() {
		t.Error("the server does not hang up", err)
	}
	text := log.String()
	for name, secret := range map[string]string{"code": code, "access token": access, "refresh token": renewal, "SASL": xoauth2(Helpdesk.UPN, access)[:60], "verifier": verifier} {
		if strings.Contains(text, secret) || strings.Contains(text, url.QueryEscape(secret)) {
			t.Errorf("the log has the %s", name)
		}
	}
	if !strings.Contains(text, "token issued") {
		t.Error(text)
	}
}
