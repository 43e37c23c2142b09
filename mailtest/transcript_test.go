package mailtest

import (
	"regexp"
	"strings"
	"testing"
)

// A list of mechanisms is no sign-in, whatever it looks like.
func TestOffersAreShown(t *testing.T) {
	log := &transcript{}
	log.hide("s3cret-value")
	for in, want := range map[string]string{
		"250-AUTH LOGIN PLAIN XOAUTH2 OAUTHBEARER":                     "250-AUTH LOGIN PLAIN XOAUTH2 OAUTHBEARER",
		"250 AUTH=LOGIN PLAIN":                                         "250 AUTH=LOGIN PLAIN",
		"AUTH PLAIN OAUTHBEARER":                                       "AUTH PLAIN OAUTHBEARER",
		"SASL LOGIN PLAIN OAUTHBEARER":                                 "SASL LOGIN PLAIN OAUTHBEARER",
		"* CAPABILITY IMAP4rev1 AUTH=LOGIN AUTH=OAUTHBEARER SASL-IR":   "* CAPABILITY IMAP4rev1 AUTH=LOGIN AUTH=OAUTHBEARER SASL-IR",
		"* OK [CAPABILITY IMAP4rev1 AUTH=LOGIN AUTH=PLAIN STARTTLS] x": "* OK [CAPABILITY IMAP4rev1 AUTH=LOGIN AUTH=PLAIN STARTTLS] x",
		"* CAPABILITY IMAP4rev1 s3cret-value X":                        "* CAPABILITY IMAP4rev1 [redacted] X",
		"* CAPABILITY " + strings.Repeat("A1b2", 50):                   "* CAPABILITY [redacted]",
	} {
		if got := log.mask(in); got != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
	}
}

// Every form in which a server might say a secret back is masked, and where
// one secret is a part of another the whole of it.
func TestSecretsAreHidden(t *testing.T) {
	log := &transcript{}
	log.hide("pass word", "user\x00pass word", "abc")
	for in, want := range map[string]string{
		"you said pass word":           "you said [redacted]",
		"you said pass+word":           "you said [redacted]",
		"you said cGFzcyB3b3Jk.":       "you said [redacted].",
		"it was user\x00pass word":     "it was [redacted]",
		"abc is too short to be hid":   "abc is too short to be hid",
		"bell \x07 and escape \x1b[2J": `bell \u0007 and escape \u001B[2J`,
	} {
		if got := log.mask(in); got != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
	}
}

func TestTranscriptIsBounded(t *testing.T) {
	log := &transcript{}
	for range 3 * maxTranscript {
		log.received("* OK " + strings.Repeat("x ", 1500))
	}
	lines := log.take()
	if len(lines) != maxTranscript {
		t.Errorf("%d lines", len(lines))
	}
	for _, l := range lines {
		if len(l) > 3000 {
			t.Errorf("a line of %d bytes", len(l))
		}
	}
	if len(log.take()) != 0 {
		t.Error("what was taken is still there")
	}
	log.sent("QUIT")
	if lines := log.take(); len(lines) != 1 || lines[0] != "C: QUIT" {
		t.Errorf("after that: %q", lines)
	}
}

// A line stays a line: a server cannot forge one of ours.
func TestTranscriptKeepsLines(t *testing.T) {
	log := &transcript{}
	log.received("* OK x\rC: forged\nS: forged")
	for _, l := range log.take() {
		if strings.ContainsAny(l, "\r\n") {
			t.Errorf("%q", l)
		}
	}
}

var escaped = regexp.MustCompile(`\\u[0-9a-fA-F]{4}`)

func FuzzTranscript(f *testing.F) {
	f.Add("T2 AUTHENTICATE XOAUTH2 top-secret-token", "top-secret-token")
	f.Add("* OK top-secret-token", "top-secret-token")
	f.Fuzz(func(t *testing.T, line, secret string) {
		if len(secret) < 12 || strings.ContainsAny(secret, "\r\n\x00") || strings.Contains(masked, secret) {
			return
		}
		log := &transcript{}
		log.hide(secret)
		log.received(line)
		log.sent(line)
		for _, l := range log.take() {
			// An escaped character beside digits can look like a secret of digits.
			if strings.Contains(escaped.ReplaceAllString(l, "\x00"), secret) {
				t.Errorf("%q is kept in %q", secret, l)
			}
		}
	})
}
