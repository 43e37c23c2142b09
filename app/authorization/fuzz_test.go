package authorization

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"filippo.io/age"
	"filippo.io/age/armor"

	"mailgrant/internal/mailbox"
	"mailgrant/internal/redact"
	"mailgrant/oauth"
)

var fuzzDefinition = mailbox.Definition{
	Name: "Fuzz", Sender: "helpdesk@contoso.test", OAuth: &mailbox.OAuth{Tenant: "contoso.test", ClientID: "1b4e28ba-2fa1-11d2-883f-0016d3cca427"},
}.Normalize()

const fuzzPassphrase = "a passphrase of the fuzz"

// light encrypts as an export does, with so little work that many can be opened.
func light(tb testing.TB, plain []byte) []byte {
	tb.Helper()
	to, err := age.NewScryptRecipient(fuzzPassphrase)
	if err != nil {
		tb.Fatal(err)
	}
	to.SetWorkFactor(1)
	var out bytes.Buffer
	text := armor.NewWriter(&out)
	w, err := age.Encrypt(text, to)
	if err == nil {
		_, err = w.Write(plain)
		err = errors.Join(err, w.Close(), text.Close())
	}
	if err != nil {
		tb.Fatal(err)
	}
	return out.Bytes()
}

// FuzzExportFiles: a file that is to be imported opens or is refused by name,
// whatever it is, and costs no more work than an export of ours.
func FuzzExportFiles(f *testing.F) {
	good := light(f, []byte(`{"format":"`+transferFormat+`","key":"`+oauth.Key(fuzzDefinition)+`","record":{"version":1,"refresh_token":"r"}}`))
	f.Add(good)
	f.Add(bytes.ReplaceAll(good, []byte("\n"), []byte("\r\n")))
	f.Add(good[:len(good)/2])
	f.Add(light(f, []byte(`{}`)))
	f.Add([]byte("age-encryption.org/v1\n-> scrypt AAAAAAAAAAAAAAAAAAAAAA 30\nAAAA\n--- AAAA\n"))
	f.Add([]byte("-----BEGIN AGE ENCRYPTED FILE-----\n-----END AGE ENCRYPTED FILE-----"))
	f.Add([]byte(""))
	f.Fuzz(func(t *testing.T, file []byte) {
		named(t, file, fuzzPassphrase)
	})
}

// FuzzExportContents: nor does it matter what stands in a file that opens.
func FuzzExportContents(f *testing.F) {
	key := oauth.Key(fuzzDefinition)
	for _, seed := range []string{
		`{"format":"` + transferFormat + `","key":"` + key + `","record":{"version":1,"refresh_token":"r","access_expires":"2026-11-24T12:00:00Z"}}`,
		`{"format":"` + transferFormat + `","key":"x","record":{}}`, `{"format":"` + transferFormat + `","key":"` + key + `","record":null}`,
		`{"format":"` + transferFormat + `","key":"` + key + `","record":{"refresh_token":"r","refused":{"at":"x"}}}`, `[]`, `{`, "",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, plain []byte) {
		named(t, light(t, plain), fuzzPassphrase)
	})
}

func named(t *testing.T, file []byte, passphrase string) {
	t.Helper()
	r, err := openTransfer(fuzzDefinition, file, redact.NewSecret(passphrase))
	switch {
	case err == nil && r.RefreshToken.Empty() && r.AccessToken.Empty():
		t.Error("an import without a token")
	case err != nil && !errors.Is(err, ErrNotExport) && !errors.Is(err, ErrPassphrase) && !errors.Is(err, ErrOtherKey):
		t.Errorf("an error without a name: %v", err)
	}
}

// FuzzRecords: what a sealed file holds is read back as it was written.
func FuzzRecords(f *testing.F) {
	whole, err := record{RefreshToken: sealed{redact.NewSecret("r")}, held: held{AccessToken: sealed{redact.NewSecret("a")}}, Issued: time.Unix(0, 0).UTC()}.encode()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(whole)
	f.Add([]byte(`{"version":99,"granted":null,"refused":{"diagnosis":{"Args":{"x":"y"}}}}`))
	f.Add([]byte(`{"renewed":"0001-01-01T00:00:00Z","access_expires":"9999-12-31T23:59:59Z"}`))
	f.Add([]byte(strings.Repeat("[", 20000)))
	f.Fuzz(func(t *testing.T, data []byte) {
		first, err := decodeRecord(data)
		if err != nil {
			return
		}
		written, err := first.encode()
		if err != nil {
			t.Fatalf("it was read and cannot be written: %v", err)
		}
		second, err := decodeRecord(written)
		if err != nil || second.RefreshToken != first.RefreshToken || second.AccessToken != first.AccessToken || !second.Expires.Equal(first.Expires) {
			t.Errorf("%s became %s: %v", data, written, err)
		}
	})
}

// What a sealed file holds as text is shown nowhere else.
func TestARecordShowsNoSecret(t *testing.T) {
	const secret = "eyJ.a canary of a token"
	g := oauth.Grant{AccessToken: redact.NewSecret(secret), RefreshToken: redact.NewSecret(secret), IDToken: redact.NewSecret(secret)}
	r := record{Pending: newPending(time.Now(), "", g)}
	r.take(g, "", time.Now())
	r.take(g, graph, time.Now())
	var out bytes.Buffer
	for _, h := range []slog.Handler{slog.NewJSONHandler(&out, nil), slog.NewTextHandler(&out, nil)} {
		slog.New(h).Error("canary", "record", r, "held", r.held.AccessToken)
	}
	fmt.Fprintf(&out, "%v %+v %#v %s", r, r, r, errors.New(fmt.Sprint(*newPending(time.Now(), "", g))))
	if strings.Contains(out.String(), "canary of") {
		t.Error(out.String())
	}
}
