package cli

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"mailgrant/internal/i18n"
	"mailgrant/internal/logfile"
	"mailgrant/internal/native"
	"mailgrant/internal/native/renderer"
	"mailgrant/internal/redact"
)

// Renderers chooses what draws the window; see renderer.Chooser.
type Renderers interface {
	Choose(ctx context.Context, beforeCopy func()) renderer.Outcome
	AfterFailure(words string, beforeCopy func()) renderer.Outcome
}

// desktop is what surrounds the window.
type desktop struct {
	p       *program
	home    string // the user's own, also in practice
	chooser Renderers
	release func() // gives up the claim to the one window; nothing in practice
}

// claim makes this process the one with the window. If there is one, it has
// been brought to the front and claim returns false.
func (d *desktop) claim() bool {
	if renderer.Looking() {
		return true
	}
	release, first := native.Claim(d.home)
	if !first {
		d.p.log.Info("window: another one is open and was brought to the front")
		return false
	}
	d.release = release
	return true
}

func (d *desktop) open(w Window) int {
	w.App, w.Home, w.Manager, w.Texts, w.Log = d.p.app, d.p.home, d.p.m(), d.p.texts, d.p.log
	w.Failed = func(words string) int { return d.status(d.chooser.AfterFailure(words, d.release)) }
	w.Broken = func(err error) int {
		d.p.log.Error("window: ended", "error", err)
		if d.p.Message != nil {
			d.p.Message(d.p.texts.Text("native.no-window.title"), redact.Line(err.Error()))
			return exitProblem
		}
		return d.p.fail(err)
	}
	return d.p.OpenWindow(w)
}

func (d *desktop) recordCrashes() (end func()) {
	end, err := logfile.Crash(d.home)
	if err != nil {
		d.p.log.Warn("window: a crash would leave no trace", "error", err)
	}
	return end
}

// status is the exit status of an outcome without a window in this process; if
// no other process had one, it says why.
func (d *desktop) status(out renderer.Outcome) int {
	if out.Done {
		return out.Status
	}
	instead := "mailgrant-cli --help"
	if slices.Contains(d.p.Args, "--practice") {
		instead = "mailgrant-cli --practice"
	}
	text := d.reason(out) + "\n" + d.p.texts.Text("native.no-window.instead", i18n.Args{"command": instead})
	if d.p.Message != nil {
		d.p.Message(d.p.texts.Text("native.no-window.title"), text)
	} else {
		d.p.tell(d.p.texts.Text("native.no-window.title") + "\n" + text)
	}
	return exitProblem
}

func (d *desktop) reason(out renderer.Outcome) string {
	text := d.p.texts.Text("native.no-window." + string(out.Reason))
	if out.NoCopy {
		text += "\n" + d.p.texts.Text("native.no-window.no-copy")
	}
	if out.Detail != "" {
		text += "\n" + d.p.texts.Text("native.no-window.words", i18n.Args{"words": redact.Line(out.Detail)})
	}
	return text
}

// runOnDesktop runs the program that Windows starts without a console. What it
// has to say goes to the terminal it was started from, else into a message box.
func runOnDesktop(ctx context.Context, env Environment, terminal func() (io.Writer, bool), message func(title, text string)) int {
	var words bytes.Buffer
	env.Stderr = &words
	env.Message = func(title, text string) {
		fmt.Fprintf(&words, "%s\n%s\n", title, text)
		flush(&words, terminal)
		message(title, text)
		words.Reset()
	}
	status := exitUsage
	if givesCommand(env.Args) {
		texts := i18n.For(language(env.Args, env.Locale))
		fmt.Fprintln(&words, texts.Text("native.use-cli", i18n.Args{"arguments": redact.Line(strings.Join(env.Args, " "))}))
	} else {
		status = Run(ctx, env)
	}
	if status != exitGood && words.Len() > 0 && !flush(&words, terminal) {
		message("Mailgrant", words.String())
	}
	return status
}

func flush(words *bytes.Buffer, terminal func() (io.Writer, bool)) bool {
	to, ok := terminal()
	if ok {
		_, err := to.Write(words.Bytes())
		ok = err == nil
	}
	return ok
}

// givesCommand reports whether the arguments ask for more than the window.
func givesCommand(args []string) bool {
	for i := 0; i < len(args); i++ {
		switch arg := args[i]; {
		case arg == "--lang":
			i++
		case arg == "-h", arg == "--help", !strings.HasPrefix(arg, "-"):
			return true
		}
	}
	return false
}

// mostEventText is the longest text of an event, in bytes; Windows takes
// 31,839 characters.
const mostEventText = 8 << 10

// runUnwatched runs a command for the scheduler: if it fails, what it said
// becomes an entry in the event log. That mailboxes have problems is no failure
// of the watchman, which tells by itself what is new.
func runUnwatched(ctx context.Context, env Environment) int {
	var words bytes.Buffer
	env.Stdout, env.Stderr = io.MultiWriter(env.Stdout, &words), io.MultiWriter(env.Stderr, &words)
	status, failed := perform(ctx, env)
	watching := slices.Contains(env.Args, "monitor")
	if status == exitGood || watching && !failed {
		return status
	}
	texts, key := i18n.For(language(env.Args, env.Locale)), "native.renewal-failed"
	if watching {
		key = "native.watch-failed"
	}
	text := texts.Text(key, i18n.Args{"words": strings.TrimSpace(words.String())})
	if err := env.event(native.EventFailed, text); err != nil {
		fmt.Fprintln(env.Stderr, "mailgrant: "+err.Error())
	}
	return status
}

func (e Environment) event(kind native.Event, text string) error {
	write := e.Event
	if write == nil {
		write = native.WriteEvent
	}
	return write(kind, strings.ToValidUTF8(text[:min(len(text), mostEventText)], ""))
}
