package cli

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"mailgrant/app/practice"
	"mailgrant/internal/mailbox"
	"mailgrant/tests/practicetest"
)

const testMetadata = "[Details]\nName = \"Mailgrant\"\nID = \"com.mailgrant.app\"\nVersion = \"1.2.3\"\nBuild = 7\n"

// outcome is what a run left behind.
type outcome struct {
	status         int
	stdout, stderr string
}

// run does one command in the process.
func run(t *testing.T, args ...string) outcome {
	t.Helper()
	return runWith(t, t.Context(), "", args...)
}

func runWith(t *testing.T, ctx context.Context, stdin string, args ...string) outcome {
	t.Helper()
	var out, err bytes.Buffer
	status := Run(ctx, Environment{
		Args: args, Stdin: strings.NewReader(stdin), Stdout: &out, Stderr: &err, Locale: "en_GB.UTF-8", Metadata: testMetadata,
	})
	return outcome{status, out.String(), err.String()}
}

// want fails the test unless the run ended with a status.
func (o outcome) want(t *testing.T, status int) outcome {
	t.Helper()
	if o.status != status {
		t.Fatalf("exit status %d, want %d\nstdout: %s\nstderr: %s", o.status, status, o.stdout, o.stderr)
	}
	return o
}

// lines decodes a JSON object a line.
func (o outcome) lines(t *testing.T) []map[string]any {
	t.Helper()
	var all []map[string]any
	for _, line := range strings.Split(strings.TrimSpace(o.stdout), "\n") {
		var v map[string]any
		if err := json.Unmarshal([]byte(line), &v); err != nil {
			t.Fatalf("not JSON: %q: %v", line, err)
		}
		noNull(t, v)
		all = append(all, v)
	}
	return all
}

// mayBeNull is what a script is told of as not known.
var mayBeNull = []string{"issued", "renewed", "access_expires", "ends_if_unused_by", "expires", "ends", "secret_ends", "tested", "account", "diagnosis", "ok"}

// noNull demands that nothing else is null: a list is one, even with nothing in it.
func noNull(t *testing.T, v any) {
	t.Helper()
	switch v := v.(type) {
	case map[string]any:
		for key, value := range v {
			if value == nil && !slices.Contains(mayBeNull, key) {
				t.Errorf("%s is null", key)
			}
			noNull(t, value)
		}
	case []any:
		for _, value := range v {
			noNull(t, value)
		}
	}
}

// last is the last JSON object on standard output.
func (o outcome) last(t *testing.T) map[string]any {
	t.Helper()
	all := o.lines(t)
	return all[len(all)-1]
}

// at follows a path through decoded JSON; "" keys are not needed.
func at(v any, path ...any) any {
	for _, p := range path {
		switch key := p.(type) {
		case string:
			m, _ := v.(map[string]any)
			v = m[key]
		case int:
			l, _ := v.([]any)
			if key >= len(l) {
				return nil
			}
			v = l[key]
		}
	}
	return v
}

// place is an own home and key for one test.
func place(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	t.Setenv("MAILGRANT_HOME", filepath.Join(dir, "home"))
	t.Setenv("MAILGRANT_KEY_FILE", filepath.Join(dir, "key"))
	return dir
}

// tenant starts a practice tenant and writes its definition, changed.
func tenant(t *testing.T, change func(*mailbox.Definition)) (*practice.Tenant, string) {
	t.Helper()
	dir := place(t)
	p := practicetest.Start(t, practice.Options{})
	return p, writeDefinition(t, dir, p.Definition(), change)
}

func writeDefinition(t *testing.T, dir string, d mailbox.Definition, change func(*mailbox.Definition)) string {
	t.Helper()
	if change != nil {
		change(&d)
	}
	f, err := os.CreateTemp(dir, "def-*.json")
	if err == nil {
		_, err = f.Write(d.Format())
	}
	if err != nil {
		t.Fatal(err)
	}
	_ = f.Close()
	return f.Name()
}

// request runs "request --json" and signs in as user as soon as the address
// is told, through plain HTTP as a browser would.
func request(t *testing.T, file, user string, more ...string) outcome {
	t.Helper()
	return requestBy(t, t.Context(), func(event map[string]any) { signIn(t, event, user) }, file, more...)
}

func requestBy(t *testing.T, ctx context.Context, onEvent func(map[string]any), file string, more ...string) outcome {
	t.Helper()
	in, out := io.Pipe()
	var all, errs bytes.Buffer
	done := make(chan struct{})
	go func() {
		defer close(done)
		scanner := bufio.NewScanner(in)
		for scanner.Scan() {
			all.WriteString(scanner.Text() + "\n")
			var event map[string]any
			if json.Unmarshal(scanner.Bytes(), &event) == nil && event["event"] != "result" {
				go onEvent(event)
			}
		}
	}()
	args := append([]string{"request", "--file", file, "--sign-in", "link", "--json"}, more...)
	status := Run(ctx, Environment{Args: args, Stdin: strings.NewReader(""), Stdout: out, Stderr: &errs, Metadata: testMetadata})
	_ = out.Close()
	<-done
	return outcome{status, all.String(), errs.String()}
}

// signIn follows the short address and answers the sign-in page as user. It
// returns the text of the last page.
func signIn(t *testing.T, event map[string]any, user string) string {
	start, _ := event["url"].(string)
	page, err := practice.Visit(t.Context(), start, user, nil)
	if err != nil {
		t.Logf("browser: %v", err)
	}
	return page
}

// read is the text of a file.
func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
