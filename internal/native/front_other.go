//go:build !windows

package native

// claim always succeeds: desktops on other systems have no common way to bring
// a window to the front.
func claim(string) (release func(), first bool) { return func() {}, true }

// Flash does nothing: only Windows has a button to flash.
func Flash() {}
