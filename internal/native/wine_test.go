//go:build windows && wine

package native

import (
	"context"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"
)

// One process has the claim; another finds it taken until it is released.
func TestWineClaim(t *testing.T) {
	const home = `C:\users\somebody\Mailgrant`
	if os.Getenv("CLAIM") != "" {
		if _, first := Claim(strings.ToUpper(home)); !first {
			os.Exit(9)
		}
		return
	}
	other := func() int {
		t.Helper()
		cmd := exec.Command(os.Args[0], "-test.run=^TestWineClaim$")
		cmd.Env = append(os.Environ(), "CLAIM=1")
		_ = cmd.Run()
		return cmd.ProcessState.ExitCode()
	}
	release, first := Claim(home)
	if !first {
		t.Fatal("taken by nobody")
	}
	if status := other(); status != 9 {
		t.Errorf("another process: status %d", status)
	}
	if _, second := Claim(home + "2"); !second {
		t.Error("another folder is taken too")
	}
	release()
	if status := other(); status != 0 {
		t.Errorf("after release: status %d", status)
	}
}

func TestWineCalls(t *testing.T) {
	Flash() // there is no window
	if width, height, ok := Screen(0); !ok || width < 640 || height < 480 {
		t.Errorf("the first screen has %d×%d, %v", width, height, ok)
	}
	if err := WriteEvent(EventFailed, "Die Erneuerung ist fehlgeschlagen."); err != nil {
		t.Error(err)
	}
	if LeaveConsole() {
		t.Error("it left a console that is not its own")
	}
	if to, ok := Terminal(); !ok || to != os.Stderr {
		t.Errorf("standard error is there, and is not taken: %v", ok)
	}
}

// Only the thread that has made a window can take it away.
func TestWineNoticesLeaveNoWindow(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	var notices sync.WaitGroup
	for range 20 {
		notices.Go(func() {
			if err := Notify(ctx, "Mailgrant", "Ein Postfach ist gestört."); err != nil {
				t.Log(err) // Wine without a desktop shows none
			}
		})
	}
	notices.Wait()
	class, err := windows.UTF16PtrFromString("STATIC")
	if err != nil {
		t.Fatal(err)
	}
	for left, w := 0, uintptr(0); ; {
		if w, _, _ = findWindow.Call(0, w, uintptr(unsafe.Pointer(class)), 0); w == 0 {
			if left > 0 {
				t.Errorf("%d windows are left", left)
			}
			return
		}
		var process uint32
		if _, err := windows.GetWindowThreadProcessId(windows.HWND(w), &process); err == nil && process == windows.GetCurrentProcessId() {
			left++
		}
	}
}
