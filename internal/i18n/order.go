package i18n

import (
	"cmp"
	"strings"
	"unicode"
)

// Compare puts names in the order in which a reader of German or English looks
// for them (DIN 5007-1): without case, and a letter with an accent as the same
// letter without one. Where only that differs, it decides after all, so that
// the order of a list is always the same.
func Compare(a, b string) int {
	return cmp.Or(strings.Compare(plain(a), plain(b)), strings.Compare(strings.ToLower(a), strings.ToLower(b)), strings.Compare(a, b))
}

// letters are a letter, and behind it those that stand in its place. They are
// the accented ones of Latin-1 and Latin Extended-A: the collation tables that
// know every alphabet are larger than the rest of a command.
var letters = []string{
	"aàáâãäåāăą", "cçćĉċč", "dďđð", "eèéêëēĕėęě", "gĝğġģ", "hĥħ", "iìíîïĩīĭįı", "jĵ", "kķ", "lĺļľŀł", "nñńņňŉ",
	"oòóôõöøōŏő", "rŕŗř", "sśŝşšș", "tţťŧț", "uùúûüũūŭůűų", "wŵ", "yýÿŷ", "zźżž",
}

// plain is a name as it is looked for.
func plain(name string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(name) {
		switch {
		case r <= unicode.MaxASCII:
			b.WriteRune(r)
		case r == 'ß':
			b.WriteString("ss")
		case r == 'æ':
			b.WriteString("ae")
		case r == 'œ':
			b.WriteString("oe")
		case unicode.Is(unicode.Mn, r): // an accent of its own, as macOS writes it
		default:
			b.WriteRune(letter(r))
		}
	}
	return b.String()
}

func letter(r rune) rune {
	for _, alike := range letters {
		if strings.ContainsRune(alike, r) {
			return rune(alike[0])
		}
	}
	return r
}
