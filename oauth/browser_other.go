//go:build !windows

package oauth

import (
	"context"
	"os"
	"os/exec"
	"syscall"
	"time"
)

// readBrowsers asks the desktop for the default and PATH for the rest.
func readBrowsers(ctx context.Context) browserFacts {
	facts := browserFacts{installed: map[string][]string{}}
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	if out, err := exec.CommandContext(ctx, "xdg-settings", "get", "default-web-browser").Output(); err == nil {
		facts.standard = kindOfDesktop(string(out))
	}
	for _, k := range browserKinds() {
		for _, name := range k.Commands {
			if program, err := exec.LookPath(name); err == nil {
				facts.installed[k.ID] = []string{program}
				break
			}
		}
	}
	return facts
}

// detach keeps the browser out of our terminal's process group, where Ctrl+C
// would end it.
func detach(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

// hasDisplay reports whether a browser could show itself. Without a display
// xdg-open would start one that takes over the terminal.
func hasDisplay() bool {
	return os.Getenv("DISPLAY") != "" || os.Getenv("WAYLAND_DISPLAY") != "" || os.Getenv("BROWSER") != ""
}
