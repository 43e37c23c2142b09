package oauth

import (
	"context"
	"os"
	"os/exec"
	"syscall"
)

// readBrowsers looks for applications. "open -n" is needed: without it a
// running browser drops the arguments.
func readBrowsers(context.Context) browserFacts {
	facts := browserFacts{installed: map[string][]string{}}
	for _, k := range browserKinds() {
		if _, err := os.Stat("/Applications/" + k.App + ".app"); err == nil {
			facts.installed[k.ID] = []string{"/usr/bin/open", "-na", k.App, "--args"}
		}
	}
	return facts
}

// detach keeps the browser out of our terminal's process group.
func detach(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

// hasDisplay reports whether a browser could show itself.
func hasDisplay() bool { return true }
