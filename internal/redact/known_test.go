package redact

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// written are the forms in which a service might repeat a secret, by name.
func written(secret string) map[string]string {
	forms := map[string]string{
		"raw": secret, "query": url.QueryEscape(secret), "path": url.PathEscape(secret),
		"query in lower case": regexp.MustCompile("%..").ReplaceAllStringFunc(url.QueryEscape(secret), strings.ToLower),
		"hex":                 hex.EncodeToString([]byte(secret)), "HEX": strings.ToUpper(hex.EncodeToString([]byte(secret))),
	}
	for name, in := range map[string]*base64.Encoding{
		"std": base64.StdEncoding, "raw std": base64.RawStdEncoding, "URL": base64.URLEncoding, "raw URL": base64.RawURLEncoding,
	} {
		forms[name] = in.EncodeToString([]byte(secret))
		for before := range 4 {
			for after := range 3 {
				inside := strings.Repeat("u", before) + secret + strings.Repeat("z", after)
				forms[fmt.Sprintf("%s behind %d before %d", name, before, after)] = in.EncodeToString([]byte(inside))
			}
		}
	}
	return forms
}

func TestSecretsOfTheRunAreFoundInEachForm(t *testing.T) {
	for _, secret := range []string{"k9?c4n4ry>~/+x ü", "p4ss", "0.AXo-c4n4ry_code/value+1", "Zm9v-kanarie"} {
		NewSecret(secret)
		for name, form := range written(secret) {
			shown := Text("the service says <" + form + "> twice <" + form + ">")
			if strings.Contains(shown, form) || !strings.Contains(shown, mask) {
				t.Errorf("%s of %q shows: %s", name, secret, shown)
			}
			if part := form[len(form)/4 : len(form)-len(form)/4]; strings.Contains(shown, part) {
				t.Errorf("%s of %q shows in part: %s", name, secret, shown)
			}
			if !strings.HasPrefix(shown, "the service says <") || !strings.HasSuffix(shown, ">") {
				t.Errorf("%s of %q took more along: %s", name, secret, shown)
			}
		}
	}
}

// In base64 the characters at a secret's ends hold bits of its neighbours too:
// they go with it, and nothing else does.
func TestBase64ShowsNoBitOfASecret(t *testing.T) {
	for _, secret := range []string{"k9?c4n4ry>~/+x ü", "p4ss", "0.AXo-c4n4ry_code/value+1"} {
		var k Known
		k.Add(secret)
		for before := range 4 {
			for after := range 4 {
				written := base64.StdEncoding.EncodeToString([]byte(strings.Repeat("u", before) + secret + strings.Repeat("z", after)))
				first, end := 8*before/6, (8*(before+len(secret))+5)/6
				want := `"` + written[:first] + mask + strings.TrimLeft(written[end:], "=") + `"`
				if got := k.Mask(`"` + written + `"`); got != want {
					t.Errorf("%q behind %d before %d: %s, want %s", secret, before, after, got, want)
				}
				for first := range written { // a text that was cut
					for _, cut := range []string{written[first:], written[:first]} {
						if got, inside := k.Mask(cut), k.Mask("<"+cut+">"); inside != "<"+got+">" {
							t.Errorf("%q alone is %s, inside it is %s", cut, got, inside)
						}
					}
				}
			}
		}
	}
}

func TestATextThatIsTheSecretIsMasked(t *testing.T) {
	var k Known
	k.Add("a secret alone")
	if got := k.Mask("a secret alone"); got != mask {
		t.Errorf("Mask = %q", got)
	}
}

func TestASecretInAnotherLeavesNothingOfIt(t *testing.T) {
	var k Known
	k.Add("secret", "a secret that is longer", "that")
	if got := k.Mask("<a secret that is longer>"); got != "<"+mask+">" {
		t.Errorf("Mask = %q", got)
	}
}

// A token that is used for hours counts once.
func TestWhatIsUsedAgainPushesNothingOut(t *testing.T) {
	var k Known
	k.Add("a small secret")
	for range maxKnown {
		k.Add("a token of hours")
	}
	if got := k.Mask("it says a small secret"); got != "it says "+mask {
		t.Errorf("Mask = %q", got)
	}
}

func TestKnownKeepsTheYoungest(t *testing.T) {
	var k Known
	k.Add("abc") // too short to be looked for
	for i := range maxKnown + 1 {
		k.Add(fmt.Sprintf("secret-%05d", i), "")
	}
	if got := k.Mask("abc secret-00000 secret-00001"); got != "abc secret-00000 "+mask {
		t.Errorf("Mask = %q", got)
	}
	if len(k.values) != maxKnown || len(k.has) != maxKnown {
		t.Errorf("%d values", len(k.values))
	}
}

func TestKnownHasALimitInBytes(t *testing.T) {
	var k Known
	for i := range 3 {
		k.Add(fmt.Sprintf("%d %s", i, strings.Repeat("x", maxBytes/2)))
	}
	if len(k.values) != 1 || len(k.has) != 1 || k.size != len(k.values[0]) || !strings.HasPrefix(k.values[0], "2") {
		t.Errorf("%d values, %d bytes", len(k.values), k.size)
	}
	for _, values := range k.begins {
		if len(values) != 1 || values[0] != k.values[0] {
			t.Errorf("%d values begin alike", len(values))
		}
	}
	k.Add(strings.Repeat("y", 2*maxBytes)) // the youngest is known, however long
	if len(k.values) != 1 || k.values[0][0] != 'y' {
		t.Error("the youngest is not known")
	}
}

func FuzzKnown(f *testing.F) {
	f.Add("user=x\x01auth=Bearer ", "c4n4ry-value", "\x01\x01")
	f.Fuzz(func(t *testing.T, before, secret, after string) {
		if len(secret) < 8 || strings.Contains(mask, secret) {
			return
		}
		var k Known
		k.Add(secret)
		got := k.Mask(base64.StdEncoding.EncodeToString([]byte(before + secret + after)))
		for _, form := range formsOf(secret) {
			if strings.Contains(got, form.text) {
				t.Errorf("%q shows %q", got, form.text)
			}
		}
	})
}

// A service that sends secrets of half a megabyte pushes out its own, and what
// is used again is not forgotten.
func TestNobodysSecretsArePushedOut(t *testing.T) {
	var k Known
	k.Add("a small secret")
	for n := range 10 {
		k.Add(strings.Repeat(string(rune('a'+n)), maxBytes/2))
	}
	if got := k.Mask("it says a small secret"); got != "it says "+mask {
		t.Errorf("after big ones: %q", got)
	}
	for n := range maxKnown - 1 {
		k.Add(fmt.Sprintf("number %d", n))
		if n == maxKnown/2 {
			k.Add("a small secret")
		}
	}
	if got := k.Mask("it says a small secret"); got != "it says "+mask {
		t.Errorf("after many: %q", got)
	}
}
