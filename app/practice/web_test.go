package practice

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"mailgrant/internal/i18n"
)

func TestControl(t *testing.T) {
	tenant := start(t, Options{Faults: []string{FaultSlow}})
	address := tenant.URL() + "/control"
	if m := get(t, address).json(t); len(m["faults"].([]any)) != 1 || len(m["available"].([]any)) != len(AllFaults) {
		t.Error(m)
	}
	setJSON := func(body, contentType string) reply {
		req, err := http.NewRequest(http.MethodPost, address, strings.NewReader(body))
		if err == nil && contentType != "" {
			req.Header.Set("Content-Type", contentType)
		}
		return send(t, req, err)
	}
	// curl -d calls JSON a form.
	for _, contentType := range []string{"application/json", "application/x-www-form-urlencoded", ""} {
		if err := tenant.SetFaults(nil); err != nil {
			t.Fatal(err)
		}
		if r := setJSON(`{"faults":["pop3-off","imap-off"]}`, contentType); r.status != http.StatusOK || !slices.Equal(tenant.Faults(), []string{"imap-off", "pop3-off"}) {
			t.Errorf("%q: %d %s %v", contentType, r.status, r.body, tenant.Faults())
		}
	}
	for _, bad := range []string{`{"faults":["nonsense"]}`, `{"fault":["slow"]}`, `{"faults":`, `{"faults":"slow"}`, `["slow"]`, `slow`} {
		if r := setJSON(bad, "application/json"); r.status != http.StatusBadRequest || r.json(t)["error"] == "" || len(tenant.Faults()) != 2 {
			t.Errorf("%s: %d %s", bad, r.status, r.body)
		}
	}
	if r := post(t, address, url.Values{"fault": {"slow"}}); r.status != http.StatusSeeOther || !slices.Equal(tenant.Faults(), []string{"slow"}) {
		t.Error(r.status, tenant.Faults())
	}
	if r := post(t, address, url.Values{}); r.status != http.StatusSeeOther || len(tenant.Faults()) != 0 {
		t.Error(r.status, tenant.Faults())
	}
}

func TestFrontPage(t *testing.T) {
	tenant := start(t, Options{Faults: []string{FaultNotConnected}})
	r := get(t, tenant.URL()+"/")
	for _, a := range Accounts {
		if !strings.Contains(r.body, a.UPN) || !strings.Contains(r.body, a.Password) {
			t.Error("no", a.UPN)
		}
	}
	for _, fault := range AllFaults {
		if !strings.Contains(r.body, `value="`+fault+`"`) {
			t.Error("no", fault)
		}
	}
	if strings.Count(r.body, " checked>") != 1 || strings.Contains(r.body, "practice.") || strings.Contains(r.body, "⟨") {
		t.Error(r.body)
	}
	if css := get(t, tenant.URL()+"/pages.css"); css.status != http.StatusOK || css.header.Get("Content-Type") != "text/css; charset=utf-8" {
		t.Error(css.status)
	}
}

// The pages speak the language of the program; the browser's where there is none.
func TestThePagesSpeakTheProgramsLanguage(t *testing.T) {
	for want, o := range map[string]Options{`lang="de"`: {Language: i18n.German}, `lang="en"`: {}} {
		tenant := start(t, o)
		req, err := http.NewRequest(http.MethodGet, tenant.URL()+"/", nil)
		if err == nil {
			req.Header.Set("Accept-Language", "en-GB")
		}
		if r := send(t, req, err); !strings.Contains(r.body, want) {
			t.Errorf("not %s: %.60s", want, r.body)
		}
	}
}

// A fault that a stored token hides says when it shows.
func TestFaultsSayWhenTheyShow(t *testing.T) {
	for _, fault := range []string{FaultMissingScope, FaultWrongAudience, FaultConsentMissing, FaultRedirectUnregister, FaultRefreshExpired} {
		for lang, words := range map[i18n.Language][]string{i18n.English: {"next sign-in", "next renewal"}, i18n.German: {"nächste Anmeldung", "nächste Erneuerung"}} {
			text := i18n.For(lang).Text("practice.fault." + fault)
			if !slices.ContainsFunc(words, func(w string) bool { return strings.Contains(text, w) }) {
				t.Errorf("%s: %q", fault, text)
			}
		}
	}
}

func TestOtherPagesCannotReachTheSwitches(t *testing.T) {
	tenant := start(t, Options{})
	for name, change := range map[string]func(*http.Request){
		"another host name": func(r *http.Request) { r.Host = "practice.example" },
		"another origin":    func(r *http.Request) { r.Header.Set("Origin", "https://evil.example") },
		"cross-site fetch":  func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") },
	} {
		req, err := http.NewRequest(http.MethodPost, tenant.URL()+"/control", strings.NewReader(`{"faults":["slow"]}`))
		if err == nil {
			change(req)
		}
		if r := send(t, req, err); r.status < 400 || len(tenant.Faults()) != 0 {
			t.Errorf("%s: %d", name, r.status)
		}
	}
}
