package diagnosis

import (
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzExplainText: whatever is pasted, the answer is well formed.
func FuzzExplainText(f *testing.F) {
	for _, seed := range []string{
		"", "\x00\xff\xfe", "AADSTS50011", "535 5.7.139 x", "%25%25%2", "&amp;amp;#x41;", `\\\u00`, "<a b", "eyJzdGF0dXMiOiI0MDAi", "\xff\xfea\x00",
		"AADSTS999999999999", "* OK [", "-ERR [IN-USE", "5.7.", "a\n2024-01-01 AADSTS50076: x\r\n535 5.7.3",
	} {
		f.Add(seed, "imap", "microsoft")
	}
	f.Fuzz(func(t *testing.T, text, phase, provider string) {
		all := ExplainText(text, Phase(phase), Provider(provider))
		if len(all) == 0 {
			t.Fatal("no diagnosis")
		}
		for _, d := range all {
			if d.Cause == "" || len(d.Causes) == 0 || d.Causes[0] != d.Cause || len(d.Causes) > maxCauses {
				t.Fatalf("malformed: %+v", d)
			}
			if !utf8.ValidString(d.ServerText) {
				t.Fatalf("invalid text %q", d.ServerText)
			}
		}
	})
}

func TestNothingToRecognise(t *testing.T) {
	noise := make([]byte, 10<<20)
	r := rand.New(rand.NewPCG(1, 2))
	for i := range noise {
		noise[i] = byte(r.Uint32())
	}
	words := strings.Repeat("The quick brown fox jumps over the lazy dog while mail is delivered as usual. ", 130_000)
	for name, text := range map[string]string{
		"empty": "", "blank": " \r\n\t", "benign": "Dear all, the meeting on Monday is at ten. Please bring the report.",
		"noise": string(noise), "words": words, "digits": strings.Repeat("5", 1<<20), "percent": strings.Repeat("%25", 1<<20), "amp": strings.Repeat("&amp;", 1<<20),
		"backslash": strings.Repeat(`\`, 1<<20), "tags": strings.Repeat("<a ", 1<<19), "json": strings.Repeat("eyJ", 1<<19),
	} {
		all := ExplainText(text, "", "")
		if len(all) != 1 || all[0].Cause != CauseUnknown {
			t.Errorf("%s: %v", name, all[0].Causes)
		}
	}
}

// TestBenignTexts: texts full of the words that errors are made of, in which
// nothing fails.
func TestBenignTexts(t *testing.T) {
	for _, text := range []string{
		"Welcome to the portal. Please register your app and set the redirect URI to http://localhost. Then grant admin consent.",
		"Hello, our IMAP server was moved to a new data centre yesterday; the certificate was renewed and everything works.",
		"2024-05-01 INFO imap login ok user=a@contoso.test method=XOAUTH2 TLS",
		"250 2.1.0 Sender OK\n250 2.1.5 Recipient OK\n354 Start mail input\n250 2.6.0 Queued mail for delivery",
		"Lorem ipsum dolor sit amet, 535 items in stock, 5.7.3 is the version, PHP 5.4.5 and MailKit 4.5.3 too.",
		"The conditional access policy was created. Security defaults are enabled. MFA is recommended.",
		"* OK The Microsoft Exchange IMAP4 service is ready.\n* CAPABILITY IMAP4 IMAP4rev1 AUTH=PLAIN AUTH=XOAUTH2\nA1 OK AUTHENTICATE completed.",
		"Kaspersky released a new version of its antivirus. The TLS standard is in version 1.3.",
		"Sehr geehrte Damen und Herren, anbei die Rechnung. Mit freundlichen Grüßen",
		"git commit -m 'fix: timeout' && make test -> ok 412 passed, 0 failed",
		"GET /index.html HTTP/1.1 200 5120\nGET /favicon.ico HTTP/1.1 404",
		"Device enrolled. Your password will expire in 14 days.",
		"PID 10060 started, 10054 bytes read, port 11001 open, ticket 50011 closed, order number 700016.",
	} {
		if d := ExplainText(text, "", "")[0]; d.Cause != CauseUnknown {
			t.Errorf("%v: %s", d.Causes, text)
		}
	}
}

func BenchmarkLog5MB(b *testing.B) {
	line := "2024-05-06 07:08:09 INFO worker connected to imap host, fetched 12 messages in 340 ms, no error\n"
	text := strings.Repeat(line, 5<<20/len(line)) + "2024-05-06 08:00:00 ERROR AADSTS700082: The refresh token has expired due to inactivity.\n"
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		if d := ExplainText(text, "", "")[0]; d.Cause != CauseRefreshTokenExpired {
			b.Fatal(d.Causes)
		}
	}
}

// BenchmarkErrors5MB is a log in which nothing but errors stands, once in
// lines and once in a single one.
func BenchmarkErrors5MB(b *testing.B) {
	record := "2024-05-06 07:08:09 ERROR AADSTS50076: must use multi-factor authentication; 535 5.7.3 Authentication unsuccessful; NO AUTHENTICATE failed.; connection refused; certificate has expired; [AUTHENTICATIONFAILED] invalid_grant"
	for name, end := range map[string]string{"lines": "\n", "one line": " "} {
		text := strings.Repeat(record+end, 5<<20/len(record))
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				if d := ExplainText(text, "", ""); d[0].Cause == CauseUnknown {
					b.Fatal(d)
				}
			}
		})
	}
}

func BenchmarkFirstLine(b *testing.B) {
	for b.Loop() {
		readBook(dataFiles)
	}
}
