package oauth

import (
	"context"
	"os"
	"os/exec"
	"strconv"
	"syscall"

	"golang.org/x/sys/windows"
	reg "golang.org/x/sys/windows/registry"
)

// readBrowsers asks the registry.
func readBrowsers(context.Context) browserFacts {
	return windowsFacts(readRegistry, func(program string) bool {
		info, err := os.Stat(program)
		return err == nil && !info.IsDir()
	})
}

func readRegistry(root, key, value string) (string, bool) {
	roots := map[string]reg.Key{"HKCU": reg.CURRENT_USER, "HKLM": reg.LOCAL_MACHINE, "HKCR": reg.CLASSES_ROOT}
	k, err := reg.OpenKey(roots[root], key, reg.QUERY_VALUE)
	if err != nil {
		return "", false
	}
	defer k.Close()
	text, kind, err := k.GetStringValue(value)
	if err == nil {
		if kind == reg.EXPAND_SZ {
			if expanded, err := reg.ExpandString(text); err == nil {
				text = expanded
			}
		}
		return text, true
	}
	number, _, err := k.GetIntegerValue(value)
	return strconv.FormatUint(number, 10), err == nil
}

// detach keeps the browser alive when our console is closed.
func detach(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{CreationFlags: windows.CREATE_NEW_PROCESS_GROUP | windows.DETACHED_PROCESS}
}

// hasDisplay reports whether a browser could show itself.
func hasDisplay() bool { return true }
