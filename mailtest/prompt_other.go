//go:build !linux && !windows

package mailtest

func acknowledgeAtOnce(uintptr) {}
