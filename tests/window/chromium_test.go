//go:build windowtest

package window

import (
	"bufio"
	"encoding/json"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// chromium is a browser without a window, with one page, that reaches nothing
// outside. It is driven by the DevTools protocol over a pair of pipes:
// https://chromedevtools.github.io/devtools-protocol/
type chromium struct {
	*testing.T
	to      *os.File
	from    *bufio.Reader
	session string
	last    int
	seen    []event
}

// event is something that the browser tells by itself.
type event struct {
	Method string
	Params struct {
		Request struct{ URL string }  // Network.requestWillBeSent
		Entry   struct{ Text string } // Log.entryAdded
	}
}

func startChromium(t *testing.T) *chromium {
	t.Helper()
	program, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("the report is not read:", err) // scripts/packages installs it where it can be had
	}
	commands, to, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	from, answers, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	profile := t.TempDir()
	cmd := exec.Command(program, "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
		"--no-first-run", "--user-data-dir="+profile, "--host-resolver-rules=MAP * ~NOTFOUND", "--remote-debugging-pipe", "about:blank")
	cmd.Env = append(os.Environ(), "HOME="+profile)
	cmd.ExtraFiles = []*os.File{commands, answers} // it reads from 3 and writes to 4
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	_, _ = commands.Close(), answers.Close()
	c := &chromium{T: t, to: to, from: bufio.NewReader(from)}
	t.Cleanup(func() {
		c.session = ""
		c.call("Browser.close", nil, nil)
		_ = cmd.Wait()
		_, _ = to.Close(), from.Close()
	})
	var targets struct {
		TargetInfos []struct{ TargetID, Type string }
	}
	c.call("Target.getTargets", nil, &targets)
	for _, target := range targets.TargetInfos {
		if target.Type == "page" {
			var attached struct{ SessionID string }
			c.call("Target.attachToTarget", map[string]any{"targetId": target.TargetID, "flatten": true}, &attached)
			c.session = attached.SessionID
		}
	}
	for _, domain := range []string{"Page", "Network", "Log"} {
		c.call(domain+".enable", nil, nil)
	}
	return c
}

// call sends a command and waits for its answer.
func (c *chromium) call(method string, params map[string]any, result any) {
	c.Helper()
	c.last++
	command := map[string]any{"id": c.last, "method": method}
	if params != nil {
		command["params"] = params
	}
	if c.session != "" {
		command["sessionId"] = c.session
	}
	data, err := json.Marshal(command)
	if err == nil {
		_, err = c.to.Write(append(data, 0))
	}
	if err != nil {
		c.Fatalf("chromium: %s: %v", method, err)
	}
	for {
		message := c.read(method)
		if message.ID != c.last {
			continue
		}
		if message.Error != nil {
			c.Fatalf("chromium: %s: %s", method, message.Error)
		}
		if result != nil {
			if err := json.Unmarshal(message.Result, result); err != nil {
				c.Fatalf("chromium: %s: %v", method, err)
			}
		}
		return
	}
}

type message struct {
	ID            int
	Result, Error json.RawMessage
	event
}

// read takes the next message; an event is kept.
func (c *chromium) read(during string) (m message) {
	c.Helper()
	data, err := c.from.ReadBytes(0)
	if err != nil {
		c.Fatalf("chromium ended during %s: %v", during, err)
	}
	if err := json.Unmarshal(data[:len(data)-1], &m); err != nil {
		c.Fatalf("chromium: %v", err)
	}
	if m.Method != "" {
		c.seen = append(c.seen, m.event)
	}
	return m
}

// open shows a file and waits until it is complete.
func (c *chromium) open(file string) {
	c.Helper()
	c.seen = nil
	c.call("Page.navigate", map[string]any{"url": (&url.URL{Scheme: "file", Path: file}).String()}, nil)
	for c.count("Page.loadEventFired") == 0 {
		c.read("loading")
	}
}

func (c *chromium) count(method string) (n int) {
	for _, e := range c.seen {
		if e.Method == method {
			n++
		}
	}
	return n
}

// look makes the page what a reader has: so wide, and light, dark or on paper.
func (c *chromium) look(width int, scheme, media string) {
	c.Helper()
	c.call("Emulation.setDeviceMetricsOverride", map[string]any{"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false}, nil)
	c.call("Emulation.setEmulatedMedia", map[string]any{
		"media": media, "features": []map[string]string{{"name": "prefers-color-scheme", "value": scheme}},
	}, nil)
}

// value is what an expression yields on the page.
func (c *chromium) value(expression string, into any) {
	c.Helper()
	var got struct {
		Result struct{ Value json.RawMessage }
	}
	c.call("Runtime.evaluate", map[string]any{"expression": expression, "returnByValue": true}, &got)
	if err := json.Unmarshal(got.Result.Value, into); err != nil {
		c.Fatalf("chromium: %s: %v", expression, err)
	}
}

// shot keeps a picture of the whole page.
func (c *chromium) shot(name string) {
	c.Helper()
	dir := os.Getenv("MAILGRANT_WINDOW_SHOTS")
	if dir == "" {
		return
	}
	var picture struct{ Data []byte }
	c.call("Page.captureScreenshot", map[string]any{"captureBeyondViewport": true}, &picture)
	if err := os.WriteFile(filepath.Join(dir, name+".png"), picture.Data, 0o644); err != nil {
		c.Fatal(err)
	}
}
