// Package history keeps the last results of each mailbox: since when it works,
// since when it fails, and what it failed with.
//
// One file a mailbox holds its last Keep results, one JSON object a line, the
// oldest first. It is replaced as a whole, so a crash leaves the old or the
// new state. It holds no secret and no server's words: whose mailbox it was,
// states, times and the names of causes.
package history

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"mailgrant/internal/bounded"
	"mailgrant/internal/diagnosis"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/store"
	"mailgrant/mailtest"
)

// Keep is how many results of a mailbox are kept.
const Keep = 100

// maxFile is far more than Keep results have.
const maxFile = 16 << 20

// lockWait is how long a result waits for another process that writes one.
const lockWait = 10 * time.Second

// Result is what one test found by one protocol.
type Result struct {
	State mailtest.State  `json:"state"`
	MS    int64           `json:"duration_ms"`
	Cause diagnosis.Cause `json:"cause"`          // of the step that failed
	Open  bool            `json:"open,omitempty"` // it is the first of several that are possible
	At    time.Time       `json:"-"`              // of the older test that it is from; zero: of its own
}

// Entry is one test of a mailbox.
type Entry struct {
	At      time.Time                    `json:"at"`
	Address string                       `json:"address,omitempty"` // whose mailbox; "" in results of older versions
	Results map[mailtest.Protocol]Result `json:"results"`           // also of a round trip
	Cause   diagnosis.Cause              `json:"cause,omitempty"`   // the first of what was found
}

// Of sums a finished test up.
func Of(r *mailtest.Report) Entry {
	e := Entry{At: r.Started.UTC().Truncate(time.Second), Address: r.Address, Results: map[mailtest.Protocol]Result{}}
	for _, p := range append(r.Tested(), mailtest.RoundTripTest) {
		res := r.Result(p)
		if len(res.Steps) == 0 {
			continue
		}
		out := Result{State: res.State, MS: res.Duration.Milliseconds()}
		if problem := res.Problem(); problem != nil {
			out.Cause, out.Open = problem.Cause, problem.Certainty == diagnosis.Possible
		}
		e.Results[p] = out
	}
	if all := r.Diagnoses(); len(all) > 0 {
		e.Cause = all[0].Cause
	}
	return e
}

// whole tells whether a line held a result.
func (e Entry) whole() bool { return !e.At.IsZero() && e.Results != nil }

// complete takes an older test's results of those protocols over that it left
// out: that one protocol works says nothing of another that does not. What
// was skipped then tells nothing.
func (e *Entry) complete(older Entry, of []mailtest.Protocol) {
	for _, p := range of {
		r, known := older.Results[p]
		if _, newer := e.Results[p]; newer || !known || r.State == mailtest.Skipped {
			continue
		}
		if e.OK() && !r.State.Works() {
			e.Cause = r.Cause
		}
		r.At = cmp.Or(r.At, older.At)
		e.Results[p] = r
	}
}

// Completed gives each result, the oldest first, the last ones of a mailbox's
// protocols that it left out.
func Completed(all []Entry, of []mailtest.Protocol) []Entry {
	all = slices.Clone(all)
	known := Entry{Results: map[mailtest.Protocol]Result{}}
	for i := range all {
		all[i].Results = maps.Clone(all[i].Results)
		all[i].complete(known, of)
		for p, r := range all[i].Results {
			if r.State != mailtest.Skipped {
				known.Results[p] = r
			}
		}
	}
	return all
}

// about tells whether the mailbox was the one of a definition: its user may have
// been changed since.
func (e Entry) about(d mailbox.Definition) bool {
	return e.Address == "" || strings.EqualFold(e.Address, d.Address())
}

// About leaves out the results that are of another mailbox than a definition's.
func About(all []Entry, d mailbox.Definition) []Entry {
	return slices.DeleteFunc(slices.Clone(all), func(e Entry) bool { return !e.about(d) })
}

// OK reports whether everything that was tested works; a warning is no failure.
func (e Entry) OK() bool {
	for _, r := range e.Results {
		if !r.State.Works() {
			return false
		}
	}
	return len(e.Results) > 0
}

// Title says in a few words what was found; "" where nothing was, or where
// this version does not know the cause.
func (e Entry) Title(t *i18n.Texts) string {
	if !slices.Contains(diagnosis.Causes(), e.Cause) {
		return ""
	}
	protocol, open := "", false
	for _, p := range mailbox.Protocols() {
		if e.Results[p].Cause == e.Cause {
			protocol, open = p.Title(), e.Results[p].Open
			break
		}
	}
	title := diagnosis.New(e.Cause, "", i18n.Args{"protocol": protocol}).Render(t).Title
	if open {
		title = t.Text("history.open", i18n.Args{"cause": title})
	}
	return title
}

// History is the results below one home folder. It is safe for use by several
// goroutines and processes at once.
type History struct{ dir string }

// New returns the history of a home folder. It makes nothing yet.
func New(home string) *History { return &History{mailbox.HistoryFolder(home)} }

func (h *History) path(name string) string { return mailbox.HistoryFile(h.dir, name) }

// Load returns a mailbox's results, the oldest first. A line that cannot be
// read is left out; without any result there is none and no error.
func (h *History) Load(name string) ([]Entry, error) {
	data, err := h.read(name)
	if err != nil {
		return nil, err
	}
	var all []Entry
	for line := range bytes.Lines(data) {
		var e Entry
		if json.Unmarshal(line, &e) == nil && e.whole() {
			all = append(all, e)
		}
	}
	return all, nil
}

func (h *History) read(name string) ([]byte, error) {
	data, err := bounded.ReadFile(h.path(name), maxFile)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("history: %w", err)
	}
	return data, nil
}

// Latest returns a mailbox's last result, completed by the last one of each
// protocol of its servers that it left out. It reads the lines that it needs, from the end:
// a table of five hundred mailboxes asks for all of them. ok: there is one.
func (h *History) Latest(d mailbox.Definition) (latest Entry, ok bool, err error) {
	data, err := h.read(d.Name)
	if err != nil {
		return Entry{}, false, err
	}
	of := d.Servers.Protocols()
	for len(data) > 0 {
		data = bytes.TrimRight(data, "\n")
		start := bytes.LastIndexByte(data, '\n') + 1
		var e Entry
		if json.Unmarshal(data[start:], &e) == nil && e.whole() && e.about(d) {
			if !ok {
				latest, ok = e, true
			}
			latest.complete(e, of)
			if !slices.ContainsFunc(of, func(p mailtest.Protocol) bool { _, have := latest.Results[p]; return !have }) {
				break
			}
		}
		data = data[:start]
	}
	return latest, ok, nil
}

// Add appends a result and lets the oldest go.
func (h *History) Add(ctx context.Context, name string, e Entry) error {
	return h.locked(ctx, func() error {
		all, err := h.Load(name)
		if err != nil {
			return err
		}
		all = append(all, e)
		var b bytes.Buffer
		for _, e := range all[max(0, len(all)-Keep):] {
			line, err := json.Marshal(e)
			if err != nil {
				return fmt.Errorf("history: %w", err)
			}
			b.Write(append(line, '\n'))
		}
		return store.WriteFile(h.path(name), b.Bytes())
	})
}

// Move gives a mailbox's results to its new name.
func (h *History) Move(ctx context.Context, from, to string) error {
	if h.path(from) == h.path(to) {
		return nil
	}
	if _, err := os.Lstat(h.path(from)); err != nil {
		return nil // there are none
	}
	return h.locked(ctx, func() error {
		if err := store.Rename(h.path(from), h.path(to)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("history: %w", err)
		}
		return nil
	})
}

func (h *History) locked(ctx context.Context, work func() error) error {
	ctx, cancel := context.WithTimeout(ctx, lockWait)
	defer cancel()
	unlock, err := store.LockFile(ctx, filepath.Join(h.dir, ".lock"))
	if err != nil {
		return err
	}
	defer unlock()
	return work()
}
