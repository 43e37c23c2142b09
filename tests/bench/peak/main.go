//go:build bench

// Command peak runs a program and prints how long it took, in microseconds,
// its peak of resident memory in KiB, and how many files it had open at once.
// It is as small as can be: on Linux a program's peak begins with that of the
// process which started it.
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
	err := c.Start()
	if err != nil {
		fail(err, "")
	}
	ended := make(chan struct{})
	most := make(chan int)
	go func() { most <- openFiles(c.Process.Pid, ended) }()
	err = c.Wait()
	took := time.Since(begin)
	close(ended)
	if err != nil {
		fail(err, errs.String())
	}
	peak := c.ProcessState.SysUsage().(*syscall.Rusage).Maxrss
	os.Stdout.WriteString(strconv.FormatInt(took.Microseconds(), 10) + " " + strconv.FormatInt(peak, 10) + " " + strconv.Itoa(<-most) + "\n")
}

func fail(err error, words string) {
	os.Stderr.WriteString(err.Error() + ": " + words)
	os.Exit(1)
}

// openFiles looks often enough for a program that runs for seconds.
func openFiles(pid int, ended <-chan struct{}) (most int) {
	for {
		select {
		case <-ended:
			return most
		case <-time.After(100 * time.Millisecond):
			files, _ := os.ReadDir("/proc/" + strconv.Itoa(pid) + "/fd")
			most = max(most, len(files))
		}
	}
}
