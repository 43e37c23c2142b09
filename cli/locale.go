package cli

import (
	"os"
	"strings"

	"mailgrant/internal/i18n"
)

// language finds the language before the arguments are parsed, because help
// and errors of parsing are in it too.
func language(args []string, locale string) i18n.Language {
	for i, arg := range args {
		if arg == "--" {
			break
		}
		if value, ok := strings.CutPrefix(arg, "--lang="); ok {
			return i18n.Match(value)
		}
		if arg == "--lang" && i+1 < len(args) {
			return i18n.Match(args[i+1])
		}
	}
	return i18n.Match(locale)
}

// environmentLocale reads the locale as POSIX orders its variables.
func environmentLocale() string {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if value := os.Getenv(name); value != "" {
			return value
		}
	}
	return ""
}
