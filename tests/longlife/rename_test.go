package longlife

import (
	"log/slog"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"mailgrant/app/authorization"
	"mailgrant/app/practice"
	"mailgrant/internal/i18n"
	"mailgrant/internal/redact"
	"mailgrant/tests/practicetest"
)

// TestARenamingThatWasKilledIsFinished: the window gave a mailbox a new name
// and never came to take the old one away. The next process does.
func TestARenamingThatWasKilledIsFinished(t *testing.T) {
	tenant := practicetest.Start(t, practice.Options{})
	d := tenant.Definition()
	w := open(t, d)
	if err := w.m.SetSecret(d, authorization.Password, redact.NewSecret("canary")); err != nil {
		t.Fatal(err)
	}
	w.p.Rename("Renamed") // and its queue never runs
	// It writes beside the window. Before it has, nothing has happened.
	for names, end := []string(nil), time.Now().Add(time.Minute); !slices.Contains(names, "Renamed") && time.Now().Before(end); time.Sleep(time.Millisecond) {
		names, _ = w.m.Book.Names()
	}
	next := authorization.New(w.home, i18n.For(i18n.English), slog.New(slog.DiscardHandler))
	if names, err := next.Book.Names(); err != nil || !slices.Equal(names, []string{"Renamed"}) {
		t.Errorf("%q, %v", names, err)
	}
	renamed := d.Clone()
	renamed.Name = "Renamed"
	if !next.HasSecret(renamed, authorization.Password) || next.HasSecret(d, authorization.Password) {
		t.Error("the password is not where it belongs")
	}
	if notes, _ := filepath.Glob(filepath.Join(w.home, "mailboxes", "*.leaving")); len(notes) > 0 {
		t.Errorf("left: %q", notes)
	}
}
