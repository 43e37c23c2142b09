package mailtest

import "syscall"

// acknowledgeAtOnce: tcp(7), TCP_QUICKACK.
func acknowledgeAtOnce(fd uintptr) {
	_ = syscall.SetsockoptInt(int(fd), syscall.IPPROTO_TCP, syscall.TCP_QUICKACK, 1)
}
