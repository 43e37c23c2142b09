package i18n

import (
	"cmp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Compare puts names in the order in which a reader of German or English looks
// for them (DIN 5007-1): without case, and a letter with an accent as the same
// letter without one; and as the Explorer of Windows does, desk2 before desk10.
// Where only that differs, it decides after all, so that the order of a list is
// always the same.
func Compare(a, b string) int {
	return cmp.Or(strings.Compare(plain(a), plain(b)), strings.Compare(strings.ToLower(a), strings.ToLower(b)), strings.Compare(a, b))
}

// accented are the letters that stand for another one, or for two. They are
// those of Latin-1 and Latin Extended-A: the collation tables that know every
// alphabet are larger than the rest of a command.
var accented = func() map[rune]string {
	m := map[rune]string{'ß': "ss", 'æ': "ae", 'œ': "oe"}
	for base, letters := range map[string]string{
		"a": "àáâãäåāăą", "c": "çćĉċč", "d": "ďđð", "e": "èéêëēĕėęě", "g": "ĝğġģ", "h": "ĥħ", "i": "ìíîïĩīĭįı", "j": "ĵ",
		"k": "ķ", "l": "ĺļľŀł", "n": "ñńņňŉ", "o": "òóôõöøōŏő", "r": "ŕŗř", "s": "śŝşšș", "t": "ţťŧț", "u": "ùúûüũūŭůűų",
		"w": "ŵ", "y": "ýÿŷ", "z": "źżž",
	} {
		for _, r := range letters {
			m[r] = base
		}
	}
	return m
}()

// Letter is a letter in lower case and without its accent; ß, æ and œ are two.
func Letter(r rune) string {
	r = unicode.ToLower(r)
	return cmp.Or(accented[r], string(r))
}

// plain is a name as it is looked for.
func plain(name string) string {
	var b strings.Builder
	for name != "" {
		if rest := strings.TrimLeft(name, "0123456789"); rest != name {
			b.WriteString(number(name[:len(name)-len(rest)]))
			name = rest
			continue
		}
		r, size := utf8.DecodeRuneInString(name)
		if !unicode.Is(unicode.Mn, r) { // an accent of its own, as macOS writes it
			b.WriteString(Letter(r))
		}
		name = name[size:]
	}
	return b.String()
}

// number is a number behind its length, so that a longer one stands behind all
// shorter ones. The length takes digits too, for what a number stands before.
func number(digits string) string {
	digits = strings.TrimLeft(digits, "0")
	return strings.Repeat("9", len(digits)/9) + string(rune('0'+len(digits)%9)) + digits
}
