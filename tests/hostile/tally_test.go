//go:build hostile

package hostile

import (
	"flag"
	"fmt"
	"os"
	"runtime"
	"runtime/metrics"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// only picks cells by a part of their name.
var only = flag.String("cell", "", "run the cells whose name holds this text")

const (
	patience = 4 * time.Second  // of a test whose peer never ends
	usual    = 25 * time.Second // of any other; nothing comes near it
	// generous is what a cell may take beyond its limit. It is no measure of
	// speed: the machine may be busy with other things.
	generous = 60 * time.Second
	// How many cells run at once.
	waitAtOnce, workAtOnce = 128, 16
	maxMemory              = 150 << 20
)

// cell is one situation. Its error is what is wrong with how it went.
type cell struct {
	group, name string
	waits       bool // it spends its time waiting
	run         func() error
}

// tally counts cells by groups.
type tally struct {
	cells  []cell
	groups []string

	mu        sync.Mutex
	held, all map[string]int
	memory    uint64
}

var total = &tally{held: map[string]int{}, all: map[string]int{}}

// add adds cells to a group.
func (t *tally) add(group string, cells []cell) {
	if !slices.Contains(t.groups, group) {
		t.groups = append(t.groups, group)
	}
	for _, c := range cells {
		if c.group = group; strings.Contains(group+": "+c.name, *only) {
			t.cells = append(t.cells, c)
		}
	}
}

// run runs the cells that were added, many at once: those that wait beside
// those that work.
func (t *tally) run(test *testing.T) {
	test.Helper()
	waiting, working := make(chan struct{}, waitAtOnce), make(chan struct{}, workAtOnce)
	var wg sync.WaitGroup
	for _, waits := range []bool{true, false} {
		slots := working
		if waits {
			slots = waiting
		}
		wg.Go(func() {
			for _, c := range t.cells {
				if c.waits != waits {
					continue
				}
				slots <- struct{}{}
				wg.Go(func() {
					defer func() { <-slots }()
					t.note(test, c, ended(c))
				})
			}
		})
	}
	wg.Wait()
	t.cells = nil
}

func (t *tally) note(test *testing.T, c cell, err error) {
	test.Helper()
	t.mu.Lock()
	defer t.mu.Unlock()
	t.all[c.group]++
	if err == nil {
		t.held[c.group]++
		return
	}
	test.Errorf("%s: %s: %v", c.group, c.name, err)
}

// print tells what held: a line a group and a total.
func (t *tally) print() {
	held, all := 0, 0
	for _, g := range t.groups {
		if t.all[g] > 0 {
			fmt.Printf("%s: %d of %d held\n", g, t.held[g], t.all[g])
		}
		held, all = held+t.held[g], all+t.all[g]
	}
	fmt.Printf("hostile: %d of %d held, at most %d MB\n", held, all, t.memory>>20)
}

// ended runs a cell and does not wait for one that does not come back.
func ended(c cell) error {
	done := make(chan error, 1)
	go func() { done <- c.run() }()
	select {
	case err := <-done:
		return err
	case <-time.After(usual + generous):
		return fmt.Errorf("it did not end")
	}
}

// watch measures the memory of the whole program, peers included.
func (t *tally) watch(end <-chan struct{}) {
	samples := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
	for {
		metrics.Read(samples)
		now := samples[0].Value.Uint64() - samples[1].Value.Uint64()
		t.memory = max(t.memory, now)
		select {
		case <-end:
			return
		case <-time.After(5 * time.Millisecond):
		}
	}
}

// left are the goroutines that still run our code.
func left() string {
	buf := make([]byte, 4<<20)
	var ours []string
	for _, g := range strings.Split(string(buf[:runtime.Stack(buf, true)]), "\n\n")[1:] {
		for _, mark := range []string{"mailgrant/mailtest.", "mailgrant/oauth.", "imapclient."} {
			if strings.Contains(g, mark) {
				ours = append(ours, g)
				break
			}
		}
	}
	return strings.Join(ours, "\n\n")
}

func TestMain(m *testing.M) {
	flag.Parse()
	end, measured := make(chan struct{}), make(chan struct{})
	go func() { defer close(measured); total.watch(end) }()
	status := m.Run()
	close(end)
	<-measured
	var running string
	for range 3000 {
		if running = left(); running == "" {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	if running != "" {
		fmt.Println("hostile: still running:\n" + running)
		status = 1
	}
	if total.memory > maxMemory {
		fmt.Println("hostile: more memory than it may take")
		status = 1
	}
	total.print()
	os.Exit(status)
}
