package cli

import "golang.org/x/sys/windows"

// systemLocale is the display language of the Windows user, which may differ
// from the formats' locale.
func systemLocale() string {
	if locale := environmentLocale(); locale != "" {
		return locale
	}
	names, err := windows.GetUserPreferredUILanguages(windows.MUI_LANGUAGE_NAME)
	if err != nil || len(names) == 0 {
		return ""
	}
	return names[0]
}
