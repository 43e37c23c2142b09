package task

import (
	_ "embed"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"

	"mailgrant/internal/markup"
	"mailgrant/internal/pattern"
)

// Kind is what a task is for; it begins the task's name.
type Kind string

// A user has up to one task of each kind.
const (
	Weekly Kind = "Renewal"
	Watch  Kind = "Monitor"
)

// Job is one task of one user.
type Job struct {
	Kind        Kind
	Command     []string      // what it does, without the home folder
	Home        string        // the folder whose mailboxes are meant
	Description string        // shown in the task scheduler
	Every       time.Duration // whole minutes; 0: each week at First's weekday and time
	First       time.Time

	program string // mailgrant-cli.exe
	user    string // DOMAIN\name
}

// firstAfter is how long after its registration the watchman runs first.
const firstAfter = time.Minute

// job is the renewal's.
func (r Renewal) job(now time.Time) Job {
	return Job{Kind: Weekly, Command: []string{"refresh", "--all"}, Home: r.Home, Description: r.Description, First: now.Add(24 * time.Hour)}
}

// taskXML has the elements in the schema's order ("Task Scheduler Schema",
// Microsoft Learn). A watchman that found a problem has not failed: it comes
// again anyway, so that it has no RestartOnFailure.
//
//go:embed task.xml
var taskXML string

// XML is the task's definition for schtasks, in UTF-16 as it demands.
// encoding/xml would make the program a tenth of a megabyte larger for it.
func (j Job) XML() []byte {
	v := markup.Values{
		"user": j.user, "description": j.Description, "program": j.program, "arguments": j.arguments(),
		"start": j.First.Format("2006-01-02T15:04:05"), "weekday": j.First.Weekday().String(),
	}
	if j.Every > 0 {
		v["minutes"] = strconv.Itoa(int(j.Every.Minutes()))
	}
	return utf16le("<?xml version=\"1.0\" encoding=\"UTF-16\"?>\r\n" + markup.HTML(taskXML, v, nil))
}

// words are the command and what it would else know from the environment.
func (j Job) words() []string {
	words := append(slices.Clone(j.Command), flag+j.Home)
	if file := os.Getenv(keyFile); file != "" {
		if path, err := filepath.Abs(file); err == nil { // the scheduler starts it in a folder of its own
			file = path
		}
		words = append(words, keyFlag+file)
	}
	return words
}

// Backslashes count twice before a quote, and a quote wants one of its own
// ("Parsing C++ command-line arguments", Microsoft Learn).
var (
	quote    = pattern.New(`(\\*)"`)
	trailing = pattern.New(`\\+$`)
)

// arguments is the command's part after the program.
func (j Job) arguments() string {
	words := j.words()
	for i, word := range words {
		if strings.ContainsAny(word, " \t\\\"") {
			word = quote().ReplaceAllString(word, `$1$1\"`)
			words[i] = `"` + trailing().ReplaceAllString(word, `$0$0`) + `"`
		}
	}
	return strings.Join(words, " ")
}

func utf16le(text string) []byte {
	out := []byte{0xFF, 0xFE}
	for _, unit := range utf16.Encode([]rune(text)) {
		out = append(out, byte(unit), byte(unit>>8))
	}
	return out
}
