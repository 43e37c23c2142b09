package plaintext

import (
	"strings"
	"testing"
	"unicode/utf16"
)

// encode writes text as UTF-16 with the lower byte first or last.
func encode(text string, littleEndian bool) string {
	var b strings.Builder
	for _, u := range utf16.Encode([]rune(text)) {
		low, high := byte(u), byte(u>>8)
		if !littleEndian {
			low, high = high, low
		}
		b.WriteByte(low)
		b.WriteByte(high)
	}
	return b.String()
}

func TestDecode(t *testing.T) {
	const text = "Name;Straße €\r\n𝄞"
	for name, data := range map[string]string{
		"UTF-8":                     text,
		"UTF-8 with mark":           "\xEF\xBB\xBF" + text,
		"UTF-16 little endian":      encode("\uFEFF"+text, true),
		"UTF-16 big endian":         encode("\uFEFF"+text, false),
		"UTF-16 LE, no mark":        encode(text, true),
		"UTF-16 BE, no mark":        encode(text, false),
		"UTF-16, cut in the middle": encode("\uFEFF"+text, true) + "x",
	} {
		if got := Decode([]byte(data)); got != text {
			t.Errorf("%s: %q", name, got)
		}
	}
	if got := Decode([]byte("B\xFCro \x80 \x84x\x93 \x81")); got != "Büro € „x“ \u0081" {
		t.Errorf("Windows-1252: %q", got)
	}
	if len(upper) != 32 {
		t.Errorf("%d characters from 0x80 to 0x9F", len(upper))
	}
	if Decode(nil) != "" {
		t.Error("nothing becomes something")
	}
}
