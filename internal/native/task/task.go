// Package task registers the weekly renewal with Windows' task scheduler.
//
// A grant dies if nobody uses it for months; a renewal each week keeps it
// alive. The task is the user's own and runs only while that user is logged
// on: a task without a logged-on user could neither reach the network nor open
// what DPAPI sealed ("Security Contexts for Tasks", Microsoft Learn).
package task

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
	"unicode/utf16"
)

// ErrUnsupported is the error of systems without Windows' task scheduler.
var ErrUnsupported = errors.New("task: there is no task scheduler on this system")

// flag tells the command that nobody watches it, and behind an equals sign the
// folder of the authorizations: the scheduler starts it without the
// environment in which the renewal was registered.
const flag = "--scheduled="

// Unwatched tells whether the scheduler started a command, for which folder,
// and what its arguments are otherwise.
func Unwatched(args []string) (home string, rest []string, ok bool) {
	for _, arg := range args {
		if folder, found := strings.CutPrefix(arg, flag); found {
			home, ok = folder, true
			continue
		}
		rest = append(rest, arg)
	}
	return home, rest, ok
}

// Renewal is a weekly renewal of all authorizations.
type Renewal struct {
	Program     string    // mailgrant-cli.exe
	Home        string    // the folder whose authorizations are renewed
	User        string    // DOMAIN\name
	Description string    // shown in the task scheduler
	First       time.Time // when it runs first; later runs have its weekday and time
}

// Supported reports whether a renewal can be scheduled here.
func Supported() bool { return supported }

// Install registers the renewal of the authorizations below home for this
// user, in place of an earlier one.
func Install(ctx context.Context, home, description string, now time.Time) error {
	if !supported {
		return ErrUnsupported
	}
	self, err := os.Executable()
	if err != nil {
		return fmt.Errorf("task: %w", err)
	}
	user, err := userName()
	if err != nil {
		return fmt.Errorf("task: user: %w", err)
	}
	text, err := Renewal{
		Program: commandBeside(self), Home: home, User: user, Description: description, First: now.Add(24 * time.Hour),
	}.XML()
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "mailgrant-task-*")
	if err != nil {
		return fmt.Errorf("task: %w", err)
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "renewal.xml")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		return fmt.Errorf("task: %w", err)
	}
	return scheduler(ctx, "/Create", "/F", "/TN", name(user), "/XML", file)
}

// Remove takes the renewal away. It is no error if there is none.
func Remove(ctx context.Context) error {
	if there, err := Installed(ctx); err != nil || !there {
		return err
	}
	user, err := userName()
	if err != nil {
		return fmt.Errorf("task: user: %w", err)
	}
	return scheduler(ctx, "/Delete", "/F", "/TN", name(user))
}

// Installed reports whether this user's renewal is registered.
func Installed(ctx context.Context) (bool, error) {
	if !supported {
		return false, nil
	}
	user, err := userName()
	if err != nil {
		return false, fmt.Errorf("task: user: %w", err)
	}
	err = scheduler(ctx, "/Query", "/TN", name(user))
	var refused *Error
	if errors.As(err, &refused) {
		return false, nil // the only thing the query is refused for
	}
	return err == nil, err
}

// Error is a refusal of the task scheduler, with its own words.
type Error struct {
	Status int
	Words  string
}

// Error implements error.
func (e *Error) Error() string {
	return fmt.Sprintf("task: schtasks ended with status %d: %s", e.Status, e.Words)
}

// folder holds the renewals of all users; the uninstaller empties it.
const folder = `Mailgrant\`

// name is the task's name. Task folders belong to the machine, so each user
// needs a name of one's own. Characters that a name may not hold are replaced.
func name(user string) string {
	return folder + "Renewal " + strings.Map(func(r rune) rune {
		if r < ' ' || strings.ContainsRune(`\/:*?"<>|`, r) {
			return '-'
		}
		return r
	}, user)
}

// commandBeside finds the command-line program that belongs to a program.
func commandBeside(program string) string {
	dir := filepath.Dir(program)
	if strings.EqualFold(filepath.Base(dir), "software") {
		dir = filepath.Dir(dir)
	}
	return filepath.Join(dir, "mailgrant-cli.exe")
}

// XML is the task's definition for schtasks, in UTF-16 as it demands
// ("Task Scheduler Schema", Microsoft Learn).
func (r Renewal) XML() ([]byte, error) {
	var d definition
	d.Version, d.Namespace = "1.2", "http://schemas.microsoft.com/windows/2004/02/mit/task"
	d.Registration.Author, d.Registration.Description = r.User, r.Description
	d.Trigger.Start, d.Trigger.Enabled, d.Trigger.Delay = r.First.Format("2006-01-02T15:04:05"), true, "PT30M"
	d.Trigger.Week.Days.Day = []day{{XMLName: xml.Name{Local: r.First.Weekday().String()}}}
	d.Trigger.Week.Interval = 1
	d.Principal = principal{ID: "Author", User: r.User, Logon: "InteractiveToken", Level: "LeastPrivilege"}
	d.Settings = settings{
		Instances: "IgnoreNew", WhenAvailable: true, OnlyWithNetwork: true, Enabled: true, TimeLimit: "PT15M",
	}
	d.Settings.Restart.Interval, d.Settings.Restart.Count = "PT1H", 3
	d.Actions.Context = "Author"
	d.Actions.Command, d.Actions.Arguments = r.Program, r.arguments()
	var text bytes.Buffer
	text.WriteString(`<?xml version="1.0" encoding="UTF-16"?>` + "\r\n")
	e := xml.NewEncoder(&text)
	e.Indent("", "  ")
	if err := e.Encode(d); err != nil {
		return nil, fmt.Errorf("task: %w", err)
	}
	return utf16le(text.String()), nil
}

// arguments is the command's part after the program. Windows allows no quotes
// in a path; a backslash before the closing quote would escape it ("Parsing
// C++ command-line arguments", Microsoft Learn).
func (r Renewal) arguments() string {
	home := r.Home
	if strings.HasSuffix(home, `\`) {
		home += `\`
	}
	return `refresh --all "` + flag + home + `"`
}

func utf16le(text string) []byte {
	out := []byte{0xFF, 0xFE}
	for _, unit := range utf16.Encode([]rune(text)) {
		out = append(out, byte(unit), byte(unit>>8))
	}
	return out
}
