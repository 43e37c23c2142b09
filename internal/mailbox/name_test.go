package mailbox

import (
	"strings"
	"testing"
)

// Whatever the address, a mailbox without a name can be saved.
func TestEveryAddressGivesAName(t *testing.T) {
	long := strings.Repeat("purchasing.", 5) + "and-sales@" + strings.Repeat("group.", 8) + "example.test"
	for address, want := range map[string]string{
		"helpdesk@contoso.test": "helpdesk@contoso.test",
		"o'brien@contoso.test":  "o-brien@contoso.test",
		"_service@contoso.test": "service@contoso.test",
		"a/b=c@contoso.test":    "a-b-c@contoso.test",
		long:                    long[:64],
	} {
		t.Run(address, func(t *testing.T) {
			d := Definition{Sender: address, OAuth: &OAuth{Tenant: "contoso.test", ClientID: "00000000-0000-0000-0000-00000000000b"}, Servers: NewServers(Given{IMAP: {Host: "localhost", Port: 993, Security: SecurityTLS}})}.Normalize()
			if d.Name != want || NameOf(d.Name) != want {
				t.Errorf("named %q", d.Name)
			}
			if err := d.Validate(); err != nil {
				t.Error(err)
			}
		})
	}
}
