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
	"encoding/binary"
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
	settle = 3 * time.Second       // without a change, after which nothing moves any more
	pause  = 30 * time.Millisecond // the same, after which the picture should be complete
	slowly = 6 * time.Second       // the same, where softpipe draws
	idle   = 5 * time.Second       // over which idle time is measured
	limit  = 60 * time.Second      // for a picture to come and to be still
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
	start  time.Duration // to the last change of the picture, by the sample
	whole  time.Duration // the same, where all of the picture was looked at
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
	for i := range runs + 1 { // in turns; the first ones only warm up, and prove the sample
		x.thorough = i == 0
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
			continue
		}
		fmt.Printf("Start to complete picture, while all of it is looked at: by that / by the sample\n\n")
		fmt.Printf("  Mailgrant %d / %d ms, empty %d / %d ms\n\n", a.whole.Milliseconds(), a.start.Milliseconds(), b.whole.Milliseconds(), b.start.Milliseconds())
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
	cmd      *exec.Cmd
	picture  []byte // as it is now
	env      []string
	seed     maphash.Seed
	thorough bool // look at all of the picture while a window starts
}

func openDisplay(dir string) (*screen, error) {
	r, w, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	cmd := exec.Command("Xvfb", "-displayfd", "3", "-screen", "0", "1400x900x24", "-nolisten", "tcp", "-noreset", "-nocursor", "-fbdir", dir)
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
	picture, err := mapped(filepath.Join(dir, "Xvfb_screen0"))
	if err != nil {
		return nil, err
	}
	return &screen{cmd: cmd, picture: picture, seed: maphash.MakeSeed(), env: append(os.Environ(),
		"DISPLAY=:"+strings.TrimSpace(number), "WAYLAND_DISPLAY=", "HOME="+home, "XDG_RUNTIME_DIR="+home, "XDG_CACHE_HOME="+home, "TMPDIR="+home,
		"MAILGRANT_HOME="+filepath.Join(home, "mailgrant"), "MAILGRANT_KEY_FILE="+filepath.Join(home, "key"), "FYNE_THEME=light", "LC_ALL=C.UTF-8")}, nil
}

// mapped is what is in a file, whenever it is read.
func mapped(file string) ([]byte, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	return syscall.Mmap(int(f.Fd()), 0, int(info.Size()), syscall.PROT_READ, syscall.MAP_SHARED)
}

func (x *screen) close() {
	_ = x.cmd.Process.Signal(syscall.SIGTERM)
	_ = x.cmd.Wait()
}

// look looks at the whole picture.
func (x *screen) look() uint64 { return maphash.Bytes(x.seed, x.picture) }

// glance looks at one dot of 211, at other places in each line. To look at all
// of them every two milliseconds takes a third of a core, which a window that
// starts wants too.
func (x *screen) glance() (sum uint64) {
	for at := 0; at+4 <= len(x.picture); at += 4 * 211 {
		sum = sum*31 + uint64(binary.NativeEndian.Uint32(x.picture[at:]))
	}
	return sum
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
	last, whole, complete := x.glance(), x.look(), uint64(0)
	began := time.Now()
	err := cmd.Start()
	if err != nil {
		return nil, f, err
	}
	for ; (f.start == 0 || time.Since(began)-f.start < settle) && time.Since(began) < limit; time.Sleep(2 * time.Millisecond) {
		at := time.Since(began)
		if now := x.glance(); now != last {
			f.start, last, complete = at, now, 0
		} else if f.start != 0 && complete == 0 && at-f.start > pause {
			complete = x.look()
		}
		if x.thorough {
			if now := x.look(); now != whole {
				f.whole, whole = at, now
			}
		}
	}
	switch {
	case f.start == 0:
		err = fmt.Errorf("%s showed nothing: %s", program, out.String())
	case complete != x.look():
		err = errors.New("the picture changed where no dot of the sample is")
	default:
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
	_, rest, _ := strings.Cut(string(data), "VmRSS:")
	var size int
	_, err = fmt.Sscan(rest, &size)
	return size, err
}
