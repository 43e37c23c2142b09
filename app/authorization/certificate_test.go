package authorization_test

import (
	"errors"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"mailgrant/app/assistant"
	"mailgrant/app/authorization"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/redact"
)

func TestOnlyAUsableCertificateIsStored(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("MAILGRANT_KEY_FILE", filepath.Join(dir, "key"))
	m := authorization.New(filepath.Join(dir, "home"), i18n.For(i18n.English), slog.New(slog.DiscardHandler))
	user := mailbox.Definition{Name: "Help desk", OAuth: &mailbox.OAuth{ClientID: "client", AccountType: mailbox.AccountTenant}}
	application := user.Clone()
	application.OAuth.AccountType = mailbox.AccountApplication
	made, err := assistant.NewCertificate("Help desk", time.Now())
	if err != nil {
		t.Fatal(err)
	}
	good := made.Secret.Reveal()
	cert, key, _ := strings.Cut(good, "-----BEGIN PRIVATE KEY-----")
	for name, c := range map[string]struct {
		d    mailbox.Definition
		text string
		want error
	}{
		"good":       {application, good, nil},
		"key first":  {application, "-----BEGIN PRIVATE KEY-----" + key + cert, nil},
		"no key":     {application, cert, authorization.ErrCertificate},
		"a user's":   {user, good, authorization.ErrCertificateUse},
		"not at all": {user, "a client secret", nil},
		"blanks":     {user, "   ", authorization.ErrBlank},
		"two lines":  {user, "abc\ndef", authorization.ErrControl},
	} {
		t.Run(name, func(t *testing.T) {
			_ = m.RemoveSecret(c.d, authorization.ClientSecret)
			err := m.SetSecret(c.d, authorization.ClientSecret, redact.NewSecret(c.text))
			if !errors.Is(err, c.want) || m.HasSecret(c.d, authorization.ClientSecret) != (c.want == nil) {
				t.Errorf("%v; want %v", err, c.want)
			}
		})
	}
	for _, l := range i18n.Languages {
		if text := authorization.ErrCertificate.Text(i18n.For(l)); !strings.Contains(text, "PEM") {
			t.Errorf("%s: %q", l, text)
		}
	}
	if text := authorization.ErrCertificate.Error(); !strings.Contains(text, "PEM") {
		t.Errorf("in the log: %q", text)
	}
}
