package store

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// programData is a ProgramData of the test's own.
func programData(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	t.Setenv("ProgramData", dir)
	t.Setenv("MAILGRANT_KEY_FILE", "")
	return dir
}

func TestBelowProgramDataTheMachineSeals(t *testing.T) {
	home := filepath.Join(programData(t), "Mailgrant")
	s := Open(filepath.Join(home, "authorizations"))
	mustSave(t, s, "a", "secret")
	got, err := Open(s.dir).Load("a")
	if err != nil || string(got) != "secret" || s.key.kind() != "dpapi-machine" {
		t.Fatalf("Load = %q, %v; kind %s", got, err, s.key.kind())
	}
	sealed, err := os.ReadFile(s.path("a"))
	if err != nil || !strings.HasPrefix(string(sealed), "mailgrant sealed 1 dpapi-machine machine\n") || strings.Contains(string(sealed), "secret") {
		t.Errorf("file %.60q, %v", sealed, err)
	}
	if err := checkFolder(home); err != nil {
		t.Error(err)
	}
}

func TestAnOrdinaryFolderIsClosedBeforeAnythingIsStored(t *testing.T) {
	home := filepath.Join(programData(t), "Mailgrant")
	if err := os.MkdirAll(filepath.Join(home, "mailboxes"), 0o700); err != nil {
		t.Fatal(err)
	}
	var open *openFolder
	if err := checkFolder(home); !errors.As(err, &open) || !errors.Is(err, ErrKeyUnavailable) {
		t.Fatalf("an ordinary folder: %v", err)
	}
	mustSave(t, Open(filepath.Join(home, "authorizations")), "a", "secret")
	if err := checkFolder(home); err != nil {
		t.Error(err)
	}
}

func TestElsewhereTheUserSeals(t *testing.T) {
	programData(t)
	s := Open(t.TempDir())
	mustSave(t, s, "a", "secret")
	if got, err := Open(s.dir).Load("a"); err != nil || string(got) != "secret" || s.key.kind() != "dpapi" {
		t.Errorf("Load = %q, %v; kind %s", got, err, s.key.kind())
	}
}

func TestBelow(t *testing.T) {
	for dir, want := range map[string]string{
		`C:\ProgramData\Mailgrant\authorizations`: `C:\ProgramData\Mailgrant`,
		`C:\ProgramData\Mailgrant`:                `C:\ProgramData\Mailgrant`,
		`C:\ProgramData`:                          "",
		`C:\ProgramDataX\Mailgrant`:               "",
		`D:\Mailgrant`:                            "",
	} {
		if got, ok := below(`C:\ProgramData`, dir); got != want || ok != (want != "") {
			t.Errorf("%s: %q", dir, got)
		}
	}
}
