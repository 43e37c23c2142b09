package native

import (
	"fmt"
	"runtime"

	"golang.org/x/sys/windows"
)

// System names this machine's operating system and its processor, as support
// asks for it. The version is that of RtlGetVersion, which no manifest changes.
func System() string {
	v := windows.RtlGetVersion()
	return fmt.Sprintf("Windows %d.%d.%d (%s)", v.MajorVersion, v.MinorVersion, v.BuildNumber, runtime.GOARCH)
}
