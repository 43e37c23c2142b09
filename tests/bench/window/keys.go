//go:build bench

package main

import (
	"errors"
	"fmt"
	"os/exec"
	"slices"
	"time"
)

const keys = 20

// answer is what one key typed into a field costs.
type answer struct {
	first time.Duration // until the picture begins to change, looked at every millisecond
	used  time.Duration // of the processor until it stands again; mean of all keys
	loop  time.Duration // of that what the toolkit's loop uses in as long, without a field or a key
}

// compareKeys types into the first field of the window in both looks, drawn by
// Mesa's llvmpipe and by its softpipe. None of the two is a graphics driver: with
// one, the picture itself costs the processor nothing.
func (x *screen) compareKeys(program string) error {
	fmt.Printf("\nA key typed into a field, %d of them\n\n", keys)
	fmt.Printf("  %-28s %14s %11s %14s %10s\n", "", "first change", "processor", "the loop's", "key's")
	plainSoftpipe := append(slices.Clone(softpipe), "MAILGRANT_RENDERER=software")
	for _, c := range []struct {
		name   string
		still  time.Duration // without a change, after which the picture stands; the usual look's cursor blinks
		dialog bool
		env    []string
	}{
		{"usual look, llvmpipe", 400 * time.Millisecond, false, []string{"LIBGL_ALWAYS_SOFTWARE=1", "MAILGRANT_RENDERER=hardware"}},
		{"plain look, llvmpipe", 400 * time.Millisecond, false, []string{"LIBGL_ALWAYS_SOFTWARE=1", "MAILGRANT_RENDERER=software"}},
		{"plain look, softpipe", 2 * time.Second, false, plainSoftpipe},
		{"… in a dialog", 2 * time.Second, true, plainSoftpipe},
	} {
		a, err := x.typing(program, c.still, c.dialog, c.env...)
		if err != nil {
			return err
		}
		fmt.Printf("  %-28s %11d ms %8d ms %11d ms %7d ms\n", c.name, a.first.Milliseconds(), a.used.Milliseconds(), a.loop.Milliseconds(), (a.used - a.loop).Milliseconds())
	}
	return nil
}

// typing starts the program, goes to the first field of its page or of a dialog
// and types.
func (x *screen) typing(program string, still time.Duration, dialog bool, env ...string) (answer, error) {
	cmd, _, err := x.start(program, slowly, env...)
	if err != nil {
		return answer{}, err
	}
	defer stop(cmd)
	loop, span, err := uses(cmd.Process.Pid, func() error { time.Sleep(keys * still); return nil })
	if err != nil {
		return answer{}, err
	}
	if err := x.xdotool("search", "--onlyvisible", "--name", "^Mailgrant$", "windowfocus"); err != nil {
		return answer{}, err
	}
	if dialog { // which the last button of the toolbar opens
		for _, key := range []string{"Tab", "Tab", "Tab", "Tab", "Tab", "Return"} {
			if _, _, err := x.press(key, still); err != nil {
				return answer{}, err
			}
		}
	}
	if err := x.focusField(still); err != nil {
		return answer{}, err
	}
	var firsts []time.Duration
	used, took, err := uses(cmd.Process.Pid, func() error {
		for range keys {
			first, changed, err := x.press("a", still)
			if err != nil {
				return err
			}
			if !changed {
				return fmt.Errorf("%s: a key changed nothing", program)
			}
			firsts = append(firsts, first)
		}
		return nil
	})
	if err != nil {
		return answer{}, err
	}
	slices.Sort(firsts)
	return answer{firsts[keys/2], used / keys, time.Duration(float64(loop)*took.Seconds()/span.Seconds()) / keys}, nil
}

// uses is what a process uses of the processor while something is done.
func uses(pid int, do func() error) (used, took time.Duration, err error) {
	before, err := processorTime(pid)
	if err != nil {
		return 0, 0, err
	}
	began := time.Now()
	if err := do(); err != nil {
		return 0, 0, err
	}
	after, err := processorTime(pid)
	return after - before, time.Since(began), err
}

// focusField goes from widget to widget until a letter changes the picture.
func (x *screen) focusField(still time.Duration) error {
	for range 20 {
		if _, _, err := x.press("Tab", still); err != nil {
			return err
		}
		if _, changed, err := x.press("a", still); err != nil || changed {
			return err
		}
	}
	return errors.New("no field takes a letter")
}

func (x *screen) xdotool(args ...string) error {
	cmd := exec.Command("xdotool", args...)
	cmd.Env = x.env
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("xdotool %v: %w: %s", args, err, out)
	}
	return nil
}

// press sends a key and waits until the picture stands.
func (x *screen) press(key string, still time.Duration) (first time.Duration, changed bool, err error) {
	last := x.look()
	if err := x.xdotool("key", key); err != nil {
		return 0, false, err
	}
	sent := time.Now()
	for quiet := sent; time.Since(quiet) < still && time.Since(sent) < limit; time.Sleep(time.Millisecond) {
		if now := x.look(); now != last {
			if !changed {
				first, changed = time.Since(sent), true
			}
			quiet, last = time.Now(), now
		}
	}
	return first, changed, nil
}
