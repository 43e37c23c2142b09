//go:build !windows

package cli

func systemLocale() string { return environmentLocale() }
