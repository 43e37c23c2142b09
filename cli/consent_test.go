package cli

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"mailgrant/app/practice"
	"mailgrant/internal/mailbox"
)

// consent runs "consent --json" and answers as user.
func consent(t *testing.T, file, user string) outcome {
	t.Helper()
	in, out := io.Pipe()
	var all, errs bytes.Buffer
	done := make(chan struct{})
	go func() {
		defer close(done)
		for scanner := bufio.NewScanner(in); scanner.Scan(); {
			all.WriteString(scanner.Text() + "\n")
			var event struct {
				Event   string
				Address string `json:"authorize_url"`
			}
			if json.Unmarshal(scanner.Bytes(), &event) == nil && event.Event == "sign_in" {
				go agree(t, event.Address, user)
			}
		}
	}()
	status := Run(t.Context(), Environment{
		Args: []string{"consent", "--file", file, "--json"}, Stdin: strings.NewReader(""), Stdout: out, Stderr: &errs, Metadata: testMetadata,
	})
	_ = out.Close()
	<-done
	return outcome{status, all.String(), errs.String()}
}

// agree is a browser in which user agrees.
func agree(t *testing.T, address, user string) {
	resp, err := http.Get(address + "&practice_user=" + user)
	if err != nil {
		t.Logf("browser: %v", err)
		return
	}
	_ = resp.Body.Close()
}

func link(d *mailbox.Definition) { d.OAuth.SignIn = mailbox.SignInLink }

func TestConsentRepairsAndLeavesTheMailboxsTokenAlone(t *testing.T) {
	p, file := tenant(t, link)
	request(t, file, practice.Helpdesk.UPN).want(t, exitGood)
	before := snapshot(t)
	if err := p.SetFaults([]string{"consent-missing"}); err != nil {
		t.Fatal(err)
	}
	result := consent(t, file, practice.Admin.UPN).want(t, exitGood).last(t)
	if result["ok"] != true || result["tenant_id"] != practice.TenantID || len(result["granted"].([]any)) == 0 {
		t.Errorf("result: %v", result)
	}
	if after := snapshot(t); !slices.Equal(before, after) {
		t.Error("the consent changed the stored authorization")
	}
	if faults := p.Faults(); len(faults) != 0 {
		t.Errorf("faults after the consent: %v", faults)
	}
}

func TestConsentOfSomebodyWhoMayNot(t *testing.T) {
	_, file := tenant(t, link)
	result := consent(t, file, practice.Helpdesk.UPN).want(t, exitSignIn).last(t)
	if result["ok"] != false || at(result, "diagnosis", "cause") == nil {
		t.Errorf("result: %v", result)
	}
}

func TestConsentIsMicrosofts(t *testing.T) {
	p, _ := tenant(t, nil)
	file := writeDefinition(t, t.TempDir(), p.Definition(), func(d *mailbox.Definition) {
		d.OAuth.Provider, d.OAuth.Issuer = mailbox.ProviderCustom, d.OAuth.Authority
		d.OAuth.Cloud, d.OAuth.AccountType, d.OAuth.Tenant, d.OAuth.Authority = "", "", "", ""
		d.OAuth.Scopes = []string{"mail"}
	})
	if o := run(t, "consent", "--file", file, "--json").want(t, exitUsage); o.stdout != "" || !strings.Contains(o.stderr, "Microsoft only") {
		t.Errorf("stdout %q, stderr %q", o.stdout, o.stderr)
	}
}
