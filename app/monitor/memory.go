package monitor

import (
	"context"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"strings"

	"mailgrant/internal/i18n"
	"mailgrant/internal/store"
)

// Folder is where the watchman keeps its locks and what it has told.
func Folder(home string) string { return filepath.Join(home, "monitor") }

// told is what was last told about a mailbox.
type told struct {
	Level   string `json:"level"`
	Problem string `json:"problem,omitempty"`
}

// Memory is what a run leaves for the next one, of one way in which it tells.
type Memory struct {
	path string
	new  map[string]told
	all  bool // there is no mailbox but those
}

// Compare finds what is new since the run before, first what is wrong and then what
// is in order again. The memory that is to be saved once that was told knows this
// run.
func Compare(home, way string, r *Run) (m Memory, worse, better []string) {
	m = Memory{filepath.Join(Folder(home), "told-"+way+".json"), map[string]told{}, r.All && !r.Part}
	before := m.read()
	for _, c := range r.Checks {
		key := strings.ToLower(c.Name)
		was, known := before[key]
		now := told{Level: c.Level.String(), Problem: c.Problem}
		m.new[key] = now
		switch {
		case known && was == now, !known && c.Level == OK:
		case c.Level == OK:
			better = append(better, r.Texts.Text("monitor.again", i18n.Args{"mailbox": c.Name, "problem": was.Problem}))
		default:
			worse = append(worse, c.Name+": "+r.Texts.Text("monitor.level."+c.Level.String())+": "+c.Problem)
		}
	}
	return m, worse, better
}

// read reads what was told. A file that cannot be read is as good as none: then
// everything that is wrong is told.
func (m Memory) read() (all map[string]told) {
	if data, err := os.ReadFile(m.path); err == nil {
		_ = json.Unmarshal(data, &all)
	}
	return all
}

// Save keeps the memory for the next run. Of other mailboxes it leaves what other
// runs have told, meanwhile too.
func (m Memory) Save(ctx context.Context) error {
	unlock, err := store.LockFile(ctx, m.path+".lock")
	if err != nil {
		return err
	}
	defer unlock()
	all := map[string]told{}
	if !m.all {
		maps.Copy(all, m.read())
	}
	maps.Copy(all, m.new)
	return store.WriteFile(m.path, encode(all))
}
