package authorization

import (
	"errors"
	"testing"

	"mailgrant/internal/mailbox"
	"mailgrant/internal/practice"
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
