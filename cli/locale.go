package cli

import (
	"cmp"
	"os"
	"slices"
	"strings"

	"mailgrant/internal/i18n"
)

// language finds the language before the arguments are parsed, because help
// and errors of parsing are in it too.
func language(args []string, locale string) i18n.Language {
	return cmp.Or(askedLanguage(args), i18n.Match(locale))
}

// askedLanguage is the one that --lang asks for; "" where it does not.
func askedLanguage(args []string) i18n.Language {
	for i, arg := range args {
		if arg == "--" {
			break
		}
		value, ok := strings.CutPrefix(arg, "--lang=")
		if arg == "--lang" && i+1 < len(args) {
			value, ok = args[i+1], true
		}
		if ok && slices.Contains(i18n.Languages, i18n.Language(value)) {
			return i18n.Language(value)
		}
	}
	return ""
}

// environmentLocale reads the locale as POSIX orders its variables.
func environmentLocale() string {
	return cmp.Or(os.Getenv("LC_ALL"), os.Getenv("LC_MESSAGES"), os.Getenv("LANG"))
}
