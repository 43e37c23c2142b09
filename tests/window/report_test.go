//go:build windowtest

package window

import (
	"fmt"
	"strings"
)

// The widths at which a report is read: a large window, a small one, a
// telephone, and A4 with its margins.
var widths = []int{1280, 800, 390, 718}

// read opens a saved report in a browser: it can be read at every width, light
// and dark and on paper, and asks for nothing.
func (w *walk) read(report string) {
	c := startChromium(w.T)
	c.open(report)
	for _, e := range c.seen {
		if e.Method == "Network.requestWillBeSent" && !strings.HasPrefix(e.Params.Request.URL, "file:") {
			w.Errorf("the report asks for %s", e.Params.Request.URL)
		}
		if e.Method == "Log.entryAdded" {
			w.Errorf("the browser says: %s", e.Params.Entry.Text)
		}
	}
	if n := c.count("Network.requestWillBeSent"); n != 1 {
		w.Errorf("%d requests", n)
	}
	var words string
	c.value("document.body.innerText", &words)
	for _, want := range []string{w.t("report.title"), w.t("report.works"), w.t("report.round-trip"), helpdesk, "IMAP", "POP3", "SMTP"} {
		if !strings.Contains(words, want) {
			w.Errorf("%q is not to be read in:\n%s", want, words)
		}
	}
	papers := map[string]string{} // by scheme
	for _, scheme := range []string{"light", "dark"} {
		for _, width := range widths {
			c.look(width, scheme, "")
			var over int
			c.value("document.documentElement.scrollWidth - innerWidth", &over)
			if over > 0 {
				w.Errorf("%d wide, the page is %d wider", width, over)
			}
		}
		c.look(widths[0], scheme, "")
		c.shot(fmt.Sprintf("%s-%02d-report-%s", w.says.Language(), w.steps+1, scheme))
		var paper string
		c.value("getComputedStyle(document.body).backgroundColor", &paper)
		papers[scheme] = paper
	}
	if papers["light"] == papers["dark"] {
		w.Errorf("light and dark are both on %s", papers["light"])
	}
	c.look(widths[3], "dark", "print")
	var paper string
	if c.value("getComputedStyle(document.body).backgroundColor", &paper); paper != papers["light"] {
		w.Errorf("printed on %s", paper)
	}
	var folded int
	if c.value("[...document.querySelectorAll('details pre')].filter(e => !e.checkVisibility({contentVisibilityAuto: true, contentVisibilityProperty: true, visibilityProperty: true})).length", &folded); folded != 0 {
		w.Errorf("%d folded parts are not printed", folded)
	}
	c.shot(fmt.Sprintf("%s-%02d-report-print", w.says.Language(), w.steps+1))
}
