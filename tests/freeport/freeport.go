// Package freeport finds ports for the servers that tests start, and serves.
package freeport

import (
	"fmt"
	"math/rand/v2"
	"net"
	"testing"
)

// Find gives ports of loopback that nothing listens on. They lie below those
// that the system gives to connections (from 32768 on Linux), of which other
// tests beside this one open thousands.
func Find(t *testing.T, n int) []int {
	t.Helper()
	var ports []int
	for range 100 * n {
		port := 20000 + rand.IntN(12000)
		l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err != nil {
			continue
		}
		defer l.Close() // all at once, so that none is given twice
		if ports = append(ports, port); len(ports) == n {
			return ports
		}
	}
	t.Fatal("no port is free")
	return nil
}

// Serve accepts connections until the test ends and gives each to serve.
func Serve(t *testing.T, serve func(net.Conn)) *net.TCPAddr {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				serve(c)
			}()
		}
	}()
	return l.Addr().(*net.TCPAddr)
}
