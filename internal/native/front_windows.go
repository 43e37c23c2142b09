package native

import (
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/windows"
)

var (
	user32              = windows.NewLazySystemDLL("user32.dll")
	findWindow          = user32.NewProc("FindWindowExW")
	isIconic            = user32.NewProc("IsIconic")
	showWindow          = user32.NewProc("ShowWindow")
	setForegroundWindow = user32.NewProc("SetForegroundWindow")
	allowForeground     = user32.NewProc("AllowSetForegroundWindow")
	flashWindow         = user32.NewProc("FlashWindowEx")
)

// Numbers of winuser.h.
const (
	anyProcess         = 0xFFFFFFFF // ASFW_ANY
	restore            = 9          // SW_RESTORE
	flashAll           = 0x3        // FLASHW_ALL
	flashUntilInFront  = 0xC        // FLASHW_TIMERNOFG
	flashTimes         = 5
	windowClass        = "GLFW30" // the class that GLFW registers
	mostWindowsOfClass = 256
)

// claim owns a named event of the session. A second process finds it there and
// sets it; the first then brings its window to the front, which Windows allows
// to the process the user has just started, and to those that one names.
func claim(name string) (release func(), first bool) {
	none := func() {}
	text, err := windows.UTF16PtrFromString(`Local\` + name)
	if err != nil {
		return none, true
	}
	event, err := windows.CreateEvent(nil, 0, 0, text)
	switch {
	case event == 0:
		return none, true
	case err == windows.ERROR_ALREADY_EXISTS:
		_, _, _ = allowForeground.Call(anyProcess)
		_ = windows.SetEvent(event)
		_ = windows.CloseHandle(event)
		return none, false
	}
	var ended atomic.Bool
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			if s, err := windows.WaitForSingleObject(event, windows.INFINITE); s != windows.WAIT_OBJECT_0 || err != nil || ended.Load() {
				return
			}
			for _, w := range ownWindows() {
				toFront(w)
			}
		}
	}()
	return func() {
		ended.Store(true)
		_ = windows.SetEvent(event)
		<-done
		_ = windows.CloseHandle(event)
	}, true
}

func toFront(w windows.HWND) {
	if iconic, _, _ := isIconic.Call(uintptr(w)); iconic != 0 {
		_, _, _ = showWindow.Call(uintptr(w), restore)
	}
	_, _, _ = setForegroundWindow.Call(uintptr(w))
}

// ownWindows are the visible windows of this process.
func ownWindows() []windows.HWND {
	class, err := windows.UTF16PtrFromString(windowClass)
	if err != nil {
		return nil
	}
	var own []windows.HWND
	var w uintptr
	for range mostWindowsOfClass {
		if w, _, _ = findWindow.Call(0, w, uintptr(unsafe.Pointer(class)), 0); w == 0 {
			break
		}
		var process uint32
		if _, err := windows.GetWindowThreadProcessId(windows.HWND(w), &process); err == nil &&
			process == windows.GetCurrentProcessId() && windows.IsWindowVisible(windows.HWND(w)) {
			own = append(own, windows.HWND(w))
		}
	}
	return own
}

// Flash makes the window's button in the task bar flash until the window is
// in front.
func Flash() {
	for _, w := range ownWindows() {
		info := struct {
			size           uint32
			window         windows.HWND
			flags          uint32
			times, timeout uint32
		}{window: w, flags: flashAll | flashUntilInFront, times: flashTimes}
		info.size = uint32(unsafe.Sizeof(info))
		_, _, _ = flashWindow.Call(uintptr(unsafe.Pointer(&info)))
	}
}
