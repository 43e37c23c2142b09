package mailtest_test

import (
	"net/url"
	"testing"

	"mailgrant/app/practice"
	"mailgrant/internal/diagnosis"
	"mailgrant/mailtest"
	"mailgrant/tests/practicetest"
)

// applicationToken asks for a token without anybody who signs in.
func applicationToken(t *testing.T, tenant *practice.Tenant) string {
	t.Helper()
	return redeem(t, tenant.URL()+"/"+practice.TenantID+"/oauth2/v2.0/token", url.Values{
		"grant_type": {"client_credentials"}, "client_id": {practice.WebClientID}, "client_secret": {practice.WebClientSecret},
		"scope": {"https://outlook.office365.com/.default"},
	})
}

// POP3 refuses an application that may not open the mailbox with the words it
// has for one where POP is off. IMAP takes the sign-in and refuses the mailbox:
// that tells them apart.
func TestApplicationWithoutARightOnTheMailbox(t *testing.T) {
	for name, c := range map[string]struct {
		barred bool
		fault  []string
		want   diagnosis.Cause // of POP3
	}{
		"no right":   {true, nil, "exo-mailbox-permission-missing"},
		"POP is off": {false, []string{practice.FaultPOP3Off}, diagnosis.CauseEXOProtocolDisabledMailbox},
	} {
		t.Run(name, func(t *testing.T) {
			tenant := practicetest.Start(t, practice.Options{AppBarred: c.barred, Faults: c.fault})
			r := test(t, mailtest.Config{Mailbox: tenant.Definition(), Provider: diagnosis.Microsoft, Credential: with(applicationToken(t, tenant), "")})
			d := failedAt(t, r, mailtest.POP3, mailtest.StepAuthenticate).Diagnosis
			if d.Cause != c.want || d.Certainty == diagnosis.Possible {
				t.Errorf("POP3: %s %v", d.Certainty, d.Causes)
			}
			if d := r.Diagnoses()[0]; d.Cause != c.want {
				t.Errorf("the first of all: %s %v", d.Certainty, d.Causes)
			}
		})
	}
}
