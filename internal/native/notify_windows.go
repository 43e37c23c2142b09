package native

import (
	"context"
	"fmt"
	"runtime"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"
)

var (
	notifyIcon    = windows.NewLazySystemDLL("shell32.dll").NewProc("Shell_NotifyIconW")
	createWindow  = user32.NewProc("CreateWindowExW")
	destroyWindow = user32.NewProc("DestroyWindow")
	loadIcon      = user32.NewProc("LoadIconW")
)

// notifyIconData is NOTIFYICONDATAW of shellapi.h, as of Windows Vista.
type notifyIconData struct {
	size        uint32
	window      uintptr
	id, flags   uint32
	message     uint32
	icon        uintptr
	tip         [128]uint16
	state, mask uint32
	info        [256]uint16
	version     uint32
	title       [64]uint16
	infoFlags   uint32
	guid        windows.GUID
	balloonIcon uintptr
}

const (
	nimAdd, nimDelete        = 0, 2
	nifIcon, nifTip, nifInfo = 0x2, 0x4, 0x10
	niifWarning              = 2
	idiApplication           = 32512
	noticeStays              = 8 * time.Second // Windows shows it for five, and keeps it
)

// Notify shows a notice on the desktop of the user who is logged on: Windows
// makes one of its notifications of it.
func Notify(ctx context.Context, title, text string) error {
	runtime.LockOSThread() // only the thread that has made a window can take it away
	defer runtime.UnlockOSThread()
	class, err := windows.UTF16PtrFromString("STATIC")
	if err != nil {
		return err
	}
	window, _, err := createWindow.Call(0, uintptr(unsafe.Pointer(class)), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
	if window == 0 {
		return fmt.Errorf("native: notice: %w", err)
	}
	defer destroyWindow.Call(window)
	icon, _, _ := loadIcon.Call(0, idiApplication)
	n := notifyIconData{window: window, id: 1, flags: nifIcon | nifTip | nifInfo, icon: icon, infoFlags: niifWarning}
	n.size = uint32(unsafe.Sizeof(n))
	fill(n.tip[:], "Mailgrant")
	fill(n.title[:], title)
	fill(n.info[:], text)
	if ok, _, err := notifyIcon.Call(nimAdd, uintptr(unsafe.Pointer(&n))); ok == 0 {
		return fmt.Errorf("native: notice: %w", err)
	}
	defer notifyIcon.Call(nimDelete, uintptr(unsafe.Pointer(&n)))
	select {
	case <-ctx.Done():
	case <-time.After(noticeStays):
	}
	return nil
}

// fill puts a text into a field of fixed length, cut where it is too long.
func fill(field []uint16, text string) {
	units, err := windows.UTF16FromString(text)
	if err != nil {
		return // a zero inside: nothing of ours has one
	}
	copy(field[:len(field)-1], units)
}
