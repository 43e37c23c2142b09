package cli

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"mailgrant/app/practice"
	"mailgrant/internal/mailbox"
	"mailgrant/tests/practicetest"
)

// What a fault of the practice tenant looks like from outside: the command
// that meets it, and the cause that it must end in.
type spoilt struct {
	command string // request; paste: the page that the browser shows; else after a good sign-in: refresh, test
	trip    bool   // the test sends a message
	grant   bool   // the fault is in the sign-in already, and the test shows it
	slow    bool   // waits two minutes for a message; mailtest tests it with a shorter wait
	cause   string // "": nothing fails
}

// spoilts knows every fault; a new one has to say what it ends in.
var spoilts = map[string]spoilt{
	practice.FaultIMAPOff:            {command: "test", cause: "exo-protocol-disabled-mailbox"},
	practice.FaultPOP3Off:            {command: "test", cause: "exo-protocol-disabled-mailbox"},
	practice.FaultSMTPOffMailbox:     {command: "test", cause: "exo-smtp-auth-disabled-mailbox"},
	practice.FaultSMTPOffTenant:      {command: "test", cause: "exo-smtp-auth-disabled-tenant"},
	practice.FaultWrongAudience:      {command: "test", grant: true, cause: "token-wrong-audience"},
	practice.FaultMissingScope:       {command: "test", grant: true, cause: "token-missing-protocol-scope"},
	practice.FaultConsentMissing:     {command: "request", cause: "consent-missing"},
	practice.FaultRefreshExpired:     {command: "refresh", cause: "refresh-token-expired"},
	practice.FaultSlow:               {command: "test"},
	practice.FaultNotConnected:       {command: "test", cause: "exo-protocol-disabled-mailbox"},
	practice.FaultTLSIntercepted:     {command: "test", cause: "tls-interception-untrusted-ca"},
	practice.FaultRedirectUnregister: {command: "paste", cause: "redirect-uri-mismatch"},
	practice.FaultRecipientRefuses:   {command: "test", trip: true, cause: "recipient-refuses-sender"},
	practice.FaultMailMoved:          {command: "test", trip: true, slow: true},
	practice.FaultMailLost:           {command: "test", trip: true, slow: true, cause: "message-not-arrived"},
}

// TestEachFaultEndsInItsCauseForSure: whatever is switched on in the practice
// tenant, the commands name the one cause and are certain of it.
func TestEachFaultEndsInItsCauseForSure(t *testing.T) {
	for _, fault := range practice.AllFaults {
		t.Run(fault, func(t *testing.T) {
			want, known := spoilts[fault]
			if !known {
				t.Fatal("nobody says what it ends in")
			}
			if want.slow {
				t.Skip("see TestRoundTripEndsWithItsCause and TestRoundTripFindsWhatARuleHasMoved in mailtest")
			}
			dir := place(t)
			p := practicetest.Start(t, practice.Options{SlowBy: 200 * time.Millisecond})
			file := writeDefinition(t, dir, p.Definition(), nil)
			switchOn := func() {
				if err := p.SetFaults([]string{fault}); err != nil {
					t.Fatal(err)
				}
			}
			if want.grant || want.command == "request" || want.command == "paste" {
				switchOn()
			}
			var o outcome
			switch want.command {
			case "request":
				o = request(t, file, practice.Helpdesk.UPN)
			case "paste":
				o = run(t, "request", "--file", file, "--json", "--paste", shownPage(t, file))
			default:
				request(t, file, practice.Helpdesk.UPN).want(t, exitGood)
				switchOn()
				args := []string{want.command, "--file", file, "--json"}
				if want.trip {
					args = append(args, "--round-trip", "--yes")
				}
				o = run(t, args...)
			}
			found := diagnosesIn(o.last(t))
			switch {
			case want.cause == "" && o.status != exitGood:
				t.Errorf("status %d, %v: %s", o.status, found, o.stderr)
			case want.cause != "" && !slices.Equal(found, []string{want.cause + " certain"}):
				t.Errorf("%v, want %s for certain", found, want.cause)
			}
		})
	}
}

// shownPage is what the browser shows when it opens the sign-in.
func shownPage(t *testing.T, file string) string {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	page := make(chan string, 1)
	requestBy(t, ctx, func(event map[string]any) {
		page <- signIn(t, event, practice.Helpdesk.UPN)
		cancel()
	}, file)
	return <-page
}

// diagnosesIn are the causes of a result or a report, with their certainty.
func diagnosesIn(result map[string]any) (found []string) {
	all, _ := result["diagnoses"].([]any)
	if one, ok := result["diagnosis"].(map[string]any); ok {
		all = append(all, one)
	}
	for _, d := range all {
		found = append(found, at(d, "cause").(string)+" "+at(d, "certainty").(string))
	}
	return found
}

// Where the first renewal is refused for good, nothing says that the authorization
// is valid: its status does not either.
func TestTheFirstRenewalIsRefused(t *testing.T) {
	p, file := tenant(t, nil)
	if err := p.SetFaults([]string{practice.FaultRefreshExpired}); err != nil {
		t.Fatal(err)
	}
	said := request(t, file, practice.Helpdesk.UPN, "--lang", "en").want(t, exitGood).stderr
	if !strings.Contains(said, "cannot be used") || strings.Contains(said, "is valid") {
		t.Errorf("it says %s", said)
	}
	if got := run(t, "status", "--file", file, "--json").want(t, exitNoGrant).last(t)["state"]; got != "refused" {
		t.Errorf("the status is %v", got)
	}
}

// TestWithoutAnAuthorizationItIsFive: whatever else is wrong, and however far the
// test came.
func TestWithoutAnAuthorizationItIsFive(t *testing.T) {
	p, file := tenant(t, nil)
	byPassword := writeDefinition(t, t.TempDir(), p.Definition(), func(d *mailbox.Definition) { d.Authentication = mailbox.AuthPassword })
	if err := p.SetFaults([]string{practice.FaultTLSIntercepted}); err != nil {
		t.Fatal(err)
	}
	if o := run(t, "test", "--file", file, "--json").want(t, exitNoGrant); !strings.Contains(o.stdout, "tls-interception") || !strings.Contains(o.stderr, "no authorization") {
		t.Errorf("stdout %q, stderr %q", o.stdout, o.stderr)
	}
	run(t, "test", "--file", byPassword, "--json").want(t, exitNoGrant)
	for _, name := range []string{"A", "B", "C", "D"} { // at the same time, and each is told whole
		run(t, "mailbox", "import", writeDefinition(t, t.TempDir(), p.Definition(), func(d *mailbox.Definition) { d.Name = name })).want(t, exitGood)
	}
	if o := run(t, "test", "--all").want(t, exitNoGrant); strings.Count(o.stderr, ": no authorization\n") != 4 {
		t.Error(o.stderr)
	}
	request(t, file, practice.Helpdesk.UPN).want(t, exitGood)
	runWith(t, t.Context(), "secret\n", "secret", "set", "--file", byPassword, "password").want(t, exitGood)
	for _, file := range []string{file, byPassword} {
		if o := run(t, "test", "--file", file, "--json").want(t, exitProblem); o.stderr != "" {
			t.Error(o.stderr)
		}
	}
}
