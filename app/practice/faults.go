package practice

import (
	"fmt"
	"slices"
	"strings"
)

// The faults that can be switched on, each in effect from the next request or
// connection on.
const (
	FaultIMAPOff            = "imap-off"              // IMAP is off for the mailbox
	FaultPOP3Off            = "pop3-off"              // POP is off for the mailbox
	FaultSMTPOffMailbox     = "smtp-auth-off-mailbox" // authenticated SMTP is off for the mailbox
	FaultSMTPOffTenant      = "smtp-auth-off-tenant"  // ... for the organisation
	FaultWrongAudience      = "wrong-audience"        // access tokens are for Microsoft Graph
	FaultMissingScope       = "missing-scope"         // POP.AccessAsUser.All is not granted
	FaultConsentMissing     = "consent-missing"       // nobody has consented to the application
	FaultRefreshExpired     = "refresh-expired"       // refresh tokens were unused for too long
	FaultSlow               = "slow"                  // the mail servers take their time
	FaultNotConnected       = "not-connected"         // IMAP signs in but finds no mailbox
	FaultTLSIntercepted     = "tls-intercepted"       // something on the way opens TLS
	FaultRedirectUnregister = "redirect-unregistered" // the redirect address is not registered
	FaultRecipientRefuses   = "recipient-refuses"     // a mail flow rule refuses what is sent to the mailbox
	FaultMailMoved          = "mail-moved"            // a rule moves what comes to the deleted items
	FaultMailLost           = "mail-lost"             // what is sent never arrives
)

// AllFaults are all of them, in the order in which they are shown.
var AllFaults = []string{
	FaultIMAPOff, FaultPOP3Off, FaultSMTPOffMailbox, FaultSMTPOffTenant, FaultWrongAudience, FaultMissingScope,
	FaultConsentMissing, FaultRefreshExpired, FaultSlow, FaultNotConnected, FaultTLSIntercepted, FaultRedirectUnregister,
	FaultRecipientRefuses, FaultMailMoved, FaultMailLost,
}

// Faults returns those that are on, in the order of AllFaults.
func (t *Tenant) Faults() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(AllFaults), func(f string) bool { return !t.faults[f] })
}

// SetFaults switches exactly these on and all others off. With an unknown one
// it changes nothing and returns an error that names it.
func (t *Tenant) SetFaults(faults []string) error {
	on := map[string]bool{}
	for _, f := range faults {
		if !slices.Contains(AllFaults, f) {
			return fmt.Errorf("practice: no fault %q; there are %s", f, strings.Join(AllFaults, ", "))
		}
		on[f] = true
	}
	t.mu.Lock()
	t.faults = on
	t.mu.Unlock()
	t.log.Info("practice: faults", "on", faults)
	return nil
}

func (t *Tenant) faulty(fault string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.faults[fault]
}

func (t *Tenant) repair(fault string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.faults, fault)
}
