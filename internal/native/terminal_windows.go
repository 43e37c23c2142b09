package native

import (
	"io"
	"os"

	"golang.org/x/sys/windows"
)

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
