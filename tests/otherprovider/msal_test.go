//go:build otherprovider

package otherprovider

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"mailgrant/app/practice"
	"mailgrant/tests/practicetest"
)

// msalResult is what Microsoft's library made of the tenant's answers.
type msalResult struct {
	Answers map[string]struct {
		User, Tenant, Home, Token, Expires string
		Scopes                             []string
		Cached                             bool
	}
	Refusals map[string]struct {
		Name, Code string
		Numbers    []string
	}
}

// TestMicrosoftsOwnLibrary lets msal-node sign in at the practice tenant, with
// nothing changed but that the tenant's address is a known authority: what
// balks here would show that the practice differs from Entra.
func TestMicrosoftsOwnLibrary(t *testing.T) {
	tenant := practicetest.Start(t, practice.Options{HTTPS: true})
	result := runMSAL(t, tenant)
	got := result.Answers
	for name, r := range got {
		if r.Token == "" || r.Expires == "" {
			t.Errorf("%s: no token or no end: %+v", name, r)
		}
	}
	for _, name := range []string{"code", "cached", "renewed", "device"} {
		r := got[name]
		if r.User != practice.Helpdesk.UPN || r.Tenant != practice.TenantID {
			t.Errorf("%s: account %q of tenant %q", name, r.User, r.Tenant)
		}
		if want := practice.Helpdesk.ObjectID + "." + practice.TenantID; r.Home != want {
			t.Errorf("%s: home account %q, want %q", name, r.Home, want)
		}
		if !slices.Contains(r.Scopes, "https://outlook.office.com/IMAP.AccessAsUser.All") {
			t.Errorf("%s: scopes %q", name, r.Scopes)
		}
	}
	if !got["cached"].Cached || got["cached"].Token != got["code"].Token {
		t.Error("the library did not keep what it got")
	}
	if got["renewed"].Cached || got["renewed"].Token == got["code"].Token {
		t.Error("the renewal gave no new token")
	}
	if r := result.Refusals["ended"]; r.Name != "InteractionRequiredAuthError" || r.Code != "invalid_grant" || !slices.Contains(r.Numbers, "AADSTS700082") {
		t.Errorf("refresh token ended: %+v", r)
	}
	if r := result.Refusals["secret"]; r.Name != "ServerError" || r.Code != "invalid_client" || !slices.Contains(r.Numbers, "AADSTS7000215") {
		t.Errorf("wrong secret: %+v", r)
	}
}

// runMSAL runs msal.mjs against the tenant.
func runMSAL(t *testing.T, tenant *practice.Tenant) msalResult {
	t.Helper()
	dir := os.Getenv("MAILGRANT_TEST_PROVIDER")
	if dir == "" {
		t.Fatal("run this by scripts/test-provider")
	}
	root := filepath.Join(t.TempDir(), "root.pem")
	if err := os.WriteFile(root, []byte(tenant.Definition().TrustedCA), 0o600); err != nil {
		t.Fatal(err)
	}
	config, err := json.Marshal(map[string]string{
		"url": tenant.URL(), "tenant": practice.TenantID, "user": practice.Helpdesk.UPN,
		"client": practice.ClientID, "web": practice.WebClientID, "secret": practice.WebClientSecret,
	})
	if err != nil {
		t.Fatal(err)
	}
	c := exec.CommandContext(t.Context(), "node", "msal.mjs")
	c.Dir, c.Env = dir, append(os.Environ(), "NODE_EXTRA_CA_CERTS="+root)
	c.Stdin = bytes.NewReader(config)
	var log bytes.Buffer
	c.Stderr = &log
	out, err := c.Output()
	if err != nil {
		t.Fatalf("msal-node: %v\n%s%s", err, out, log.String())
	}
	var got msalResult
	if err := json.Unmarshal(out, &got); err != nil {
		t.Fatalf("msal-node: %v: %s", err, out)
	}
	return got
}
