//go:build hostile

package hostile

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"unicode/utf8"
)

// The secrets. They are the same in every cell: what a cell must not keep, no
// other one may have kept for it.
var (
	canaryToken    = "c4nary/t0ken+of=the&matrix-" + strings.Repeat("0123456789abcdefgh", 40) + "-end-0f-t0ken"
	canaryPassword = "c4nary pa55word+of/the=matrix&"
)

// needles are the forms of the secrets that must not turn up, or parts of them
// that nothing else has.
var needles = sync.OnceValue(func() map[string]string {
	found := map[string]string{}
	for what, secret := range map[string]string{
		"the token": canaryToken, "the password": canaryPassword,
	} {
		addNeedles(found, what, secret)
	}
	return found
})

func addNeedles(found map[string]string, what, secret string) {
	head, tail := secret[:min(len(secret), 24)], secret[max(0, len(secret)-12):]
	found[head], found[tail] = what, what+"'s end"
	found[url.QueryEscape(head)] = what + " in an address"
	found[hex.EncodeToString([]byte(head))] = what + " in hexadecimal"
	for offset := range 3 {
		for _, e := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
			text := e.EncodeToString([]byte(strings.Repeat("x", offset) + secret[:min(len(secret), 40)]))
			found[text[4:28]] = fmt.Sprintf("%s in base64 at %d", what, offset)
		}
	}
}

// secretIn tells which secret a text holds, "" for none.
func secretIn(text string) string {
	for needle, what := range needles() {
		if strings.Contains(text, needle) {
			return what
		}
	}
	return ""
}

// repeated is what a server says that repeats secrets in every form.
var repeated = sync.OnceValue(func() string {
	var forms []string
	for _, s := range []string{canaryToken, canaryPassword, "user=" + user + "\x01auth=Bearer " + canaryToken + "\x01\x01", "\x00" + user + "\x00" + canaryPassword} {
		forms = append(forms, base64.StdEncoding.EncodeToString([]byte(s)), base64.RawURLEncoding.EncodeToString([]byte(s)), hex.EncodeToString([]byte(s)), url.QueryEscape(s))
		if !strings.Contains(s, "\x00") {
			forms = append(forms, strings.ReplaceAll(s, "\x01", " "))
		}
	}
	return strings.Join(forms, " you said ")
})

var repeatedInBase64 = sync.OnceValue(func() string {
	return base64.StdEncoding.EncodeToString([]byte(`{"status":"` + strings.ReplaceAll(repeated(), `"`, "") + `"}`))
})

// unfit tells what is wrong with a text that people or programs get.
func unfit(text string) string {
	if what := secretIn(text); what != "" {
		return what + " is in it"
	}
	if !utf8.ValidString(text) {
		return "it is no UTF-8"
	}
	for _, r := range text {
		switch {
		case r == '\n' || r == '\t':
		case r < 0x20, r == 0x7f, 0x80 <= r && r < 0xa0, r == 0x200b, 0x202a <= r && r <= 0x202e, 0x2066 <= r && r <= 0x2069:
			return fmt.Sprintf("%U is in it", r)
		}
	}
	return ""
}
