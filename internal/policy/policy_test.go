package policy

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func file(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "policies.json")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestLoad(t *testing.T) {
	defer Set(Policy{})()
	if err := Load(filepath.Join(t.TempDir(), "none.json")); err != nil || Current().NoSecretsOnDisk {
		t.Fatal(err)
	}
	err := Load(file(t, `{"ClientId":"c","Tenant":"t","Cloud":"china","Proxy":"proxy.contoso.com:8080","SignInWays":["link"],"TokenHosts":["*.Contoso.com","mx.fabrikam.com",".adatum.com","*tailspin.com","*"],"NoSecretsOnDisk":true}`))
	if err != nil {
		t.Fatal(err)
	}
	p := Current()
	for host, want := range map[string]bool{
		"imap.contoso.com": true, "IMAP.CONTOSO.COM": true, "contoso.com": false, "evilcontoso.com": false, "mx.fabrikam.com": true, "a.mx.fabrikam.com": false,
		"imap.adatum.com": false, "imap.tailspin.com": false, "eviltailspin.com": false,
	} {
		if p.HostAllowed(host) != want {
			t.Errorf("%s: %t", host, !want)
		}
	}
	if got := p.Ways([]string{"private-window", "link"}); !slices.Equal(got, []string{"link"}) {
		t.Error(got)
	}
	if !p.NoSecretsOnDisk || p.Cloud != "china" || p.ClientID != "c" {
		t.Errorf("%+v", p)
	}
}

// TestWhatCannotBeReadForbids: it is told, and what was in force stays.
func TestWhatCannotBeReadForbids(t *testing.T) {
	defer Set(Policy{NoSecretsOnDisk: true})()
	for name, text := range map[string]string{
		"no JSON": "{", "a second object": `{"Cloud":"global"}{"TokenHosts":["a"]}`, "a brace too many": `{"Cloud":"global"}}`, "a typing error": `{"TokenHost":["a"]}`, "another type": `{"TokenHosts":"a"}`, "cloud": `{"Cloud":"mars"}`,
		"way": `{"SignInWays":["telepathy"]}`, "a proxy's password": `{"Proxy":"http://u:p@proxy:80"}`,
		"two proxies": `{"Proxy":"one:80;two:80"}`, "no host": `{"Proxy":"http://"}`, "a proxy of one scheme": `{"Proxy":"http=proxy:80"}`,
	} {
		var wrong *Error
		if err := Load(file(t, text)); !errors.As(err, &wrong) || wrong.Name == "" || !Current().NoSecretsOnDisk {
			t.Errorf("%s: %v", name, err)
		}
	}
}
