//go:build !windows

package loopback

import (
	"errors"
	"syscall"
)

// exclusive has nothing to do: a port that is listened on is taken.
func exclusive(_, _ string, _ syscall.RawConn) error { return nil }

func portTaken(err error) bool {
	return errors.Is(err, syscall.EADDRINUSE) || errors.Is(err, syscall.EACCES)
}
