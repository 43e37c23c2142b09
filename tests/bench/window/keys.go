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
}

// compareKeys types into the first field of the window in both looks, drawn by
// Mesa's llvmpipe and by its softpipe. None of the two is a graphics driver: with
// one, the picture itself costs the processor nothing.
func (x *screen) compareKeys(program string) error {
	fmt.Printf("\nA key typed into a field, %d of them\n\n", keys)
	fmt.Printf("  %-28s %14s %20s\n", "", "first change", "processor for it")
	for _, c := range []struct {
		name  string
		still time.Duration // without a change, after which the picture stands; the usual look's cursor blinks
		env   []string
	}{
		{"usual look, llvmpipe", 400 * time.Millisecond, []string{"LIBGL_ALWAYS_SOFTWARE=1", "MAILGRANT_RENDERER=hardware"}},
		{"plain look, llvmpipe", 400 * time.Millisecond, []string{"LIBGL_ALWAYS_SOFTWARE=1", "MAILGRANT_RENDERER=software"}},
		{"plain look, softpipe", 2 * time.Second, append(slices.Clone(softpipe), "MAILGRANT_RENDERER=software")},
	} {
		a, err := x.typing(program, c.still, c.env...)
		if err != nil {
			return err
		}
		fmt.Printf("  %-28s %11d ms %17d ms\n", c.name, a.first.Milliseconds(), a.used.Milliseconds())
	}
	return nil
}

// typing starts the program, goes to its first field and types.
func (x *screen) typing(program string, still time.Duration, env ...string) (answer, error) {
	cmd, _, err := x.start(program, slowly, env...)
	if err != nil {
		return answer{}, err
	}
	defer stop(cmd)
	if err := x.focusField(still); err != nil {
		return answer{}, err
	}
	before, err := processorTime(cmd.Process.Pid)
	if err != nil {
		return answer{}, err
	}
	var firsts []time.Duration
	for range keys {
		first, changed, err := x.press("a", still)
		if err != nil {
			return answer{}, err
		}
		if !changed {
			return answer{}, fmt.Errorf("%s: a key changed nothing", program)
		}
		firsts = append(firsts, first)
	}
	after, err := processorTime(cmd.Process.Pid)
	slices.Sort(firsts)
	return answer{firsts[keys/2], (after - before) / keys}, err
}

// focusField goes from widget to widget until a letter changes the picture.
func (x *screen) focusField(still time.Duration) error {
	if err := x.xdotool("search", "--onlyvisible", "--name", "^Mailgrant$", "windowfocus"); err != nil {
		return err
	}
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
	last, err := x.look()
	if err != nil {
		return 0, false, err
	}
	if err := x.xdotool("key", key); err != nil {
		return 0, false, err
	}
	sent := time.Now()
	for quiet := sent; time.Since(quiet) < still && time.Since(sent) < limit; time.Sleep(time.Millisecond) {
		now, err := x.look()
		if err != nil {
			return 0, false, err
		}
		if now != last {
			if !changed {
				first, changed = time.Since(sent), true
			}
			quiet, last = time.Now(), now
		}
	}
	return first, changed, nil
}
