//go:build windows && wine

package cli

import (
	"os"
	"testing"

	"mailgrant/internal/i18n"
)

// The language is that of the Windows display, unless the environment says.
func TestWineLocale(t *testing.T) {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		t.Setenv(name, "")
	}
	got, want := systemLocale(), os.Getenv("WINE_LANGUAGE")
	if got != want || want == "" {
		t.Errorf("%q, want %q", got, want)
	}
	if german := i18n.Match(got) == i18n.German; german != (want == "de-DE") {
		t.Errorf("%q: German %v", got, german)
	}
	t.Setenv("LANG", "fr_FR")
	if got := systemLocale(); got != "fr_FR" {
		t.Errorf("%q", got)
	}
}
