//go:build otherprovider

// Package otherprovider signs in at OpenID providers that are not ours, run by
// the test on loopback: code flow, renewal with rotation, and device code. And
// it lets Microsoft's own client library sign in at the practice tenant.
package otherprovider

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"mailgrant/cli"
	"mailgrant/internal/mailbox"
	"mailgrant/tests/freeport"
)

const (
	metadata = "[Details]\nName = \"Mailgrant\"\nID = \"com.mailgrant.app\"\nVersion = \"0.0.0\"\nBuild = 1\n"
	user     = "helpdesk@contoso.test"
)

// provider is one that is not ours.
type provider struct {
	name    string
	command []string // to be run in the folder of the installed providers; the port follows
	// approve is the path of a last page whose buttons are script; "" = none.
	approve string
	// lasting tells whether it also renews what began with a device code.
	lasting bool
}

// providers share nothing but the specification: oidc-provider, which is
// certified by the OpenID Foundation, and one written in Go with zitadel's
// library.
var providers = []provider{
	{name: "oidc-provider", command: []string{"node", "server.mjs"}, lasting: true},
	{name: "zitadel", command: []string{"./goprovider"}, approve: "/device/confirm?action=allowed"},
}

// each runs a test at every provider.
func each(t *testing.T, test func(t *testing.T, p provider)) {
	for _, p := range providers {
		t.Run(p.name, func(t *testing.T) { test(t, p) })
	}
}

// start runs the provider until the test ends. $MAILGRANT_TEST_PROVIDER is the
// folder into which scripts/test-provider has installed it.
func (p provider) start(t *testing.T) (issuer string) {
	t.Helper()
	dir := os.Getenv("MAILGRANT_TEST_PROVIDER")
	if dir == "" {
		t.Fatal("run this by scripts/test-provider")
	}
	port := freeport.Find(t, 1)[0]
	c := exec.Command(p.command[0], append(p.command[1:len(p.command):len(p.command)], fmt.Sprint(port))...)
	c.Dir = dir
	var log bytes.Buffer
	c.Stderr, c.WaitDelay = &log, time.Second
	in, err := c.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := c.StdoutPipe()
	if err == nil {
		err = c.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = in.Close() // it ends with its input
		_ = c.Wait()
		if t.Failed() {
			t.Logf("the provider said:\n%s", log.String())
		}
	})
	if line, err := bufio.NewReader(out).ReadString('\n'); err != nil || line != "ready\n" {
		t.Fatalf("the provider did not start: %q, %v\n%s", line, err, log.String())
	}
	return fmt.Sprintf("http://localhost:%d", port)
}

// definition writes a mailbox at the provider and gives it a home of its own.
func (p provider) definition(t *testing.T) (file, issuer string) {
	t.Helper()
	issuer = p.start(t)
	dir := t.TempDir()
	t.Setenv("MAILGRANT_HOME", filepath.Join(dir, "home"))
	t.Setenv("MAILGRANT_KEY_FILE", filepath.Join(dir, "key"))
	d := mailbox.Definition{
		Name: "Other", Sender: user, User: user, Authentication: mailbox.AuthOAuth2,
		Servers: mailbox.NewServers(mailbox.Given{mailbox.IMAP: &mailbox.Server{Host: "localhost", Port: 993, Security: mailbox.SecurityTLS}}),
		OAuth: &mailbox.OAuth{
			Provider: mailbox.ProviderCustom, Issuer: issuer, ClientID: "mailgrant", Scopes: []string{"mail"},
			SignIn: mailbox.SignInLink, Prompt: mailbox.PromptLogin, Redirect: mailbox.RedirectLocalhost,
		},
	}.Normalize()
	if err := d.Validate(); err != nil {
		t.Fatal(err)
	}
	file = filepath.Join(dir, "def.json")
	if err := os.WriteFile(file, d.Format(), 0o600); err != nil {
		t.Fatal(err)
	}
	return file, issuer
}

// mailgrant runs one command; onEvent is told each line of JSON but the last.
func mailgrant(t *testing.T, onEvent func(map[string]string), args ...string) (status int, last map[string]any) {
	t.Helper()
	in, out := io.Pipe()
	var errs bytes.Buffer
	done := make(chan struct{})
	go func() {
		defer close(done)
		for lines := bufio.NewScanner(in); lines.Scan(); {
			var event map[string]any
			if json.Unmarshal(lines.Bytes(), &event) != nil {
				continue
			}
			if last = event; onEvent != nil && event["event"] != "result" {
				texts := map[string]string{}
				for k, v := range event {
					texts[k] = fmt.Sprint(v)
				}
				go onEvent(texts)
			}
		}
	}()
	status = cli.Run(t.Context(), cli.Environment{
		Args: args, Stdin: strings.NewReader(""), Stdout: out, Stderr: &errs, Metadata: metadata,
	})
	_ = out.Close()
	<-done
	if errs.Len() > 0 {
		t.Logf("%v: %s", args, errs.String())
	}
	return status, last
}

// signIn requests an authorization while account signs in in the browser.
func signIn(t *testing.T, file, account string) (int, map[string]any) {
	t.Helper()
	b := newBrowser(t, map[string]string{"login": account, "username": account, "password": "any"})
	return mailgrant(t, func(e map[string]string) { b.visit(e["url"]) }, "request", "--file", file, "--json", "--timeout", "30s")
}

func TestCodeFlowAndRenewal(t *testing.T) {
	each(t, func(t *testing.T, p provider) {
		file, _ := p.definition(t)
		status, result := signIn(t, file, user)
		if status != 0 || result["identity"] != "same" || result["renewable"] != true {
			t.Fatalf("exit status %d, %v", status, result)
		}
		var tokens []string
		for range 3 { // each ends the refresh token before
			if status, s := mailgrant(t, nil, "refresh", "--file", file, "--json"); status != 0 || s["state"] != "valid" {
				t.Fatalf("refresh: exit status %d, %v", status, s)
			}
			tokens = append(tokens, token(t, file))
		}
		if tokens[0] == tokens[1] || tokens[1] == tokens[2] {
			t.Error("a renewal gave the same access token")
		}
	})
}

func token(t *testing.T, file string) string {
	t.Helper()
	var out, errs bytes.Buffer
	status := cli.Run(t.Context(), cli.Environment{
		Args: []string{"token", "--file", file}, Stdin: strings.NewReader(""), Stdout: &out, Stderr: &errs, Metadata: metadata,
	})
	if status != 0 || out.Len() < 20 {
		t.Fatalf("token: exit status %d: %s", status, errs.String())
	}
	return out.String()
}

func TestSomebodyElseIsRefused(t *testing.T) {
	each(t, func(t *testing.T, p provider) {
		file, _ := p.definition(t)
		status, result := signIn(t, file, "admin@contoso.test")
		if status != 4 || result["identity"] != "other" {
			t.Fatalf("exit status %d, %v", status, result)
		}
		if status, s := mailgrant(t, nil, "status", "--file", file, "--json"); status != 5 || s["state"] != "none" {
			t.Errorf("status: %d, %v", status, s)
		}
	})
}

func TestDeviceCode(t *testing.T) {
	each(t, func(t *testing.T, p provider) {
		file, issuer := p.definition(t)
		status, result := mailgrant(t, func(e map[string]string) {
			b := newBrowser(t, map[string]string{"login": user, "username": user, "password": "any", "user_code": e["user_code"]})
			b.visit(e["verification_uri"])
			if p.approve != "" {
				b.visit(issuer + p.approve)
			}
		}, "request", "--file", file, "--sign-in", "device-code", "--json", "--timeout", "60s")
		if status != 0 || result["identity"] != "same" || result["renewable"] != p.lasting {
			t.Fatalf("exit status %d, %v", status, result)
		}
		if status, s := mailgrant(t, nil, "refresh", "--file", file, "--json"); (status == 0) != p.lasting {
			t.Errorf("refresh: exit status %d, %v", status, s)
		}
	})
}
