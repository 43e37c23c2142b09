package oauth

import (
	"crypto/tls"
	"encoding/pem"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"mailgrant/internal/diagnosis"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/redact"
)

func TestDiscoveryIsChecked(t *testing.T) {
	ms := func(accountType string) mailbox.OAuth {
		o := mailbox.OAuth{Provider: mailbox.ProviderMicrosoft, AccountType: accountType}
		if accountType == mailbox.AccountTenant {
			o.Tenant = "contoso.test"
		}
		return o
	}
	custom := mailbox.OAuth{Provider: mailbox.ProviderCustom, Issuer: "https://id.example.test/realm"}
	const base = "https://login.microsoftonline.com/"
	ends := func(m metadata) metadata {
		m.Keys, m.Authorization, m.Token = "https://id.example.test/keys", "https://id.example.test/a", "https://id.example.test/t"
		return m
	}
	cases := []struct {
		name string
		o    mailbox.OAuth
		m    metadata
		ok   bool
	}{
		{"tenant", ms(mailbox.AccountTenant), ends(metadata{Issuer: base + testTenant + "/v2.0"}), true},
		{"tenant gives the template", ms(mailbox.AccountTenant), ends(metadata{Issuer: base + "{tenantid}/v2.0"}), false},
		{"tenant without GUID", ms(mailbox.AccountTenant), ends(metadata{Issuer: base + "contoso/v2.0"}), false},
		{"organizations", ms(mailbox.AccountOrganizations), ends(metadata{Issuer: base + "{tenantid}/v2.0"}), true},
		{"organizations gives a tenant", ms(mailbox.AccountOrganizations), ends(metadata{Issuer: base + testTenant + "/v2.0"}), false},
		{"consumers", ms(mailbox.AccountConsumers), ends(metadata{Issuer: base + personalTenant + "/v2.0"}), true},
		{"no keys", ms(mailbox.AccountTenant), metadata{Issuer: base + testTenant + "/v2.0"}, false},
		{"keys in the clear", ms(mailbox.AccountTenant), metadata{Issuer: base + testTenant + "/v2.0", Keys: "http://login.microsoftonline.com/keys"}, false},
		{"keys by another protocol", ms(mailbox.AccountTenant), metadata{Issuer: base + testTenant + "/v2.0", Keys: "ftp://localhost/keys"}, false},
		{"keys of no host", ms(mailbox.AccountTenant), metadata{Issuer: base + testTenant + "/v2.0", Keys: "https:///keys"}, false},
		{"custom", custom, ends(metadata{Issuer: "https://id.example.test/realm"}), true},
		{"custom with a slash", custom, ends(metadata{Issuer: "https://id.example.test/realm/"}), true},
		{"custom, other issuer", custom, ends(metadata{Issuer: "https://id.example.test/other"}), false},
		{"custom, template", custom, ends(metadata{Issuer: "https://id.example.test/{tenantid}"}), false},
		{"custom, no endpoints", custom, metadata{Issuer: "https://id.example.test/realm", Keys: "https://id.example.test/keys"}, false},
		{"custom, token in the clear", custom, func() metadata {
			m := ends(metadata{Issuer: "https://id.example.test/realm"})
			m.Token = "http://id.example.test/t"
			return m
		}(), false},
		{"custom, sign-in page in the clear", custom, func() metadata {
			m := ends(metadata{Issuer: "https://id.example.test/realm"})
			m.Authorization = "http://id.example.test/a"
			return m
		}(), false},
		{"custom, device code in the clear", custom, func() metadata {
			m := ends(metadata{Issuer: "https://id.example.test/realm"})
			m.Device = "http://id.example.test/d"
			return m
		}(), false},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			if _, err := newService(tc.o, tc.m); (err == nil) != tc.ok {
				t.Error(err)
			}
		})
	}
}

func TestIssuerFits(t *testing.T) {
	const base = "https://login.microsoftonline.com/"
	template := &service{metadata: metadata{Issuer: base + "{tenantid}/v2.0"}, allowsWork: true}
	named := &service{metadata: metadata{Issuer: base + testTenant + "/v2.0"}, allowsWork: true}
	both := &service{metadata: template.metadata, allowsWork: true, allowsPersonal: true}
	personal := &service{metadata: template.metadata, allowsPersonal: true}
	for _, tc := range []struct {
		s        *service
		iss, tid string
		want     bool
	}{
		{template, base + testTenant + "/v2.0", testTenant, true},
		{template, base + otherTenant + "/v2.0", otherTenant, true},
		{template, base + otherTenant + "/v2.0", testTenant, false},
		{template, base + "{tenantid}/v2.0", "{tenantid}", false},
		{template, base + "x/../y/v2.0", "x/../y", false},
		{template, base + personalTenant + "/v2.0", personalTenant, false},
		{template, base + personalTenant + "/v2.0", strings.ToUpper(personalTenant), false},
		{both, base + personalTenant + "/v2.0", personalTenant, true},
		{personal, base + personalTenant + "/v2.0", personalTenant, true},
		{personal, base + testTenant + "/v2.0", testTenant, false},
		{named, base + testTenant + "/v2.0", testTenant, true},
		{named, base + testTenant + "/v2.0", otherTenant, false},
		{named, base + otherTenant + "/v2.0", otherTenant, false},
		{named, "https://evil.test/" + testTenant + "/v2.0", testTenant, false},
	} {
		if got := tc.s.issuerFits(tc.iss, tc.tid); got != tc.want {
			t.Errorf("%s with %s at %s: %t", tc.iss, tc.tid, tc.s.Issuer, got)
		}
	}
}

func TestTenantOf(t *testing.T) {
	f, c := offline()
	f.domains["outlook.test"] = personalMailTenant
	for domain, want := range map[string]string{"contoso.test": testTenant, "partner.test": otherTenant} {
		if got, err := c.TenantOf(t.Context(), f.definition(), domain); err != nil || got != want {
			t.Errorf("%s: %q, %v", domain, got, err)
		}
	}
	f.domains["outlook.test"] = personalMailTenant
	if got, err := c.TenantOf(t.Context(), f.definition(), "outlook.test"); err != nil || got != personalTenant {
		t.Errorf("personal: %q, %v", got, err)
	}
	var d diagnosis.Diagnosis
	if _, err := c.TenantOf(t.Context(), f.definition(), "nowhere.test"); !errors.As(err, &d) || !strings.Contains(d.ServerText, "AADSTS90002") {
		t.Errorf("nowhere: %#v", err)
	}
	if _, err := c.TenantOf(t.Context(), f.custom(), "contoso.test"); causeOf(err) != diagnosis.CauseTenantNotFound {
		t.Errorf("custom: %v", err)
	}
}

func TestSignInWithoutDiscovery(t *testing.T) {
	f, c := offline()
	d := f.definition()
	d.OAuth.Tenant = "nowhere.test"
	if _, err := c.SignIn(t.Context(), Request{Mailbox: d}); err == nil {
		t.Error("no error")
	}
	c.HTTP.Transport = inProcess{http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("<html>portal</html>")) })}
	if _, err := c.SignIn(t.Context(), Request{Mailbox: d}); causeOf(err) != diagnosis.CauseSignInServiceAnswer {
		t.Error(err)
	}
}

func TestHTTPClientTrustsItsOwnRootOnly(t *testing.T) {
	s := httptest.NewUnstartedServer(http.NotFoundHandler())
	s.Config.ErrorLog = quietLog()
	s.StartTLS()
	t.Cleanup(s.Close)
	root := string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw}))
	for ca, works := range map[string]bool{root: true, "": false} {
		c, err := HTTPClient(mailbox.Definition{TrustedCA: ca}, redact.Secret{})
		if err != nil {
			t.Fatal(err)
		}
		resp, err := c.Get(s.URL)
		if (err == nil) != works {
			t.Errorf("with a root %t: %v", ca != "", err)
		}
		if err == nil {
			resp.Body.Close()
		}
		c.CloseIdleConnections()
	}
	if _, err := HTTPClient(mailbox.Definition{TrustedCA: "nonsense"}, redact.Secret{}); err == nil {
		t.Error("nonsense was taken for a root")
	}
}

func TestHTTPClientRefusesOldTLS(t *testing.T) {
	s := httptest.NewUnstartedServer(http.NotFoundHandler())
	s.TLS = &tls.Config{MaxVersion: tls.VersionTLS11, MinVersion: tls.VersionTLS10}
	s.Config.ErrorLog = quietLog()
	s.StartTLS()
	t.Cleanup(s.Close)
	c, err := HTTPClient(mailbox.Definition{TrustedCA: string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw}))}, redact.Secret{})
	if err != nil {
		t.Fatal(err)
	}
	if resp, err := c.Get(s.URL); err == nil {
		resp.Body.Close()
		t.Error("TLS 1.1 was accepted")
	}
}

func TestHTTPClientLimits(t *testing.T) {
	address := newServer(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/redirect" {
			http.Redirect(w, r, "/elsewhere", http.StatusFound)
			return
		}
		for range 2 << 10 {
			_, _ = w.Write(make([]byte, 1<<10))
		}
	})
	c := testClientFor(t).HTTP
	resp, err := c.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	n, err := io.Copy(io.Discard, resp.Body)
	resp.Body.Close()
	if !errors.As(err, new(*http.MaxBytesError)) || n != maxAnswer {
		t.Errorf("%d bytes, %v", n, err)
	}
	if resp, err = c.Get(address + "/redirect"); err != nil || resp.StatusCode != http.StatusFound {
		t.Errorf("%v, %v", resp, err)
	} else {
		resp.Body.Close()
	}
}

func TestLoopbackGoesAroundTheProxy(t *testing.T) {
	c := testClientFor(t).HTTP
	transport := c.Transport.(limited).Transport
	for _, address := range []string{"http://localhost:1/", "http://127.0.0.1:1/", "http://[::1]:1/"} {
		r := httptest.NewRequest("GET", address, nil)
		if proxy, err := transport.Proxy(r); proxy != nil || err != nil {
			t.Errorf("%s: %v, %v", address, proxy, err)
		}
	}
}

// What answers in another way than HTTP has it is no sign-in service, and one
// that hangs up without a word is a broken connection.
func TestAnswersThatAreNone(t *testing.T) {
	for name, c := range map[string]struct {
		says string
		want diagnosis.Cause
	}{
		"nothing":        {"", diagnosis.CauseNetworkConnectionReset},
		"a mail server":  {"220 ready\r\n", diagnosis.CauseSignInServiceAnswer},
		"no headers":     {`{"refresh_token":"s3cret-of-the-answer","expires_in":1}`, diagnosis.CauseSignInServiceAnswer},
		"two lengths":    {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}x", diagnosis.CauseSignInServiceAnswer},
		"a broken chunk": {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", diagnosis.CauseSignInServiceAnswer},
		"no gzip":        {"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 14\r\n\r\nno gzip at all", diagnosis.CauseSignInServiceAnswer},
		"a large header": {"HTTP/1.1 200 OK\r\nX: " + strings.Repeat("x", 1<<17) + "\r\n\r\n{}", diagnosis.CauseSignInServiceAnswer},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t)
			f.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				conn, _, err := w.(http.Hijacker).Hijack()
				if err != nil {
					return
				}
				defer conn.Close()
				_, _ = io.WriteString(conn, c.says)
			})
			_, err := testClientFor(t).TenantOf(t.Context(), f.definition(), "contoso.test")
			var d diagnosis.Diagnosis
			if !errors.As(err, &d) || d.Cause != c.want {
				t.Errorf("%v; want %s", err, c.want)
			}
			if c.want == diagnosis.CauseSignInServiceAnswer && d.Args["host"] == "" {
				t.Error("it is not told who answered")
			}
			if strings.Contains(d.ServerText, "s3cret") {
				t.Errorf("the token is in %q", d.ServerText)
			}
		})
	}
}
