package practice

import (
	"bufio"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"io"
	"maps"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"mailgrant/internal/mailbox"
)

const redirectURI = "http://localhost:51234"

// start runs a tenant for one test and sees that it closes.
func start(t *testing.T, o Options) *Tenant {
	t.Helper()
	tenant, err := Start(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := tenant.Close(); err != nil {
			t.Error("close:", err)
		}
	})
	return tenant
}

// browser is a client that does not follow redirects.
var browser = &http.Client{
	Timeout:       10 * time.Second,
	Transport:     &http.Transport{DisableKeepAlives: true},
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

type reply struct {
	status int
	body   string
	header http.Header
}

// location is where the answer leads, with its parameters.
func (r reply) location(t *testing.T) (string, url.Values) {
	t.Helper()
	u, err := url.Parse(r.header.Get("Location"))
	if err != nil || r.status != http.StatusFound {
		t.Fatalf("no redirect: %d %v\n%s", r.status, err, r.body)
	}
	q := u.Query()
	u.RawQuery = ""
	return u.String(), q
}

func (r reply) json(t *testing.T) map[string]any {
	t.Helper()
	m := map[string]any{}
	if err := json.Unmarshal([]byte(r.body), &m); err != nil {
		t.Fatalf("%v in %s", err, r.body)
	}
	return m
}

func send(t *testing.T, req *http.Request, err error) reply {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	resp, err := browser.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return reply{resp.StatusCode, string(body), resp.Header}
}

func get(t *testing.T, address string) reply {
	t.Helper()
	req, err := http.NewRequest(http.MethodGet, address, nil)
	return send(t, req, err)
}

func post(t *testing.T, address string, form url.Values) reply {
	t.Helper()
	req, err := http.NewRequest(http.MethodPost, address, strings.NewReader(form.Encode()))
	if err == nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	return send(t, req, err)
}

const (
	mailScopes = "https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/POP.AccessAsUser.All https://outlook.office.com/SMTP.Send"
	allScopes  = mailScopes + " openid profile email offline_access"
	verifier   = "a-code-verifier-that-is-long-enough-for-rfc-7636"
)

// authorizeURL is a complete request; change replaces or, with "", removes
// parameters. "tenant" replaces the tenant.
func authorizeURL(tenant *Tenant, change map[string]string) string {
	sum := sha256.Sum256([]byte(verifier))
	q := url.Values{
		"client_id": {ClientID}, "response_type": {"code"}, "redirect_uri": {redirectURI}, "scope": {allScopes}, "state": {"st4te"}, "nonce": {"n0nce"},
		"code_challenge": {base64.RawURLEncoding.EncodeToString(sum[:])}, "code_challenge_method": {"S256"}, "prompt": {"login"},
	}
	name := Domain
	for k, v := range change {
		switch {
		case k == "tenant":
			name = v
		case v == "":
			q.Del(k)
		default:
			q.Set(k, v)
		}
	}
	return tenant.URL() + "/" + name + "/oauth2/v2.0/authorize?" + q.Encode()
}

// signIn gets a code for an account.
func signIn(t *testing.T, tenant *Tenant, user string, change map[string]string) string {
	t.Helper()
	all := map[string]string{"practice_user": user}
	maps.Copy(all, change)
	_, q := get(t, authorizeURL(tenant, all)).location(t)
	if q.Get("code") == "" || q.Get("state") != "st4te" {
		t.Fatalf("no code: %v", q)
	}
	return q.Get("code")
}

func tokenURL(tenant *Tenant, name string) string {
	return tenant.URL() + "/" + name + "/oauth2/v2.0/token"
}

// redeem turns a code into the token answer, whatever it is.
func redeem(t *testing.T, tenant *Tenant, code string, change map[string]string) reply {
	t.Helper()
	form := url.Values{"grant_type": {"authorization_code"}, "client_id": {ClientID}, "code": {code}, "redirect_uri": {redirectURI}, "code_verifier": {verifier}}
	for k, v := range change {
		form.Set(k, v)
	}
	return post(t, tokenURL(tenant, Domain), form)
}

// grant signs an account in and returns the tokens.
func grant(t *testing.T, tenant *Tenant, user string) map[string]any {
	t.Helper()
	r := redeem(t, tenant, signIn(t, tenant, user, nil), nil)
	if r.status != http.StatusOK {
		t.Fatalf("token: %d %s", r.status, r.body)
	}
	return r.json(t)
}

func accessToken(t *testing.T, tenant *Tenant, user string) string {
	t.Helper()
	return grant(t, tenant, user)["access_token"].(string)
}

func refresh(t *testing.T, tenant *Tenant, token string) reply {
	t.Helper()
	return post(t, tokenURL(tenant, Domain), url.Values{"grant_type": {"refresh_token"}, "client_id": {ClientID}, "refresh_token": {token}})
}

// claimsOf decodes a token without checking it.
func claimsOf(t *testing.T, token string) map[string]any {
	t.Helper()
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		t.Fatalf("no JWT: %q", token)
	}
	raw, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		t.Fatal(err)
	}
	return reply{body: string(raw)}.json(t)
}

func roots(t *testing.T, d mailbox.Definition) *x509.CertPool {
	t.Helper()
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM([]byte(d.TrustedCA)) {
		t.Fatal("no root in the definition")
	}
	return pool
}

// peer is a scripted line-based client.
type peer struct {
	t    *testing.T
	conn net.Conn
	in   *bufio.Reader
}

func dialPeer(t *testing.T, tenant *Tenant, s *mailbox.Server) *peer {
	t.Helper()
	conn, err := net.Dial("tcp", net.JoinHostPort(s.Host, strconv.Itoa(s.Port)))
	if err != nil {
		t.Fatal(err)
	}
	p := &peer{t: t, conn: conn}
	if s.Security == mailbox.SecurityTLS {
		p.secure(tenant)
	}
	p.in = bufio.NewReader(p.conn)
	_ = p.conn.SetDeadline(time.Now().Add(20 * time.Second))
	t.Cleanup(func() { _ = p.conn.Close() })
	return p
}

func (p *peer) secure(tenant *Tenant) {
	p.t.Helper()
	c := tls.Client(p.conn, &tls.Config{RootCAs: roots(p.t, tenant.Definition()), ServerName: "localhost"})
	if err := c.Handshake(); err != nil {
		p.t.Fatal(err)
	}
	p.conn, p.in = c, bufio.NewReader(c)
}

func (p *peer) read() string {
	p.t.Helper()
	line, err := p.in.ReadString('\n')
	if err != nil {
		p.t.Fatalf("read: %v (%q)", err, line)
	}
	return strings.TrimSuffix(line, "\r\n")
}

// say sends a line and reads up to the line that begins with until.
func (p *peer) say(line, until string) string {
	p.t.Helper()
	if _, err := io.WriteString(p.conn, line+"\r\n"); err != nil {
		p.t.Fatal(err)
	}
	for {
		if answer := p.read(); strings.HasPrefix(answer, until) {
			return answer
		}
	}
}

func (p *peer) ended() bool {
	_, err := p.in.ReadByte()
	return err != nil
}

func xoauth2(user, token string) string {
	return base64.StdEncoding.EncodeToString([]byte("user=" + user + "\x01auth=Bearer " + token + "\x01\x01"))
}

func base64Text(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }
