package renderer

import (
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"

	"mailgrant/internal/store"
)

// mark begins the child's line: drivers print on standard output too.
const mark = "mailgrant-renderer: "

// tell writes an answer for the process that asked and returns the exit status.
func tell(to io.Writer, a Answer) int {
	data, err := json.Marshal(a)
	if err == nil {
		_, err = io.WriteString(to, mark+string(data)+"\n")
	}
	if err != nil {
		return 1
	}
	return 0
}

// parse finds the child's answer in what it printed.
func parse(out string) (Answer, bool) {
	for line := range strings.Lines(out) {
		if text, ours := strings.CutPrefix(line, mark); ours {
			var a Answer
			return a, json.Unmarshal([]byte(text), &a) == nil
		}
	}
	return Answer{}, false
}

// memory is what is remembered of an answer. It holds only in the same kind of
// session with the same adapters: by remote desktop a machine may have no
// OpenGL that has it at its desk.
type memory struct {
	Session string `json:"session"`
	Answer
}

func (c *Chooser) file() string { return filepath.Join(c.Home, "renderer.json") }

// recall returns the answer remembered for this session.
func (c *Chooser) recall() (Answer, bool) {
	key := c.session()
	if key == "" {
		return Answer{}, false
	}
	data, _ := os.ReadFile(c.file()) // what cannot be read is no answer
	var m memory
	known := json.Unmarshal(data, &m) == nil && m.Session == key && (m.Usable || m.Reason != "")
	return m.Answer, known
}

// remember keeps an answer, where the system is worth remembering. A look that
// failed says nothing about the next one. What cannot be written is only asked
// again.
func (c *Chooser) remember(a Answer) {
	key := c.session()
	if key == "" || a.Reason == NoAnswer {
		return
	}
	data, err := json.Marshal(memory{Session: key, Answer: a})
	if err == nil {
		err = store.WriteFile(c.file(), data)
	}
	if err != nil {
		c.Log.Debug("renderer: not remembered", "error", err)
	}
}

func (c *Chooser) forget() { _ = os.Remove(c.file()) }
