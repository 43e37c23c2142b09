//go:build bench

// Command window measures the window beside the same program with nothing in
// it: time to the last change of the first picture, idle processor time and
// memory. Then it compares the two looks of the window where Mesa's softpipe
// draws it, as on Windows without OpenGL, and what a key typed into a field
// costs. It needs Xvfb and xdotool and asserts nothing.
//
// The idle time is the toolkit's: its loop looks for events sixty times a
// second (Fyne 2.8.1, internal/driver/glfw/loop.go, runGL), and each of these
// wakes four threads of Go's runtime. There is no setting for it.
//
//	window PROGRAM EMPTY
package main

import (
	"bufio"
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"hash/maphash"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

const (
	runs   = 3
	settle = 3 * time.Second  // without a change, after which nothing moves any more
	slowly = 6 * time.Second  // the same, where softpipe draws
	idle   = 5 * time.Second  // over which idle time is measured
	limit  = 60 * time.Second // for a picture to come and to be still
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "window: the two programs are missing")
		os.Exit(2)
	}
	if err := compare(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "window:", err)
		os.Exit(1)
	}
}

type figures struct {
	start  time.Duration
	used   time.Duration // of the processor, until nothing moves any more
	idle   float64       // part of a core
	memory int           // KiB
}

func compare(program, empty string) error {
	dir, err := os.MkdirTemp("", "mailgrant-bench-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	x, err := openDisplay(dir)
	if err != nil {
		return err
	}
	defer x.close()
	var ours, theirs []figures
	for i := range runs + 1 { // in turns; the first ones only warm up
		a, err := x.measure(program, settle)
		if err != nil {
			return err
		}
		b, err := x.measure(empty, settle)
		if err != nil {
			return err
		}
		if i > 0 {
			ours, theirs = append(ours, a), append(theirs, b)
		}
	}
	a, b := median(ours), median(theirs)
	fmt.Printf("The window beside an empty one, median of %d, software rendering\n\n", runs)
	fmt.Printf("  %-28s %10s %10s %7s\n", "", "Mailgrant", "empty", "ratio")
	fmt.Printf("  %-28s %7d ms %7d ms %7.2f\n", "start to complete picture", a.start.Milliseconds(), b.start.Milliseconds(), float64(a.start)/float64(b.start))
	fmt.Printf("  %-28s %8.2f %% %8.2f %%\n", "idle, of a core", 100*a.idle, 100*b.idle)
	fmt.Printf("  %-28s %6d MiB %6d MiB %7.2f\n", "memory", a.memory>>10, b.memory>>10, float64(a.memory)/float64(b.memory))
	if err := x.compareLooks(program); err != nil {
		return err
	}
	return x.compareKeys(program)
}

// softpipe makes Mesa draw without a graphics card and without a compiler.
var softpipe = []string{"LIBGL_ALWAYS_SOFTWARE=1", "GALLIUM_DRIVER=softpipe"}

// compareLooks compares what the first picture costs the processor in the
// usual look and in the plain one.
func (x *screen) compareLooks(program string) error {
	var usual, plain []figures
	for range runs {
		a, err := x.measure(program, slowly, append(softpipe, "MAILGRANT_RENDERER=hardware")...)
		if err != nil {
			return err
		}
		b, err := x.measure(program, slowly, append(softpipe, "MAILGRANT_RENDERER=software")...)
		if err != nil {
			return err
		}
		usual, plain = append(usual, a), append(plain, b)
	}
	a, b := median(usual), median(plain)
	fmt.Printf("\nDrawn by softpipe, median of %d\n\n", runs)
	fmt.Printf("  %-28s %10s %10s %7s\n", "", "plain look", "usual look", "ratio")
	fmt.Printf("  %-28s %7d ms %7d ms %7.2f\n", "processor, start to stillness", b.used.Milliseconds(), a.used.Milliseconds(), float64(b.used)/float64(a.used))
	return nil
}

func median(all []figures) figures {
	return figures{
		start:  middle(all, func(f figures) time.Duration { return f.start }),
		used:   middle(all, func(f figures) time.Duration { return f.used }),
		idle:   middle(all, func(f figures) float64 { return f.idle }),
		memory: middle(all, func(f figures) int { return f.memory }),
	}
}

func middle[T cmp.Ordered](all []figures, of func(figures) T) T {
	var values []T
	for _, f := range all {
		values = append(values, of(f))
	}
	slices.Sort(values)
	return values[len(values)/2]
}

// screen is an X server whose picture lies in a file.
type screen struct {
	cmd     *exec.Cmd
	picture string
	env     []string
	seed    maphash.Seed
}

func openDisplay(dir string) (*screen, error) {
	r, w, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	cmd := exec.Command("Xvfb", "-displayfd", "3", "-screen", "0", "1400x900x24", "-nolisten", "tcp", "-noreset", "-fbdir", dir)
	cmd.ExtraFiles = []*os.File{w}
	if err := cmd.Start(); err != nil {
		return nil, errors.Join(err, w.Close())
	}
	_ = w.Close()
	number, err := bufio.NewReader(r).ReadString('\n')
	if err != nil {
		return nil, err
	}
	home := filepath.Join(dir, "home")
	if err := os.MkdirAll(home, 0o700); err != nil {
		return nil, err
	}
	return &screen{cmd, filepath.Join(dir, "Xvfb_screen0"), append(os.Environ(),
		"DISPLAY=:"+strings.TrimSpace(number), "WAYLAND_DISPLAY=", "HOME="+home, "XDG_RUNTIME_DIR="+home, "XDG_CACHE_HOME="+home, "TMPDIR="+home,
		"MAILGRANT_HOME="+filepath.Join(home, "mailgrant"), "MAILGRANT_KEY_FILE="+filepath.Join(home, "key"), "FYNE_THEME=light", "LC_ALL=C.UTF-8"), maphash.MakeSeed()}, nil
}

func (x *screen) close() {
	_ = x.cmd.Process.Signal(syscall.SIGTERM)
	_ = x.cmd.Wait()
}

func (x *screen) look() (uint64, error) {
	data, err := os.ReadFile(x.picture)
	return maphash.Bytes(x.seed, data), err
}

// measure starts a program on the practice tenant, with more in its
// environment, and looks at it.
func (x *screen) measure(program string, settle time.Duration, env ...string) (figures, error) {
	cmd, f, err := x.start(program, settle, env...)
	if err != nil {
		return f, err
	}
	defer stop(cmd)
	time.Sleep(idle)
	later, err := processorTime(cmd.Process.Pid)
	if err != nil {
		return f, err
	}
	f.idle = float64(later-f.used) / float64(idle)
	f.memory, err = memory(cmd.Process.Pid)
	return f, err
}

// start starts a program on the practice tenant and waits until its picture
// stands. The caller stops it.
func (x *screen) start(program string, settle time.Duration, env ...string) (*exec.Cmd, figures, error) {
	var f figures
	cmd := exec.Command(program, "--practice")
	cmd.Env = append(slices.Clip(x.env), env...)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	began := time.Now()
	last, err := x.look()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		return nil, f, err
	}
	for ; err == nil && (f.start == 0 || time.Since(began)-f.start < settle) && time.Since(began) < limit; time.Sleep(5 * time.Millisecond) {
		var now uint64
		if now, err = x.look(); now != last {
			f.start, last = time.Since(began), now
		}
	}
	if err == nil && f.start == 0 {
		err = fmt.Errorf("%s showed nothing: %s", program, out.String())
	}
	if err == nil {
		f.used, err = processorTime(cmd.Process.Pid)
	}
	if err != nil {
		stop(cmd)
	}
	return cmd, f, err
}

func stop(cmd *exec.Cmd) {
	_ = cmd.Process.Signal(syscall.SIGTERM)
	_ = cmd.Wait()
}

// processorTime is what a process has used (proc(5): utime and stime, in
// hundredths of a second).
func processorTime(pid int) (time.Duration, error) {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, err
	}
	fields := strings.Fields(string(data[bytes.LastIndexByte(data, ')')+1:]))
	var ticks int
	for _, field := range fields[11:13] {
		n, err := strconv.Atoi(field)
		if err != nil {
			return 0, err
		}
		ticks += n
	}
	return time.Duration(ticks) * 10 * time.Millisecond, nil
}

// memory is the resident size, in KiB.
func memory(pid int) (int, error) {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	for _, line := range strings.Split(string(data), "\n") {
		if size, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			return strconv.Atoi(strings.TrimSuffix(strings.TrimSpace(size), " kB"))
		}
	}
	return 0, errors.New("no VmRSS")
}
