package renderer

import (
	"fmt"
	"runtime"
	"strings"
	"unsafe"

	"golang.org/x/sys/windows"
)

var (
	user32   = windows.NewLazySystemDLL("user32.dll")
	gdi32    = windows.NewLazySystemDLL("gdi32.dll")
	opengl32 = windows.NewLazySystemDLL("opengl32.dll")

	createWindow     = user32.NewProc("CreateWindowExW")
	destroyWindow    = user32.NewProc("DestroyWindow")
	getDC            = user32.NewProc("GetDC")
	getSystemMetrics = user32.NewProc("GetSystemMetrics")
	displayDevices   = user32.NewProc("EnumDisplayDevicesW")

	choosePixelFormat = gdi32.NewProc("ChoosePixelFormat")
	setPixelFormat    = gdi32.NewProc("SetPixelFormat")

	createContext = opengl32.NewProc("wglCreateContext")
	makeCurrent   = opengl32.NewProc("wglMakeCurrent")
	deleteContext = opengl32.NewProc("wglDeleteContext")
	getString     = opengl32.NewProc("glGetString")
)

// Numbers of gl.h, wingdi.h and winuser.h.
const (
	glRenderer = 0x1F01
	glVersion  = 0x1F02

	drawToWindow, supportOpenGL, doubleBuffer = 0x4, 0x20, 0x1

	remoteSession = 0x1000 // SM_REMOTESESSION
	attached      = 0x1    // DISPLAY_DEVICE_ATTACHED_TO_DESKTOP
)

// pixelFormat is PIXELFORMATDESCRIPTOR.
type pixelFormat struct {
	size, version                  uint16
	flags                          uint32
	pixelType, colour              uint8
	_                              [13]uint8
	depth, stencil, auxiliary, lay uint8
	_                              uint8
	_                              [3]uint32
}

// displayDevice is DISPLAY_DEVICEW.
type displayDevice struct {
	size     uint32
	name     [32]uint16
	text     [128]uint16
	flags    uint32
	id       [128]uint16
	registry [128]uint16
}

// look makes an OpenGL context on a window that is never shown, as GLFW will.
func look() Answer {
	runtime.LockOSThread() // a context belongs to a thread
	defer runtime.UnlockOSThread()
	if err := opengl32.Load(); err != nil {
		return Answer{Reason: NoOpenGL, Name: err.Error()}
	}
	class, _ := windows.UTF16PtrFromString("STATIC")
	window, _, err := createWindow.Call(0, uintptr(unsafe.Pointer(class)), 0, 0, 0, 0, 16, 16, 0, 0, 0, 0)
	if window == 0 {
		return missing("CreateWindowEx", err)
	}
	defer func() { _, _, _ = destroyWindow.Call(window) }()
	dc, _, err := getDC.Call(window)
	if dc == 0 {
		return missing("GetDC", err)
	}
	want := pixelFormat{version: 1, flags: drawToWindow | supportOpenGL | doubleBuffer, colour: 32, depth: 24, stencil: 8}
	want.size = uint16(unsafe.Sizeof(want))
	format, _, err := choosePixelFormat.Call(dc, uintptr(unsafe.Pointer(&want)))
	if format == 0 {
		return missing("ChoosePixelFormat", err)
	}
	if ok, _, err := setPixelFormat.Call(dc, format, uintptr(unsafe.Pointer(&want))); ok == 0 {
		return missing("SetPixelFormat", err)
	}
	context, _, err := createContext.Call(dc)
	if context == 0 {
		return missing("wglCreateContext", err)
	}
	defer func() { _, _, _ = deleteContext.Call(context) }()
	if ok, _, err := makeCurrent.Call(dc, context); ok == 0 {
		return missing("wglMakeCurrent", err)
	}
	defer func() { _, _, _ = makeCurrent.Call(0, 0) }()
	return judge(text(glVersion), text(glRenderer))
}

// missing names the call that failed. Some fail without an error number.
func missing(call string, err error) Answer {
	if err == windows.ERROR_SUCCESS {
		return Answer{Reason: NoOpenGL, Name: call}
	}
	return Answer{Reason: NoOpenGL, Name: fmt.Sprintf("%s: %v", call, err)}
}

// text is one of the driver's texts, "" if it has none.
func text(name uintptr) string {
	p, _, _ := getString.Call(name)
	if p == 0 {
		return ""
	}
	return windows.BytePtrToString(*(**byte)(unsafe.Pointer(&p)))
}

// session names the kind of session and the adapters of the desktop.
func session() string {
	parts := []string{"console"}
	if remote, _, _ := getSystemMetrics.Call(remoteSession); remote != 0 {
		parts[0] = "remote"
	}
	for i := uintptr(0); i < 64; i++ {
		d := displayDevice{}
		d.size = uint32(unsafe.Sizeof(d))
		if ok, _, _ := displayDevices.Call(0, i, uintptr(unsafe.Pointer(&d)), 0); ok == 0 {
			break
		}
		if d.flags&attached != 0 {
			parts = append(parts, windows.UTF16ToString(d.text[:])+" "+windows.UTF16ToString(d.id[:]))
		}
	}
	return strings.Join(parts, " | ")
}

// soften is not possible in this process: opengl32.dll is loaded already.
func soften() bool { return false }
