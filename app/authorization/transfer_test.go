package authorization

import (
	"bytes"
	"errors"
	"log/slog"
	"runtime"
	"strings"
	"testing"

	"filippo.io/age/armor"

	"mailgrant/app/practice"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/redact"
)

func TestAnImportReplacesNoOtherAccount(t *testing.T) {
	r := newRig(t)
	r.signIn(t)
	passphrase := redact.NewSecret("four mixed words here")
	file, err := r.Export(r.d, passphrase)
	if err != nil {
		t.Fatal(err)
	}
	stored, err := r.load(r.d)
	if err != nil {
		t.Fatal(err)
	}
	stored.Account.Subject, stored.Account.User = "somebody else", practice.Admin.UPN
	if err := r.save(r.d, stored); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Import(t.Context(), r.d, file, passphrase); !errors.Is(err, ErrAnotherAccount) {
		t.Fatalf("Import = %v", err)
	}
	if s, _ := r.Status(r.d); s.Account.User != practice.Admin.UPN {
		t.Error("the stored authorization was replaced")
	}
	if _, err := r.Forget(t.Context(), r.d); err != nil {
		t.Fatal(err)
	}
	s, err := r.Import(t.Context(), r.d, file, passphrase)
	if err != nil || s.State != StateValid || s.Account.User != practice.Helpdesk.UPN {
		t.Errorf("Import = %+v, %v", s, err)
	}
}

func TestApplicationAccessIsNotExported(t *testing.T) {
	r := newRig(t)
	d := r.d.Clone()
	d.OAuth.AccountType = mailbox.AccountApplication
	if _, err := r.Export(d, redact.NewSecret("x")); !errors.Is(err, ErrNotTransferable) {
		t.Errorf("Export = %v", err)
	}
}

func TestAWeakPassphraseProtectsNothing(t *testing.T) {
	r := newRig(t)
	r.signIn(t)
	if _, err := r.Export(r.d, redact.NewSecret("elf Zeichen")); !errors.Is(err, ErrWeakPassphrase) {
		t.Errorf("eleven characters: %v", err)
	}
	if _, err := r.Export(r.d, redact.NewSecret("zwölfZeichen")); err != nil {
		t.Errorf("twelve: %v", err)
	}
}

// A file whose key costs more than those of our exports is refused by its
// header. With this factor the work would take 4 GiB.
func TestAnImportSpendsNoMoreThanAnExport(t *testing.T) {
	file := "age-encryption.org/v1\n-> scrypt AAAAAAAAAAAAAAAAAAAAAA 22\n" +
		"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n--- AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n"
	var armored bytes.Buffer
	w := armor.NewWriter(&armored)
	if _, err := w.Write([]byte(file)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := openTransfer(fuzzDefinition, armored.Bytes(), redact.NewSecret("four mixed words here"))
	runtime.ReadMemStats(&after)
	if !errors.Is(err, ErrNotExport) {
		t.Errorf("openTransfer = %v", err)
	}
	if spent := after.TotalAlloc - before.TotalAlloc; spent > 8<<20 {
		t.Errorf("%d MiB were spent", spent>>20)
	}
}

// TestTheLogTellsWhoAuthorizedWhat and when: what an audit asks for.
func TestTheLogTellsWhoAuthorizedWhat(t *testing.T) {
	r := newRig(t)
	var log strings.Builder
	r.log = slog.New(slog.NewTextHandler(&log, nil))
	r.signIn(t)
	passphrase := redact.NewSecret("four words, one two")
	file, err := r.Export(r.d, passphrase)
	if err != nil {
		t.Fatal(err)
	}
	_, forgotten := r.Forget(t.Context(), r.d)
	_, imported := r.Import(t.Context(), r.d, file, passphrase)
	if err := errors.Join(forgotten, imported); err != nil {
		t.Fatal(err)
	}
	for _, what := range []string{"signed in", "deleted", "imported"} {
		if line := "authorization: " + what + `" mailbox=` + r.d.Name + " account=" + r.d.User; !strings.Contains(log.String(), line) {
			t.Errorf("no %s in:\n%s", line, log.String())
		}
	}
	log.Reset()
	_, forgotten = r.Forget(t.Context(), r.d)
	_, nothing := r.Forget(t.Context(), r.d)
	if err := errors.Join(forgotten, nothing); err != nil || strings.Count(log.String(), "deleted") != 1 {
		t.Errorf("%v: deleting what is not there is told in:\n%s", err, log.String())
	}
	log.Reset()
	_, err = r.Request(t.Context(), r.d, Options{Opener: practice.Browser(practice.Admin.UPN)})
	if line := `somebody else signed in" mailbox=` + r.d.Name + " account=" + practice.Admin.UPN; err == nil || !strings.Contains(log.String(), line) {
		t.Errorf("%v: no %s in:\n%s", err, line, log.String())
	}
}
