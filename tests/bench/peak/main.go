//go:build bench

// Command peak runs a program and prints how long it took, in microseconds,
// and its peak of resident memory in KiB. It is as small as can be: on Linux
// a program's peak begins with that of the process which started it.
package main

import (
	"bytes"
	"os"
	"os/exec"
	"strconv"
	"syscall"
	"time"
)

func main() {
	c := exec.Command(os.Args[1], os.Args[2:]...)
	c.Stdin = os.Stdin
	var errs bytes.Buffer
	c.Stderr = &errs
	begin := time.Now()
	err := c.Run()
	took := time.Since(begin)
	if err != nil {
		os.Stderr.WriteString(err.Error() + ": " + errs.String())
		os.Exit(1)
	}
	peak := c.ProcessState.SysUsage().(*syscall.Rusage).Maxrss
	os.Stdout.WriteString(strconv.FormatInt(took.Microseconds(), 10) + " " + strconv.FormatInt(peak, 10) + "\n")
}
