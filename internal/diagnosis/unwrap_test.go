package diagnosis

import (
	"encoding/base64"
	"strings"
	"testing"
)

// TestEssences: what is left of a text, a bar before each word. Wrappings of
// one sentence have one essence.
func TestEssences(t *testing.T) {
	challenge := base64.StdEncoding.EncodeToString([]byte(`{"status":"400","schemes":"Bearer"}`))
	for text, want := range map[string]string{
		"Sign-in failed.":                       "|sign|in|failed",
		"Sign%2Din+failed":                      "|sign|in|failed",
		"Sign%252Din%2520failed":                "|sign|in|failed",
		"Sign&#45;in&nbsp;failed":               "|sign|in|failed",
		"can&amp;#39;t":                         "|cannot",
		"doesn't, isn’t, won&#39;t, couldn%27t": "|doesnot|isnot|wonot|couldnot",
		"can't cannot, n't, an 'table', John's": "|cannot|cannot|not|an|table|john|s",
		"doesnt Isnt, CURLE_COULDNT_CONNECT":    "|doesnot|isnot|curle|couldnot|connect",
		"cant wont dont, cantor, want, scant":   "|cannot|wonot|donot|cantor|want|scant",
		"can&#39;t cant\\n%20hasnt%20 doesntò":  "|cannot|cannot|hasnot|doesnto",
		"Q&amp;A, terms &amp;amp; &amp; no;":    "|q|a|terms|no",
		"a&b&amp;c & d;":                        "|a|b|c|d",
		"Sign-in\\r\\n\\tfailed":                "|sign|in|failed",
		`C:\\new\\table`:                        "|c|ew|able",
		`\u0053ign\u002din`:                     "|sign|in",
		`\u00e9chou\u00E9`:                      "|echoue",
		`a\x2d\x41b`:                            "|a|b",
		`end\`:                                  "|end",
		"<b>Sign</b><br/>in":                    "|sign|in",
		"<urlopen error refused>":               "|urlopen|error|refused",
		`<Error when https://x?a=b said "no">`:  "|error|when|https|x|a|b|said|no",
		"<a href=\"https://x.test/\">here</a>":  "|here",
		"<mail@contoso.test>":                   "|mail|contoso|test",
		"1 < 2":                                 "|1|2",
		"Zugriff auf Straße, größer":            "|zugriff|auf|strasse|grosser",
		"ÉCHEC, œuvre, Łódź":                    "|echec|oeuvre|lodz",
		"pass\u00adword":                        "|password",
		"接続を拒否 – エラー":                           "|接続を拒否|エラー",
		"ОШИБКА":                                "|ошибка",
		"100% sure":                             "|100|sure",
		"%zz%2":                                 "|zz|2",
		"%c3%a9t%C3%A9 M%25C3%25B6glich":        "|ete|moglich",
		"%c3, %c3%, %e2%82x, %ff":               "|x",
		"\xff\xfeplain":                         "|plain",
		"334 " + challenge + " end":             "|334|status|400|schemes|bearer|end",

		"token eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0.c2ln end": "|token|eyjzdwiioijhin0|c2ln|end",

		"eyJ short": "|eyj|short",
		"":          "",
	} {
		e := essenceOf(text)
		var got strings.Builder
		for i, b := range e.text {
			if e.at[i]&wordStart != 0 {
				got.WriteByte('|')
			}
			got.WriteByte(b)
		}
		if got.String() != want {
			t.Errorf("%q: %s, want %s", text, got.String(), want)
		}
	}
}

// TestEssencesKnowTheirPlace: each letter of an essence names the byte of the
// text that it comes from, in order.
func TestEssencesKnowTheirPlace(t *testing.T) {
	const text = "a%27b &quot;c&quot; \\n d <i>e</i> ß 接 \\u0066"
	e := essenceOf(text)
	before := -1
	for i, letter := range string(e.text) {
		at := e.offset(i)
		if at < before || at >= len(text) {
			t.Errorf("%q stands at %d, after %d", letter, at, before)
		}
		if before = at; letter < 'f' && text[at] != byte(letter) {
			t.Errorf("%q is taken from %q", letter, text[at])
		}
	}
	if !e.boundary(0) || !e.boundary(len(e.text)) || e.split(0, 0) || !e.split(0, 1) {
		t.Error("the words end elsewhere")
	}
}

// TestTextsAreTrimmed: whatever encoding Windows wrote it in, of a very long
// text the beginning and the end are looked at.
func TestTextsAreTrimmed(t *testing.T) {
	for text, want := range map[string]string{
		"\xff\xfea\x00\xe9\x00": "aé", "\xfe\xff\x00a\x00b": "ab", "a\x00b\x00": "ab", "\x00a\x00b": "ab",
		"plain": "plain", "é": "é", "a": "a", "": "", "\xff": "\xff", "\x00\x00": "\x00\x00",
	} {
		if got := trim(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
	long := trim("begin" + strings.Repeat("x", 2*maxScan) + "end")
	if len(long) != maxScan+1 || !strings.HasPrefix(long, "begin") || !strings.HasSuffix(long, "end") || long[maxScan/2] != '\n' {
		t.Errorf("%d bytes are left", len(long))
	}
}

func TestLastPartOfAName(t *testing.T) {
	for s, want := range map[string]bool{"OpenTimeout": true, "TLSError": true, "Opentimeout": false, "TimeoutOpen": false, "Time5Error": false} {
		e := essenceOf(s)
		last := len(e.text) - 1
		first := last - len("error") + 1
		if strings.HasSuffix(s, "Timeout") {
			first = last - len("timeout") + 1
		}
		if got := e.lastHump(first, last); got != want {
			t.Errorf("%s: %v", s, got)
		}
	}
}
