//go:build windows && wine

package policy

import (
	"slices"
	"testing"

	"golang.org/x/sys/windows/registry"
)

// The machine's values count before the user's, each by itself; one of a wrong
// type is an error.
func TestWineRegistry(t *testing.T) {
	defer Set(Policy{})()
	keys := map[string]registry.Key{}
	for name, root := range map[string]registry.Key{"user": registry.CURRENT_USER, "machine": registry.LOCAL_MACHINE} {
		k, _, err := registry.CreateKey(root, key, registry.ALL_ACCESS)
		if err != nil {
			t.Fatal(err)
		}
		defer registry.DeleteKey(root, key)
		defer k.Close()
		keys[name] = k
	}
	set := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	set(keys["user"].SetStringValue("ClientId", "of the user"))
	set(keys["user"].SetStringValue("Tenant", "contoso.com"))
	set(keys["user"].SetDWordValue("NoSecretsOnDisk", 1))
	set(keys["machine"].SetStringValue("ClientId", "of the machine"))
	set(keys["machine"].SetStringsValue("TokenHosts", []string{"*.contoso.com", "mx.fabrikam.com"}))
	set(keys["machine"].SetDWordValue("NoSecretsOnDisk", 0))
	if err := Load(""); err != nil {
		t.Fatal(err)
	}
	p := Current()
	if p.ClientID != "of the machine" || p.Tenant != "contoso.com" || p.NoSecretsOnDisk || !slices.Equal(p.TokenHosts, []string{"*.contoso.com", "mx.fabrikam.com"}) {
		t.Errorf("%+v", p)
	}
	set(keys["machine"].SetStringValue("NoSecretsOnDisk", "yes"))
	if err := Load(""); err == nil {
		t.Error("a value of a wrong type is taken")
	}
}
