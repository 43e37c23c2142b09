package cli

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"mailgrant/app/history"
	"mailgrant/app/practice"
	"mailgrant/internal/mailbox"
)

// TestKilledWhileMonitoring kills a real process in the middle of its runs.
// Afterwards no result of a run that had ended is lost and none is there twice,
// the next run is not kept out, and the authorization works.
func TestKilledWhileMonitoring(t *testing.T) {
	if os.Getenv("MAILGRANT_TEST_MONITOR") != "" {
		for n := 1; ; n++ {
			fmt.Printf("begun %d\n", n)
			if status := Run(t.Context(), Environment{
				Args: []string{"monitor", "--all", "--format", "nagios"}, Stdin: strings.NewReader(""), Stdout: os.Stderr, Stderr: os.Stderr, Metadata: testMetadata,
			}); status != 0 {
				fmt.Printf("status %d\n", status)
				os.Exit(1)
			}
			fmt.Printf("ended %d\n", n)
		}
	}
	const boxes, kills = 6, 8
	p, file := tenant(t, nil)
	request(t, file, practice.Helpdesk.UPN).want(t, exitGood)
	var names []string
	for n := range boxes {
		names = append(names, fmt.Sprintf("Mailbox %d", n))
		run(t, "mailbox", "import", writeDefinition(t, t.TempDir(), p.Definition(), func(d *mailbox.Definition) { d.Name = names[n] })).want(t, exitGood)
	}
	home := os.Getenv("MAILGRANT_HOME")
	// The first is killed after two whole runs. How long one took says when the
	// others are to be killed: spread over nearly three.
	begun, ended, one := killedRuns(t, 0)
	for kill := range kills {
		b, e, _ := killedRuns(t, one*time.Duration(kill+1)/3)
		begun, ended = begun+b, ended+e
	}
	for _, name := range names {
		all, err := history.New(home).Load(name)
		data, _ := os.ReadFile(mailbox.HistoryFile(mailbox.HistoryFolder(home), name))
		if lines := strings.Count(string(data), "\n"); err != nil || lines != len(all) {
			t.Errorf("%s: %v, %d of %d lines can be read", name, err, len(all), lines)
		}
		if n := len(all); n < min(ended, history.Keep) || n > begun {
			t.Errorf("%s: %d results; %d runs ended, %d had begun", name, n, ended, begun)
		}
	}
	if o := run(t, "monitor", "--all", "--format", "nagios").want(t, exitGood); !strings.Contains(o.stdout, fmt.Sprintf("ok=%d;", boxes)) {
		t.Error(o.stdout)
	}
	if left, _ := filepath.Glob(filepath.Join(home, "*", "*mailgrant-new*")); len(left) > kills*2 {
		t.Errorf("half-written files: %v", left)
	}
	t.Logf("%d runs begun, %d ended, %d kills", begun, ended, kills+1)
}

// killedRuns watches in another process until it is killed, some time after its
// first run began or, where that is 0, when its second ended. It counts the
// runs, and says how long the first took.
func killedRuns(t *testing.T, after time.Duration) (begun, ended int, one time.Duration) {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^TestKilledWhileMonitoring$")
	cmd.Env = append(os.Environ(), "MAILGRANT_TEST_MONITOR=1")
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	var start time.Time
	kill := func() { _ = cmd.Process.Kill() }
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		switch word, _, _ := strings.Cut(lines.Text(), " "); word {
		case "begun":
			if begun++; begun == 1 {
				start = time.Now()
				if after > 0 {
					time.AfterFunc(after, kill)
				}
			}
		case "ended":
			if ended++; ended == 1 {
				one = time.Since(start)
			} else if after == 0 {
				kill()
			}
		case "status":
			t.Errorf("a run failed: %s", lines.Text())
		}
	}
	var exit *exec.ExitError
	if err := cmd.Wait(); !errors.As(err, &exit) {
		t.Errorf("it was not killed: %v", err)
	}
	return begun, ended, one
}
