package oauth

import (
	"net/url"
	"testing"

	"mailgrant/internal/diagnosis"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/policy"
)

func TestAPolicysProxyTakesTheSystemsPlace(t *testing.T) {
	useProxy(t, "http://environment.example.com:80")
	defer policy.Set(policy.Policy{Proxy: "policy.example.com:8080"})()
	useSystem(t, func(*url.URL) ([]*url.URL, bool) { return []*url.URL{{Scheme: "http", Host: "system:1"}}, true })
	for target, want := range map[string]string{"https://login.example.com/": "http://policy.example.com:8080", "https://localhost/": ""} {
		u, _ := url.Parse(target)
		list, err := proxies{}.list(t.Context(), u)
		got := ""
		if len(list) > 0 {
			got = list[0].String()
		}
		if err != nil || got != want {
			t.Errorf("%s: %q, %v", target, got, err)
		}
	}
}

func TestPoliciesNarrowTheWays(t *testing.T) {
	defer policy.Set(policy.Policy{SignInWays: []string{mailbox.SignInDeviceCode, mailbox.SignInDefaultBrowser}})()
	microsoft := mailbox.OAuth{Provider: mailbox.ProviderMicrosoft, SignIn: mailbox.SignInPrivateWindow}
	for asked, want := range map[string]string{"": mailbox.SignInDefaultBrowser, mailbox.SignInLink: mailbox.SignInDefaultBrowser, mailbox.SignInDeviceCode: mailbox.SignInDeviceCode} {
		if got := (Request{Mailbox: mailbox.Definition{OAuth: &microsoft}, SignIn: asked}).way(); got != want {
			t.Errorf("asked for %q: %q, want %q", asked, got, want)
		}
	}
	if got := nextWay(mailbox.SignInDefaultBrowser, microsoft, true); got != mailbox.SignInDeviceCode {
		t.Errorf("after the browser: %q", got)
	}
	if got := wayAfter(mailbox.SignInDeviceCode, diagnosis.CauseDeviceCodeFlowBlocked); got != "" {
		t.Errorf("a forbidden way is proposed: %q", got)
	}
}
