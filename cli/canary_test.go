package cli

import (
	"context"
	"encoding/base64"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"golang.org/x/net/http/httpproxy"

	"mailgrant/app/practice"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/store"
	"mailgrant/oauth"
)

// canaries are secrets that must show nowhere.
type canaries struct {
	mu     sync.Mutex
	values map[string]string // secret → what it is
}

func (c *canaries) add(what, value string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if value != "" {
		c.values[value] = what
	}
}

func (c *canaries) count(what string) int {
	n := 0
	for _, is := range c.values {
		if is == what {
			n++
		}
	}
	return n
}

// check looks for every secret, raw and in the encodings in which it travels.
func (c *canaries) check(t *testing.T, where, text string) {
	t.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	for value, what := range c.values {
		for _, form := range []string{value, url.QueryEscape(value), base64.StdEncoding.EncodeToString([]byte(value)), base64.RawURLEncoding.EncodeToString([]byte(value))} {
			if strings.Contains(text, form) {
				t.Errorf("%s shows the %s", where, what)
			}
		}
	}
}

// TestSecretsShowNowhere runs every command with the debug log on, also with
// every fault of the practice tenant, and then looks for the secrets in all
// output and in every file that is not sealed.
func TestSecretsShowNowhere(t *testing.T) {
	t.Setenv("MAILGRANT_LOG", "debug")
	p, file := tenant(t, link)
	c := &canaries{values: map[string]string{}}
	c.add("client secret", "cl13nt-S3cret~canary_0001")
	c.add("password", "P4ssw0rd with blanks & canary=1")
	c.add("proxy password", "pr0xy-c4nary")
	see := func(args []string, o outcome) {
		where := strings.Join(args, " ")
		c.check(t, where+": standard output", o.stdout)
		c.check(t, where+": standard error", o.stderr)
	}
	do := func(args ...string) { see(args, run(t, args...)) }
	secret := func(d, kind, value string) {
		args := []string{"secret", "set", "--file", d, kind}
		see(args, runWith(t, t.Context(), value+"\n", args...).want(t, exitGood))
	}
	web := writeDefinition(t, t.TempDir(), p.Definition(), func(d *mailbox.Definition) {
		d.Name, d.OAuth.AccountType, d.OAuth.ClientID = "Application", mailbox.AccountApplication, practice.WebClientID
	})
	c.add("client secret", practice.WebClientSecret)
	secret(file, "proxy-password", "anna:pr0xy-c4nary")
	do("mailbox", "import", file)
	rounds := append([]string{""}, practice.AllFaults...)
	for round, fault := range rounds {
		if err := p.SetFaults(nonEmpty(fault)); err != nil {
			t.Fatal(err)
		}
		for _, user := range []string{practice.Admin.UPN, practice.Helpdesk.UPN} {
			see([]string{"request", user, fault}, requestBy(t, t.Context(), func(event map[string]any) { watch(t, c, event, user) }, file, "--timeout", "3s"))
		}
		// After the request: what is sealed now is what must not show.
		remember(t, c, p)
		do("test", "--file", file, "--json", "--timeout", "10s")
		do("test", "--file", file, "--timeout", "10s")
		do("status", "--file", file)
		do("status", "--file", file, "--json")
		do("refresh", "--file", file, "--json")
		remember(t, c, p)
		do("monitor", "--all", "--timeout", "10s", "--format", []string{"text", "nagios", "checkmk", "prometheus", "prtg", "zabbix", "json"}[round%7],
			"--mail-from", p.Definition().Name, "--mail-to", practice.Helpdesk.Address)
		remember(t, c, p)
	}
	_ = p.SetFaults(nil)
	do("status", "--all", "--json")
	for _, m := range p.Inbox(practice.Helpdesk.Address) {
		c.check(t, "a mail", string(m))
	}
	report := filepath.Join(t.TempDir(), "report.html")
	do("test", "--file", file, "--round-trip", "--yes", "--report", report)
	c.check(t, "the report", read(t, report))
	do("test", "--file", file, "--round-trip", "--yes", "--json")
	do("test", "--file", file, "--watch", "1ns", "--json")
	do("products", "acmp", "--file", file, "--check", "--json")
	do("assistant", "--file", file, "--json")
	do("assistant", "--file", file, "--powershell")
	for _, value := range []string{"cl13nt-S3cret~canary_0001", practice.WebClientSecret} {
		secret(web, "client-secret", value)
		do("request", "--file", web, "--json")
		do("refresh", "--file", web, "--json")
		do("status", "--file", web)
		do("test", "--file", web, "--json")
	}
	withPassword := writeDefinition(t, t.TempDir(), p.Definition(), func(d *mailbox.Definition) {
		d.Name, d.Authentication = "Password", mailbox.AuthPassword
	})
	secret(withPassword, "password", "P4ssw0rd with blanks & canary=1")
	do("test", "--file", withPassword, "--json")
	do("test", "--all", "--json")
	do("test", "--all")
	do("refresh", "--all")
	do("refresh", "--all", "--json")
	remember(t, c, p)
	exported := export(t, c, file)
	do("authorization", "import", "--file", file, exported, "--passphrase-file", exported+".txt")
	see([]string{"consent"}, consent(t, file, practice.Admin.UPN))
	do("mailbox", "list")
	do("mailbox", "show")
	do("explain", "--json", "http://localhost:1/?code="+firstOf(c, "code")+"&state=x")
	do("forget", "--file", file)
	do("version")
	checkFiles(t, c)
	for _, what := range []string{"code", "access_token", "refresh_token"} {
		if n := c.count(what); n < 3 {
			t.Errorf("only %d secrets of the kind %s were looked for", n, what)
		}
	}
}

// TestTheProxysPasswordShowsNowhere: it stands in the address of a proxy that is
// on the way to the sign-in service, and refuses.
func TestTheProxysPasswordShowsNowhere(t *testing.T) {
	t.Setenv("MAILGRANT_LOG", "debug")
	find, resolver := oauth.EnvironmentProxy, net.DefaultResolver
	t.Cleanup(func() { oauth.EnvironmentProxy, net.DefaultResolver = find, resolver })
	oauth.EnvironmentProxy = func(r *http.Request) (*url.URL, error) { return httpproxy.FromEnvironment().ProxyFunc()(r.URL) }
	// The way without the proxy is tried too: nobody is asked for the name.
	net.DefaultResolver = &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) { return nil, os.ErrDeadlineExceeded }}
	const password = "pr0xy-in-the-address-c4nary"
	c := &canaries{values: map[string]string{}}
	c.add("proxy's password", password)
	c.add("proxy's login", "anna:"+password)
	var status, came atomic.Int32
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.Header.Get("Proxy-Authorization"), base64.StdEncoding.EncodeToString([]byte("anna:"+password))) {
			came.Add(1)
		}
		w.Header().Set("Proxy-Authenticate", "Basic")
		w.WriteHeader(int(status.Load()))
	}))
	defer proxy.Close()
	_, file := tenant(t, func(d *mailbox.Definition) {
		d.OAuth.Authority, d.TrustedCA, d.OAuth.SignIn = "https://sign-in.example", "", mailbox.SignInDeviceCode
	})
	run(t, "mailbox", "import", file).want(t, exitGood)
	_, address, _ := strings.Cut(proxy.URL, "//")
	t.Setenv("NO_PROXY", "")
	t.Setenv("HTTPS_PROXY", "http://anna:"+password+"@"+address)
	for _, answer := range []int32{http.StatusProxyAuthRequired, http.StatusBadGateway, http.StatusOK} { // with no TLS behind it
		status.Store(answer)
		for _, args := range [][]string{{"request", "--json"}, {"request"}, {"consent"}, {"products", "acmp", "--check", "--mailbox", "Practice"}, {"monitor"}} {
			before := came.Load()
			o := run(t, append(args, "--lang", "en")...)
			c.check(t, fmt.Sprint(answer, args, ": standard output"), o.stdout)
			c.check(t, fmt.Sprint(answer, args, ": standard error"), o.stderr)
			if came.Load() == before && args[0] != "monitor" {
				t.Errorf("%v does not go over the proxy: %s", args, o.stderr)
			}
		}
	}
	for _, name := range []string{"report.html", "report.txt", "report.json"} {
		report := filepath.Join(t.TempDir(), name)
		run(t, "test", "--report", report).want(t, exitNoGrant)
		text := read(t, report)
		if c.check(t, name, text); !strings.Contains(text, address) {
			t.Errorf("%s does not tell the proxy", name)
		}
	}
	checkFiles(t, c)
}

// export writes an authorization to a file and looks into that too.
func export(t *testing.T, c *canaries, file string) string {
	t.Helper()
	const passphrase = "p4ss-phrase canary"
	c.add("passphrase", passphrase)
	path := filepath.Join(t.TempDir(), "export.age")
	if err := os.WriteFile(path+".txt", []byte(passphrase+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	runWith(t, t.Context(), passphrase+"\n", "authorization", "export", "--file", file, path).want(t, exitGood)
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	c.check(t, "the exported authorization", string(data))
	return path
}

func nonEmpty(fault string) []string {
	if fault == "" {
		return nil
	}
	return []string{fault}
}

// watch signs in and remembers the codes that pass through the browser.
func watch(t *testing.T, c *canaries, event map[string]any, user string) {
	start, _ := event["url"].(string)
	_, err := practice.Visit(t.Context(), start, user, func(u *url.URL) { c.add("code", u.Query().Get("code")) })
	if err != nil {
		t.Logf("browser: %v", err)
	}
}

// remember opens the sealed authorization as the program does.
func remember(t *testing.T, c *canaries, p *practice.Tenant) {
	t.Helper()
	d := p.Definition()
	data, err := store.Open(filepath.Join(os.Getenv("MAILGRANT_HOME"), "authorizations")).Load(oauth.Key(d))
	if err != nil {
		return // not every fault leaves one
	}
	for _, field := range []string{"access_token", "refresh_token"} {
		if _, rest, ok := strings.Cut(string(data), `"`+field+`":"`); ok {
			value, _, _ := strings.Cut(rest, `"`)
			c.add(field, value)
		}
	}
}

func firstOf(c *canaries, what string) string {
	for value, is := range c.values {
		if is == what {
			return value
		}
	}
	return ""
}

// checkFiles looks into everything below the home folder that is not sealed.
func checkFiles(t *testing.T, c *canaries) {
	t.Helper()
	seen := 0
	err := filepath.WalkDir(os.Getenv("MAILGRANT_HOME"), func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || strings.HasSuffix(path, ".sealed") {
			return err
		}
		data, err := os.ReadFile(path)
		c.check(t, path, string(data))
		seen++
		return err
	})
	if err != nil || seen < 2 {
		t.Errorf("%d files read, %v; want at least the log and a definition", seen, err)
	}
}
