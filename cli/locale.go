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

// languageFlag refuses what is no language; language has read it before.
type languageFlag string

// Set implements pflag.Value.
func (f *languageFlag) Set(value string) error {
	*f = languageFlag(value)
	return choice("--lang", value, i18n.Languages)
}

// String implements pflag.Value.
func (f *languageFlag) String() string { return string(*f) }

// Type implements pflag.Value.
func (*languageFlag) Type() string { return "string" }

// environmentLocale reads the locale as POSIX orders its variables.
func environmentLocale() string {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if value := os.Getenv(name); value != "" {
			return value
		}
	}
	return ""
}
