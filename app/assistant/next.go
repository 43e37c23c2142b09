package assistant

import (
	"strconv"
	"strings"

	"mailgrant/internal/i18n"
	"mailgrant/mailtest"
)

// NextStep says after a test that all its protocols work, and what comes then:
// the values go into the server product, which has to be chosen first where its
// name is "". It is "" while something is left to do in Mailgrant.
func NextStep(r *mailtest.Report, product string, t *i18n.Texts) string {
	if !r.Complete() {
		return ""
	}
	var names []string
	for _, p := range r.Tested() {
		names = append(names, p.Title())
	}
	last := names[len(names)-1]
	works := t.Text("assistant.works.one", i18n.Args{"protocol": last})
	if rest := names[:len(names)-1]; len(rest) > 0 {
		works = t.Text("assistant.works.several", i18n.Args{"protocols": strings.Join(rest, ", "), "last": last})
	}
	return works + " " + AfterTest(product, t)
}

// AfterTest is what comes when everything works; product "" is one that has to
// be chosen first.
func AfterTest(product string, t *i18n.Texts) string {
	if product == "" {
		return t.Text("assistant.next.choose")
	}
	return t.Text("assistant.next.product", i18n.Args{"product": product})
}

// Progress counts the items that Mailgrant can prove, and those that are done.
func Progress(items []Item) (done, all int) {
	for _, i := range items {
		if i.Outside {
			continue
		}
		all++
		if i.State == Done {
			done++
		}
	}
	return done, all
}

// Summary says in a sentence how far the work is and, at its end, what remains
// outside Mailgrant; product is the chosen one's name or "".
func Summary(items []Item, product string, t *i18n.Texts) (text string, finished bool) {
	switch done, all := Progress(items); {
	case done < all:
		return t.Text("assistant.summary", i18n.Args{"done": strconv.Itoa(done), "all": strconv.Itoa(all)}), false
	case product == "":
		return t.Text("assistant.finished.any-product"), true
	}
	return t.Text("assistant.finished.product", i18n.Args{"product": product}), true
}
