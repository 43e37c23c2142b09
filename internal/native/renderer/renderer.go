// Package renderer decides how the window is drawn, before anything of the
// window is started.
//
// Fyne needs OpenGL 2.1. Remote sessions and virtual machines often have less,
// and then Fyne shows nothing. So a child process of the same program looks
// first: a driver may take the process down with it, or hang. Where OpenGL is
// missing, the copy of the program in the folder software beside it is
// started instead: an opengl32.dll in a program's own folder is always taken,
// which is why the renderer cannot lie beside the program itself. What was
// found is remembered for the session it was found in.
//
// This file and memory.go hold the decisions; look_*.go ask the system.
package renderer

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// Variable is the environment variable that chooses a renderer.
const Variable = "MAILGRANT_RENDERER"

// What the variable may say. Anything else counts as Auto.
const (
	Auto     = "auto"
	Hardware = "hardware"
	Software = "software"
	probe    = "probe" // to the child process: only look
)

// timeLimit is how long the child process may look.
const timeLimit = 3 * time.Second

// Answer is what a look at the machine's OpenGL found.
type Answer struct {
	Usable bool   `json:"usable"`
	Name   string `json:"name"`             // renderer and version, as the driver says
	Reason Reason `json:"reason,omitempty"` // why it is not usable
}

// Reason tells why no window can be opened here.
type Reason string

// The reasons; each has a text native.no-window.<reason>.
const (
	NoDisplay Reason = "no-display" // neither X nor Wayland
	NoOpenGL  Reason = "no-opengl"  // no context at all
	TooOld    Reason = "too-old"    // a context below 2.1
	NoAnswer  Reason = "no-answer"  // the look failed or took too long
	Failed    Reason = "failed"     // the real window failed
)

// Outcome is what Choose decided.
type Outcome struct {
	Renderer string // what will draw the window of this process; "" = not this process
	Done     bool   // nothing is left to do: the work was a look, or another process was the window
	Status   int    // with Done, the exit status
	Reason   Reason // without Renderer and Done: why there is no window
	NoCopy   bool   // the copy that draws by software could have helped, but is not installed
	Detail   string // the driver's own words, or the error's
}

// Chooser chooses the renderer of one start.
type Chooser struct {
	Mode    string   // what Variable says
	Program string   // the file of this program
	Args    []string // its arguments, handed on to the copy
	Home    string   // where the answer is remembered
	Log     *slog.Logger

	// Questions to the system; New fills them in.
	session func() string
	ask     func(context.Context) (Answer, error)
	run     func(program string) (int, error)
	soften  func() bool
	copies  bool // this system has copies of the program that draw by software
}

// New returns the chooser for this process.
func New(home string, args []string, log *slog.Logger) *Chooser {
	c := &Chooser{Mode: os.Getenv(Variable), Args: args, Home: home, Log: log, session: session, soften: soften, copies: runtime.GOOS == "windows"}
	c.Program, _ = os.Executable() // "" = no copy will be found
	c.ask, c.run = c.askChild, c.runCopy
	return c
}

// Looking reports whether this process is only to look at OpenGL, for another.
func Looking() bool { return os.Getenv(Variable) == probe }

// Choose decides, and may run the copy of the program until its window is
// closed. beforeCopy is called before the copy is started.
func (c *Chooser) Choose(ctx context.Context, beforeCopy func()) Outcome {
	out := c.choose(ctx, beforeCopy)
	switch {
	case out.Renderer != "":
		c.Log.Info("renderer", "renderer", out.Renderer, "mode", c.mode())
	case !out.Done:
		c.Log.Warn("renderer: none", "reason", string(out.Reason), "detail", out.Detail, "mode", c.mode())
	}
	return out
}

func (c *Chooser) choose(ctx context.Context, beforeCopy func()) Outcome {
	switch {
	case c.mode() == probe:
		return Outcome{Done: true, Status: tell(os.Stdout, look())}
	case c.isCopy():
		return Outcome{Renderer: Software}
	case c.mode() == Hardware:
		return Outcome{Renderer: Hardware}
	case c.mode() == Software && c.soften():
		return Outcome{Renderer: Software}
	case c.mode() == Software:
		return c.startCopy(Answer{Reason: NoOpenGL}, beforeCopy)
	}
	answer, known := c.recall()
	if !known {
		var err error
		if answer, err = c.ask(ctx); err != nil {
			answer = Answer{Reason: NoAnswer, Name: err.Error()}
		}
		c.remember(answer)
	}
	if answer.Usable {
		return Outcome{Renderer: answer.Name}
	}
	return c.startCopy(answer, beforeCopy)
}

// AfterFailure decides what to do when the real window could not be opened:
// what was remembered is void, and the copy is the last resort.
func (c *Chooser) AfterFailure(detail string, beforeCopy func()) Outcome {
	c.forget()
	out := Outcome{Reason: Failed, Detail: detail}
	if c.mode() != Hardware && !c.isCopy() {
		out = c.startCopy(Answer{Reason: Failed, Name: detail}, beforeCopy)
	}
	if !out.Done {
		c.Log.Warn("renderer: the window failed", "detail", detail)
	}
	return out
}

func (c *Chooser) mode() string {
	switch c.Mode {
	case Hardware, Software, probe:
		return c.Mode
	}
	return Auto
}

// isCopy reports whether this process is the copy that draws by software.
func (c *Chooser) isCopy() bool { return c.Program != "" && exists(beside(c.Program, "opengl32.dll")) }

// startCopy runs the copy, if it is installed.
func (c *Chooser) startCopy(answer Answer, beforeCopy func()) Outcome {
	none := Outcome{Reason: answer.Reason, Detail: answer.Name}
	if !c.copies {
		return none
	}
	program := filepath.Join(filepath.Dir(c.Program), "software", filepath.Base(c.Program))
	if c.Program == "" || !exists(program) || !exists(beside(program, "opengl32.dll")) {
		none.NoCopy = true
		return none
	}
	c.Log.Info("renderer: starting the copy that draws by software", "reason", string(answer.Reason), "detail", answer.Name)
	beforeCopy()
	status, err := c.run(program)
	if err != nil {
		none.Detail = err.Error()
		return none
	}
	return Outcome{Done: true, Status: status}
}

func beside(program, file string) string { return filepath.Join(filepath.Dir(program), file) }

func exists(file string) bool {
	info, err := os.Stat(file)
	return err == nil && !info.IsDir()
}

// runCopy starts the copy, waits for it and returns its exit status.
func (c *Chooser) runCopy(program string) (int, error) {
	cmd := exec.Command(program, c.Args...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.Env = append(os.Environ(), Variable+"="+Software)
	err := cmd.Run()
	if ended, ok := errors.AsType[*exec.ExitError](err); ok {
		return ended.ExitCode(), nil
	}
	return 0, err
}

// askChild lets a child process look, within the time limit. Where a look
// cannot do harm it needs no child.
func (c *Chooser) askChild(ctx context.Context) (Answer, error) {
	if runtime.GOOS != "windows" {
		return look(), nil
	}
	ctx, cancel := context.WithTimeout(ctx, timeLimit)
	defer cancel()
	cmd := exec.CommandContext(ctx, c.Program)
	cmd.Env = append(os.Environ(), Variable+"="+probe)
	// A driver's helper process may keep the pipe open.
	cmd.WaitDelay = 200 * time.Millisecond
	out, err := cmd.Output()
	if ctx.Err() != nil {
		return Answer{}, fmt.Errorf("renderer: no answer within %s", timeLimit)
	}
	if answer, ok := parse(string(out)); ok {
		return answer, nil
	}
	if err == nil {
		err = errors.New("no answer")
	}
	return Answer{}, fmt.Errorf("renderer: looking at OpenGL: %w", err)
}

// judge turns the words of an OpenGL driver into an answer. Fyne needs 2.1.
func judge(version, name string) Answer {
	a := Answer{Name: strings.TrimSpace(name + ", OpenGL " + version)}
	var major, minor int
	if _, err := fmt.Sscanf(version, "%d.%d", &major, &minor); err != nil {
		return Answer{Reason: NoOpenGL, Name: a.Name}
	}
	if a.Usable = major > 2 || major == 2 && minor >= 1; !a.Usable {
		a.Reason = TooOld
	}
	return a
}
