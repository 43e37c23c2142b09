package oauth

import (
	"net/url"
	"unsafe"

	"golang.org/x/sys/windows"
)

// WinHTTP knows the settings of the user and of the machine, and runs
// configuration scripts (Microsoft, "WinHTTP AutoProxy Functions"). The
// libraries for this keep only the first proxy of a script's answer.
var (
	winhttp            = windows.NewLazySystemDLL("winhttp.dll")
	winhttpOpen        = winhttp.NewProc("WinHttpOpen")
	winhttpClose       = winhttp.NewProc("WinHttpCloseHandle")
	winhttpUser        = winhttp.NewProc("WinHttpGetIEProxyConfigForCurrentUser")
	winhttpMachine     = winhttp.NewProc("WinHttpGetDefaultProxyConfiguration")
	winhttpProxyForURL = winhttp.NewProc("WinHttpGetProxyForUrl")
	globalFree         = windows.NewLazySystemDLL("kernel32.dll").NewProc("GlobalFree")
)

// userConfig is WINHTTP_CURRENT_USER_IE_PROXY_CONFIG.
type userConfig struct {
	autoDetect            int32
	script, proxy, except *uint16
}

// proxyInfo is WINHTTP_PROXY_INFO.
type proxyInfo struct {
	access          uint32
	proxy, bypassed *uint16
}

// autoOptions is WINHTTP_AUTOPROXY_OPTIONS.
type autoOptions struct {
	flags, detect uint32
	script        *uint16
	_             uintptr
	_             uint32
	autoLogon     int32
}

const (
	accessNoProxy    = 1 // WINHTTP_ACCESS_TYPE_NO_PROXY
	autoDetectProxy  = 1 // WINHTTP_AUTOPROXY_AUTO_DETECT
	autoConfigScript = 2 // WINHTTP_AUTOPROXY_CONFIG_URL
	detectDHCPAndDNS = 3 // WINHTTP_AUTO_DETECT_TYPE_DHCP | _DNS_A
)

// systemProxies asks the script, then the user's fixed proxy, then the
// machine's. A script's answer DIRECT is an answer.
func systemProxies(target *url.URL) ([]*url.URL, bool) {
	if winhttp.Load() != nil {
		return nil, false
	}
	var user userConfig
	if ok, _, _ := winhttpUser.Call(uintptr(unsafe.Pointer(&user))); ok != 0 {
		defer free(user.script, user.proxy, user.except)
		if list, set := byScript(target, user); set {
			return list, true
		}
		if list, set := fixed(target, user.proxy, user.except); set {
			return list, true
		}
	}
	var machine proxyInfo
	if ok, _, _ := winhttpMachine.Call(uintptr(unsafe.Pointer(&machine))); ok != 0 {
		defer free(machine.proxy, machine.bypassed)
		return fixed(target, machine.proxy, machine.bypassed)
	}
	return nil, false
}

func fixed(target *url.URL, proxy, exceptions *uint16) ([]*url.URL, bool) {
	list := readProxies(windows.UTF16PtrToString(proxy), target.Scheme)
	if len(list) == 0 {
		return nil, false
	}
	if bypassed(target.Hostname(), windows.UTF16PtrToString(exceptions)) {
		return nil, true
	}
	return list[:1], true
}

func byScript(target *url.URL, user userConfig) ([]*url.URL, bool) {
	options := autoOptions{script: user.script}
	if user.script != nil {
		options.flags |= autoConfigScript
	}
	if user.autoDetect != 0 {
		options.flags |= autoDetectProxy
		options.detect = detectDHCPAndDNS
	}
	address, err := windows.UTF16PtrFromString((&url.URL{Scheme: target.Scheme, Host: target.Host, Path: "/"}).String())
	if options.flags == 0 || err != nil {
		return nil, false
	}
	session, _, _ := winhttpOpen.Call(0, accessNoProxy, 0, 0, 0)
	if session == 0 {
		return nil, false
	}
	defer func() { _, _, _ = winhttpClose.Call(session) }()
	var info proxyInfo
	ok, _, _ := winhttpProxyForURL.Call(session, uintptr(unsafe.Pointer(address)), uintptr(unsafe.Pointer(&options)), uintptr(unsafe.Pointer(&info)))
	if ok == 0 {
		return nil, false
	}
	defer free(info.proxy, info.bypassed)
	if info.access == accessNoProxy {
		return nil, true
	}
	list := readProxies(windows.UTF16PtrToString(info.proxy), target.Scheme)
	return list, len(list) > 0
}

func free(blocks ...*uint16) {
	for _, b := range blocks {
		if b != nil {
			_, _, _ = globalFree.Call(uintptr(unsafe.Pointer(b)))
		}
	}
}
