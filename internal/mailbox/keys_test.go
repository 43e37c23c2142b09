package mailbox

import (
	"errors"
	"strings"
	"testing"
)

const keysFile = `{"name":"x","sender":"a@contoso.com","imap":{"host":"outlook.office365.com","port":993,"security":"tls"},` +
	`"oauth":{"tenant":"contoso.com","client_id":"1b4e28ba-2fa1-11d2-883f-0016d3cca427","redirect":"http://localhost"}}`

func TestTwiceAndFoldedNamesAreRefused(t *testing.T) {
	if _, err := Parse([]byte(keysFile)); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ old, put, field, problem string }{
		{`"name":"x"`, `"name":"x","name":"y"`, "name", "twice"},
		{`"name":"x"`, `"name":"x","Name":"y"`, "Name", "unknown"},
		{`"name":"x"`, `"name":"x","n\u0061me":"y"`, "name", "twice"},
		{`"port":993`, `"port":993,"port":143`, "imap.port", "twice"},
		{`"host":`, `"hoſt":`, "imap.hoſt", "unknown"},
		{`"tenant":`, `"TENANT":`, "oauth.TENANT", "unknown"},
		{`"client_id":`, `"client_id":"1b4e28ba-2fa1-11d2-883f-0016d3cca428","client_id":`, "oauth.client_id", "twice"},
		{`"imap":`, `"imap":null,"imap":`, "imap", "twice"},
		{`"redirect":`, `"issuer":"","iſſuer":"","redirect":`, "oauth.iſſuer", "unknown"},
	} {
		file := strings.Replace(keysFile, c.old, c.put, 1)
		_, err := Parse([]byte(file))
		var invalid Invalid
		if !errors.As(err, &invalid) || len(invalid) != 1 || invalid[0].Field != c.field || invalid[0].Problem != c.problem {
			t.Errorf("%s: %v; want %s: %s", c.put, err, c.field, c.problem)
		}
	}
}

func TestAnAnswerIsShownByTheSignInServiceOnly(t *testing.T) {
	for redirect, want := range map[string]string{
		"https://login.microsoftonline.com/common/oauth2/nativeclient":           "",
		"https://login.microsoftonline.com/common/oauth2/nativeclient/":          "",
		"https://login.evil.example/common/oauth2/nativeclient":                  "redirect-host",
		"https://login.microsoftonline.com.evil.test/common/oauth2/nativeclient": "redirect-host",
		"https://login.microsoftonline.us/common/oauth2/nativeclient":            "redirect-host", // another cloud's
		"https://x@login.microsoftonline.com/common/oauth2/nativeclient":         "redirect-host",
		"http://login.microsoftonline.com/common/oauth2/nativeclient":            "redirect",
	} {
		_, err := Parse([]byte(strings.Replace(keysFile, "http://localhost", redirect, 1)))
		var invalid Invalid
		errors.As(err, &invalid)
		got, _ := invalid.For("oauth.redirect")
		if got.Problem != want || want != "" && len(invalid) != 1 {
			t.Errorf("%s: %v; want %q", redirect, err, want)
		}
	}
	o := OAuth{Provider: ProviderMicrosoft, Cloud: CloudChina}
	if got := o.nativeRedirect(); got != "https://login.partner.microsoftonline.cn/common/oauth2/nativeclient" {
		t.Errorf("China: %s", got)
	}
	google := strings.Replace(keysFile, "http://localhost", "https://login.microsoftonline.com/common/oauth2/nativeclient", 1)
	d, err := decode([]byte(google))
	if d.OAuth.Provider = ProviderGoogle; err != nil {
		t.Fatal(err)
	}
	d.OAuth.Cloud, d.OAuth.AccountType, d.OAuth.Tenant = "", "", ""
	if err := d.Normalize().Validate(); err == nil || !strings.Contains(err.Error(), "oauth.redirect") {
		t.Errorf("Google's code would be shown by Microsoft: %v", err)
	}
}

// A definition is a readable file: what is a secret stays out of each of its fields.
func TestASecretIsInNoField(t *testing.T) {
	const entra, google = "abc8Q~abcdefghijklmnopqrstuvwxyz0123456789", "GOCSPX-abcdefghijklmnopqrstuvwxyz12"
	for path, value := range map[string]any{
		"name": google, "sender": entra + "@contoso.com", "user": entra + "@contoso.com", "oauth.scopes": []string{entra},
		"oauth.authority": "https://login.example.com/" + entra, "imap.host": google, "oauth.client_id": entra,
	} {
		_, err := Parse(set(t, path, value))
		var invalid Invalid
		errors.As(err, &invalid)
		if e, _ := invalid.For(path); e.Problem != "secret" || strings.Contains(err.Error(), "abcdef") {
			t.Errorf("%s: %v", path, err)
		}
	}
}
