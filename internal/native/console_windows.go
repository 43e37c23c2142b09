package native

import (
	"unsafe"

	"golang.org/x/sys/windows"
)

var (
	kernel32          = windows.NewLazySystemDLL("kernel32.dll")
	getConsoleProcess = kernel32.NewProc("GetConsoleProcessList")
	freeConsole       = kernel32.NewProc("FreeConsole")
	attachConsole     = kernel32.NewProc("AttachConsole")
)

// LeaveConsole closes the console window that Windows has opened for this
// process alone, as it does for a program that the task scheduler starts. It
// tells whether there was one: nothing can be written to it any more.
func LeaveConsole() bool {
	list := make([]uint32, 4)
	n, _, _ := getConsoleProcess.Call(uintptr(unsafe.Pointer(&list[0])), uintptr(len(list)))
	if n != 1 {
		return false // none, or a terminal that belongs to somebody else
	}
	ok, _, _ := freeConsole.Call()
	return ok != 0
}
