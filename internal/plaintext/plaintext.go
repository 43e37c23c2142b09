// Package plaintext reads text files as they come from Windows: UTF-8 with or
// without a byte order mark, UTF-16, and what Excel still writes as "CSV",
// Windows-1252.
package plaintext

import (
	"bytes"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// Decode returns the text of a file in UTF-8, without a byte order mark. Every
// input is some text: what is neither UTF-8 nor UTF-16 is Windows-1252.
func Decode(data []byte) string {
	switch {
	case bytes.HasPrefix(data, []byte("\xEF\xBB\xBF")):
		data = data[3:]
	case bytes.HasPrefix(data, []byte("\xFF\xFE")):
		return fromUTF16(data[2:], 0)
	case bytes.HasPrefix(data, []byte("\xFE\xFF")):
		return fromUTF16(data[2:], 1)
	case len(data) >= 2 && data[0] != 0 && data[1] == 0: // PowerShell and databases leave the mark out
		return fromUTF16(data, 0)
	case len(data) >= 2 && data[0] == 0 && data[1] != 0:
		return fromUTF16(data, 1)
	}
	if utf8.Valid(data) {
		return composed.Replace(string(data))
	}
	return fromWindows1252(data)
}

// composed puts together what macOS takes apart, a letter and its mark: in the
// languages around German, for all of Unicode costs a hundred kilobytes.
var composed = strings.NewReplacer(strings.Fields("a\u0308 ä o\u0308 ö u\u0308 ü A\u0308 Ä O\u0308 Ö U\u0308 Ü e\u0308 ë i\u0308 ï e\u0301 é e\u0300 è e\u0302 ê E\u0301 É " +
	"a\u0301 á a\u0300 à a\u0302 â o\u0301 ó o\u0302 ô i\u0301 í i\u0302 î u\u0301 ú u\u0302 û c\u0327 ç n\u0303 ñ a\u030a å")...)

// fromUTF16 decodes code units whose lower byte stands at low (0 or 1). An odd
// last byte is no character.
func fromUTF16(data []byte, low int) string {
	units := make([]uint16, 0, len(data)/2)
	for i := 0; i+1 < len(data); i += 2 {
		units = append(units, uint16(data[i+low])|uint16(data[i+1-low])<<8)
	}
	return string(utf16.Decode(units))
}

// upper holds the characters 0x80 to 0x9F of Windows-1252; the five that it
// leaves open are the control characters of Latin-1 (WHATWG Encoding Standard,
// index windows-1252).
var upper = []rune("€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ")

func fromWindows1252(data []byte) string {
	var b strings.Builder
	for _, c := range data {
		if c >= 0x80 && c <= 0x9F {
			b.WriteRune(upper[c-0x80])
		} else {
			b.WriteRune(rune(c))
		}
	}
	return b.String()
}
