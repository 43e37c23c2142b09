package native

import "unsafe"

// Screen is the room, in pixels, on the screen where a window stands, without the
// taskbar; ok is false if the system does not tell.
func Screen(window uintptr) (width, height int, ok bool) {
	const orFirst = 1 // MONITOR_DEFAULTTOPRIMARY
	monitor, _, _ := user32.NewProc("MonitorFromWindow").Call(window, orFirst)
	var info struct { // MONITORINFO
		size        uint32
		whole, work struct{ left, top, right, bottom int32 }
		flags       uint32
	}
	info.size = uint32(unsafe.Sizeof(info))
	done, _, _ := user32.NewProc("GetMonitorInfoW").Call(monitor, uintptr(unsafe.Pointer(&info)))
	return int(info.work.right - info.work.left), int(info.work.bottom - info.work.top), done != 0
}
