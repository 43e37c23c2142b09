package native

import (
	"io"
	"os"
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

const parentProcess = 0xFFFFFFFF // ATTACH_PARENT_PROCESS

// Terminal returns where a program for the desktop can write to be read: its
// standard error if the starting process gave it one, else the console it was
// started from. A program started from the desktop has neither.
func Terminal() (io.Writer, bool) {
	if handle, err := windows.GetStdHandle(windows.STD_ERROR_HANDLE); err == nil && handle != 0 {
		if kind, err := windows.GetFileType(handle); err == nil && kind != windows.FILE_TYPE_UNKNOWN {
			return os.Stderr, true
		}
	}
	if ok, _, _ := attachConsole.Call(parentProcess); ok == 0 {
		return nil, false
	}
	console, err := os.OpenFile("CONOUT$", os.O_RDWR, 0)
	return console, err == nil
}

// Escapes tells whether a file is a terminal that understands escape sequences,
// which stays switched on.
func Escapes(f *os.File) bool {
	console := windows.Handle(f.Fd())
	return switchedOn(
		func() (mode uint32, err error) {
			err = windows.GetConsoleMode(console, &mode)
			return mode, err
		},
		func(mode uint32) error { return windows.SetConsoleMode(console, mode) })
}
