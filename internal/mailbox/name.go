package mailbox

import (
	"strings"
	"unicode"
)

// NameOf makes a name of an address, for a mailbox that has none of its own: an
// address may be longer than a name, and may have signs that no name has.
func NameOf(address string) string {
	name := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsNumber(r) || strings.ContainsRune(" ._@&+-()", r) {
			return r
		}
		return '-'
	}, address)
	name = strings.TrimLeft(name, " ._@&+-()")
	if letters := []rune(name); len(letters) > maxName {
		name = string(letters[:maxName])
	}
	return strings.TrimSpace(name)
}
