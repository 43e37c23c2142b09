//go:build !windows

package bounded

import "syscall"

const nonBlocking = syscall.O_NONBLOCK // else opening a pipe waits for its writer
