package cli

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"mailgrant/app/authorization"
	"mailgrant/app/practice"
	"mailgrant/internal/diagnosis"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
)

// What is sealed of a mailbox goes with it when it is asked for; what another
// mailbox uses stays.
func TestRemoveForgets(t *testing.T) {
	tenant, file := tenant(t, nil)
	other := writeDefinition(t, t.TempDir(), tenant.Definition(), func(d *mailbox.Definition) { d.Name = "Another" })
	for _, f := range []string{file, other} {
		run(t, "mailbox", "import", f).want(t, exitGood)
	}
	request(t, file, practice.Helpdesk.UPN).want(t, exitGood)
	runWith(t, t.Context(), "anna:secret\n", "secret", "set", "Practice", "proxy-password").want(t, exitGood)
	if o := run(t, "mailbox", "remove", "Another").want(t, exitGood); !strings.Contains(o.stderr, "use it too: Practice") {
		t.Errorf("who uses its authorization is not told: %+v", o)
	}
	run(t, "mailbox", "import", other).want(t, exitGood)
	if o := run(t, "mailbox", "remove", "Another", "--forget").want(t, exitGood); !strings.Contains(o.stderr, "use it too: Practice") || strings.Contains(o.stderr, "revoke") {
		t.Errorf("%+v", o)
	}
	if o := run(t, "mailbox", "remove", "Practice").want(t, exitGood); !strings.Contains(o.stderr, "remove --forget") {
		t.Errorf("what is left is not told: %+v", o)
	}
	run(t, "mailbox", "import", file).want(t, exitGood)
	run(t, "status", "Practice").want(t, exitGood)
	run(t, "mailbox", "remove", "Practice", "--forget").want(t, exitGood)
	run(t, "mailbox", "import", file).want(t, exitGood)
	run(t, "status", "Practice").want(t, exitNoGrant)
	if o := run(t, "forget", "Practice").want(t, exitGood); !strings.Contains(o.stderr, "No authorization is stored") {
		t.Errorf("what is not there is deleted: %+v", o)
	}
	if o := run(t, "mailbox", "remove", "Practice").want(t, exitGood); strings.Contains(o.stderr, "--forget") {
		t.Errorf("something is left: %+v", o)
	}
}

// What is sealed of a mailbox is found by its definition: one that cannot be read
// is not removed as if nothing were left.
func TestWhatCannotBeReadIsNotForgotten(t *testing.T) {
	_, file := tenant(t, nil)
	run(t, "mailbox", "import", file).want(t, exitGood)
	if err := os.WriteFile(filepath.Join(os.Getenv("MAILGRANT_HOME"), "mailboxes", "practice.json"), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if o := run(t, "mailbox", "remove", "Practice", "--forget").want(t, exitUsage); !strings.Contains(o.stderr, "practice.json") {
		t.Errorf("%+v", o)
	}
	run(t, "mailbox", "remove", "Practice").want(t, exitGood)
	run(t, "mailbox", "remove", "Practice", "--forget").want(t, exitUsage) // no longer there
}

// An authorization that cannot be opened is there.
func TestStatusWithAnotherKey(t *testing.T) {
	_, file := tenant(t, nil)
	request(t, file, practice.Helpdesk.UPN).want(t, exitGood)
	t.Setenv("MAILGRANT_KEY_FILE", filepath.Join(t.TempDir(), "another"))
	if o := run(t, "status", "--file", file).want(t, exitNoGrant); !strings.Contains(o.stdout, "cannot be opened") {
		t.Errorf("%+v", o)
	}
}

type full struct{}

func (full) Write([]byte) (int, error) {
	return 0, &fs.PathError{Op: "write", Path: "/dev/stdout", Err: errors.New("no space left on device")}
}

func TestOutputThatIsLost(t *testing.T) {
	_, file := tenant(t, nil)
	var told strings.Builder
	status := Run(t.Context(), Environment{Args: []string{"assistant", "--file", file, "--offline"}, Stdout: full{}, Stderr: &told, Metadata: testMetadata})
	if status != exitProblem || !strings.Contains(told.String(), "/dev/stdout: no space left") {
		t.Errorf("%d: %s", status, told.String())
	}
}

func TestForbiddenFilesAreNamed(t *testing.T) {
	p := &program{Environment: Environment{}, texts: i18n.For(i18n.German)}
	e := p.endingOf(&fs.PathError{Op: "open", Path: "/home/svc/mailboxes/a.json", Err: fs.ErrPermission})
	if !strings.HasPrefix(e.line, "Kein Zugriff auf /home/svc/mailboxes/a.json: ") {
		t.Error(e.line)
	}
}

// TestARefusedRenewalIsNoGreenLight: the token before it still works, for an hour.
func TestARefusedRenewalIsNoGreenLight(t *testing.T) {
	var out, errs bytes.Buffer
	p := &program{Environment: Environment{Stdout: &out, Stderr: &errs}, texts: i18n.For(i18n.English)}
	why := diagnosis.New("user-account-disabled", diagnosis.PhaseRefresh, nil)
	p.printStatus(mailbox.Definition{Name: "Desk"}, authorization.Status{State: authorization.StateValid, Renewable: true, Diagnosis: &why})
	if !strings.HasPrefix(out.String(), "! Desk: valid") || !strings.Contains(out.String(), "last renewal was refused") || !strings.Contains(errs.String(), "disabled") {
		t.Errorf("%s\n%s", out.String(), errs.String())
	}
}
