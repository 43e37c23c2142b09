//go:build bench

// Command bench measures build/mailgrant-cli beside programs that everybody
// has, all in one run on one machine, so that the ratios mean something
// elsewhere too. It prints tables and asserts nothing.
package main

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

func main() {
	if err := run(context.Background(), os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, program string) error {
	program, err := filepath.Abs(program)
	if err != nil {
		return err
	}
	if len(os.Args) > 4 {
		return servers(ctx, program, os.Args[4])
	}
	lab, err := newLab(ctx, program)
	if err != nil {
		return err
	}
	defer lab.close()
	if len(os.Args) > 3 { // one part alone
		return map[string]func() error{
			"start": lab.start, "explain": lab.explain, "sign-in": lab.signIn, "wire": lab.wire, "mailboxes": lab.mailboxes,
		}[os.Args[3]]()
	}
	for _, part := range []func() error{lab.start, lab.explain, lab.signIn, lab.wire, lab.mailboxes} {
		if err := part(); err != nil {
			return err
		}
	}
	return nil
}

type spent struct {
	time  time.Duration
	peak  int64 // resident memory, bytes
	files int   // open at once
}

// measure runs a program once, through the little program peak.
func measure(stdin string, command ...string) (spent, error) {
	c := exec.Command(os.Args[2], command...)
	c.Stdin = strings.NewReader(stdin)
	var errs strings.Builder
	c.Stderr = &errs
	out, err := c.Output()
	var us, kib int64
	var files int
	if err == nil {
		_, err = fmt.Sscan(string(out), &us, &kib, &files)
	}
	if err != nil {
		return spent{}, fmt.Errorf("%s: %w: %.500s", strings.Join(command, " "), err, errs.String())
	}
	return spent{time.Duration(us) * time.Microsecond, kib << 10, files}, nil
}

type row struct {
	name  string
	stdin string
	args  []string
	runs  []spent
}

// compare runs the rows in turn, so that a busy moment hits all of them, and
// prints medians with the ratio to the first row.
func compare(title string, rounds int, rows ...*row) error {
	for range rounds {
		for _, r := range rows {
			s, err := measure(r.stdin, r.args...)
			if err != nil {
				return err
			}
			r.runs = append(r.runs, s)
		}
	}
	fmt.Printf("\n%s (median of %d)\n", title, rounds)
	base := rows[0].median()
	for _, r := range rows {
		m := r.median()
		fmt.Printf("  %-38s %9.1f ms  %6.1f MB   × %.2f time  × %.2f memory\n", r.name, ms(m.time), mb(m.peak),
			float64(m.time)/float64(base.time), float64(m.peak)/float64(base.peak))
	}
	return nil
}

func (r *row) median() spent {
	var times []time.Duration
	var peaks []int64
	for _, s := range r.runs {
		times, peaks = append(times, s.time), append(peaks, s.peak)
	}
	return spent{time: middle(times), peak: middle(peaks)}
}

func middle[T cmp.Ordered](values []T) T {
	slices.Sort(values)
	return values[len(values)/2]
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

func mb(bytes int64) float64 { return float64(bytes) / (1 << 20) }
