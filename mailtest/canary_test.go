package mailtest_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"testing"

	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/redact"
	"mailgrant/mailtest"
)

// canaries are secrets and the forms in which they may not turn up.
func canaries(secret string) []string {
	return []string{
		secret, url.QueryEscape(secret), base64.StdEncoding.EncodeToString([]byte(secret)),
		xoauth2(testUser, secret), b64("\x00" + testUser + "\x00" + secret),
		b64("n,a=" + testUser + ",\x01host=127.0.0.1\x01port=143\x01auth=Bearer " + secret + "\x01\x01"),
	}
}

// parrot is a server that says back whatever it hears, in every answer.
func parrot(p mailtest.Protocol, works bool) peer {
	return func(pl *played) {
		pl.say(map[mailtest.Protocol]string{mailtest.IMAP: "* OK ready\r\n", mailtest.POP3: "+OK ready\r\n", mailtest.SMTP: "220 ready\r\n"}[p])
		heard := ""
		for {
			line, err := pl.line()
			if err != nil {
				return
			}
			heard += " " + line
			if decoded, err := base64.StdEncoding.DecodeString(line[strings.LastIndexByte(line, ' ')+1:]); err == nil {
				heard += " " + strings.Map(func(r rune) rune {
					if r < 32 {
						return ' '
					}
					return r
				}, string(decoded))
			}
			pl.say(parrotAnswer(p, line, heard, works))
		}
	}
}

func parrotAnswer(p mailtest.Protocol, line, heard string, works bool) string {
	tag, command, _ := strings.Cut(line, " ")
	switch {
	case p == mailtest.IMAP && command == "CAPABILITY":
		return "* CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN AUTH=XOAUTH2\r\n" + tag + " OK" + heard + "\r\n"
	case p == mailtest.IMAP && strings.HasPrefix(command, "AUTHENTICATE") && !works:
		return "* BAD" + heard + "\r\n" + tag + " NO [AUTHENTICATIONFAILED]" + heard + "\r\n"
	case p == mailtest.IMAP && strings.HasPrefix(command, "AUTHENTICATE"):
		return tag + " OK [CAPABILITY IMAP4rev1]" + heard + "\r\n"
	case p == mailtest.IMAP && strings.HasPrefix(command, "EXAMINE"):
		return tag + " BAD" + heard + "\r\n"
	case p == mailtest.IMAP:
		return "* BYE" + heard + "\r\n" + tag + " OK" + heard + "\r\n"
	case p == mailtest.POP3 && line == "CAPA":
		return "+OK\r\nSASL PLAIN XOAUTH2\r\n.\r\n"
	case strings.HasPrefix(line, "AUTH ") && p == mailtest.POP3:
		return "+ \r\n"
	case p == mailtest.POP3 && works && !strings.HasPrefix(line, "STAT"):
		return "+OK" + heard + "\r\n"
	case p == mailtest.POP3:
		return "-ERR" + heard + "\r\n"
	case strings.HasPrefix(line, "EHLO"):
		return "250-hello\r\n250 AUTH PLAIN XOAUTH2\r\n"
	case strings.HasPrefix(line, "AUTH") && works:
		return "235" + heard + "\r\n"
	case strings.HasPrefix(line, "QUIT"):
		return "221" + heard + "\r\n"
	}
	return "535 5.7.8" + heard + "\r\n"
}

// Whatever a server says back: no secret is in events, reports, errors, logs.
func TestCanary(t *testing.T) {
	const token, password = "c4nary/t0ken+of=the&test-0123456789", "c4nary pa55word+&"
	for name, secret := range map[string]string{"token": token, "password": password} {
		for _, works := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s accepted %v", name, works), func(t *testing.T) {
				peers := map[mailtest.Protocol][]peer{}
				for _, p := range mailbox.Protocols() {
					peers[p] = []peer{parrot(p, works)}
				}
				var log, all bytes.Buffer
				r, s := play(t, peers, func(c *mailtest.Config) {
					c.Log = slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
					cred := mailtest.Credential{Token: redact.NewSecret(secret)}
					if name == "password" {
						byPassword(c)
						cred = mailtest.Credential{Password: redact.NewSecret(secret)}
					}
					c.Credential = func(context.Context, string) (mailtest.Credential, error) { return cred, nil }
				})
				for _, p := range mailbox.Protocols() {
					// The test itself is worth something only if they heard it.
					if !strings.Contains(strings.Join(s.lines(t, p, 0), "\n"), " ") {
						t.Errorf("%s heard nothing", p)
					}
					for _, e := range r.Result(p).Steps {
						fmt.Fprintf(&all, "%+v\n", e)
						if e.Diagnosis != nil {
							fmt.Fprintf(&all, "%+v\n%s\n", *e.Diagnosis, e.Diagnosis.Error())
						}
					}
				}
				for _, lang := range i18n.Languages {
					data, err := json.Marshal(r.JSON(i18n.For(lang)))
					if err != nil {
						t.Fatal(err)
					}
					all.Write(data)
				}
				all.Write(log.Bytes())
				for _, form := range canaries(secret) {
					if i := strings.Index(all.String(), form); i >= 0 {
						t.Errorf("%q is kept: …%s", form, all.String()[max(0, i-100):min(all.Len(), i+len(form)+20)])
					}
				}
			})
		}
	}
}

// The transcript of a good run shows every line but the secret ones.
func TestTranscript(t *testing.T) {
	r, _ := play(t, whole(testUser, testUser, testUser))
	for p, want := range map[mailtest.Protocol][]string{
		mailtest.IMAP: {"C: T1 AUTHENTICATE XOAUTH2 [redacted]", "S: T1 OK [CAPABILITY IMAP4rev1] done"},
		mailtest.POP3: {"C: AUTH XOAUTH2", "S: +", "C: [redacted]", "S: +OK"},
		mailtest.SMTP: {"C: AUTH XOAUTH2 [redacted]", "S: 235 ok"},
	} {
		lines, _ := step(t, r, p, mailtest.StepAuthenticate).Facts[mailtest.FactTranscript].([]string)
		if strings.Join(lines, "|") != strings.Join(want, "|") {
			t.Errorf("%s: %q, want %q", p, lines, want)
		}
	}
}
