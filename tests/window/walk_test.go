//go:build windowtest

package window

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"mailgrant/app/practice"
	"mailgrant/internal/diagnosis"
	"mailgrant/internal/i18n"
)

// iconMore is the button of the menu that has no words.
const iconMore = "foreground_mailgrant-more.svg"

const helpdesk = "helpdesk@contoso.test"

// From nothing to a mailbox that works and a product that can be set up, with
// what goes wrong on the way: once in each language.
func TestFromNothingToTheProduct(t *testing.T) {
	for _, language := range i18n.Languages {
		t.Run(string(language), func(t *testing.T) {
			w := &walk{window: start(t, "--practice", "--lang", string(language)), says: i18n.For(language)}
			w.firstStart()
			w.preflight()
			w.signIn()
			w.popIsOff()
			w.roundTrip()
			page := w.report()
			w.product()
			w.wrongAgain()
			w.close()
			if left := w.left(w.window); len(left) != 0 {
				t.Errorf("the practice folder stays: %q\n%s", files(left...), w.said())
			}
			w.nothingElsewhere()
			if _, here := w.system.(linux); here { // the others' report is the same
				w.read(page)
			}
		})
	}
}

// walk is the window in one language, with the steps on the way counted.
type walk struct {
	*window
	says  *i18n.Texts
	steps int
}

// step keeps a picture of where the walk is.
func (w *walk) step(name string) {
	w.Helper()
	w.steps++
	w.shot(fmt.Sprintf("%s-%02d-%s", w.says.Language(), w.steps, name))
}

var placeholder = regexp.MustCompile(`\{[^}]*\}`)

// t is what the window says under a key; of a text with placeholders that are
// not filled, its longest piece.
func (w *walk) t(key string, pairs ...string) string {
	w.Helper()
	if !w.says.Has(key) {
		w.Fatalf("no text %s", key)
	}
	pieces := placeholder.Split(w.says.Text(key, i18n.Pairs(pairs...)), -1)
	return slices.MaxFunc(pieces, func(a, b string) int { return len(a) - len(b) })
}

// proved is how many steps of the setup assistant are.
func (w *walk) proved() (done int) {
	w.Helper()
	w.wait(w.t("assistant.summary"))
	at, _ := w.find(w.t("assistant.summary"))
	if _, err := fmt.Sscanf(at.Text, "%d", &done); err != nil {
		w.Errorf("%q: %v", at.Text, err)
	}
	return done
}

// firstStart: only the sender is typed, the rest is proposed. Without the
// practice tenant's own mailbox it is as at the first start; it comes back
// before it goes for good.
func (w *walk) firstStart() {
	w.wait(w.t("ui.practice.none"))
	remove := func() {
		w.click(iconMore)
		for _, key := range []string{"Down", "Down", "Down", "Return"} { // Delete is the third line of the menu
			w.key(key)
		}
		w.wait(w.t("ui.welcome.title"))
	}
	remove()
	w.click(w.t("ui.notice.undo"))
	w.wait(helpdesk)
	w.gone(w.t("ui.welcome.title"))
	remove()
	w.step("first-start")
	w.shows("the sender", func() { w.typeText(helpdesk) })
	w.click(w.t("ui.welcome.next"))
	w.wait(w.t("ui.note.provider-complete", "domain", "contoso.test"))
	w.wait(practice.ClientID)
	w.step("proposed")
}

// preflight: the sign-in service and the servers are asked without a sign-in.
func (w *walk) preflight() {
	w.click(w.t("ui.assistant.title"))
	before := w.proved()
	w.click(w.t("ui.assistant.preflight"))
	for _, check := range []string{"service.passed", "clock.passed-exact", "tenant.passed", "account-type.passed", "client.passed", "public-client.passed"} {
		w.wait(w.t("assistant.check." + check))
	}
	if n := w.count(w.t("assistant.check.port.passed")); n < 3 {
		w.Errorf("%d of 3 servers answer", n)
	}
	if done := w.proved(); done <= before {
		w.Errorf("the preflight has proved nothing: %d steps, before %d", done, before)
	}
	w.step("preflight")
}

// signIn: first the browser is signed in as the administrator, whom Mailgrant
// refuses without storing anything; then as the mailbox itself.
func (w *walk) signIn() {
	before := w.proved()
	w.click(w.t("ui.auth.request"))
	w.wait(w.t("ui.waiting.not-windows"))
	w.step("request")
	w.browserWas("nobody")
	w.browserIs("admin@contoso.test")
	w.click(w.t("ui.waiting.open"))
	w.wait(w.t("ui.auth.nothing-stored"))
	w.wait(w.t("ui.auth.none"))
	if stored := w.sealed(); len(stored) != 0 {
		w.Errorf("stored all the same: %v", stored)
	}
	w.step("wrong-account")

	w.browserIs(helpdesk)
	w.click(w.t("ui.action.private-window"))
	w.wait(w.t("ui.auth.valid", "account", helpdesk))
	w.wait(w.t("ui.auth.granted", "permission", "IMAP.AccessAsUser.All"))
	if stored := w.sealed(); len(stored) != 1 {
		w.Errorf("stored: %v", stored)
	}
	if done := w.proved(); done <= before {
		w.Errorf("the sign-in has proved nothing: %d steps, before %d", done, before)
	}
	w.step("right-account")
}

// popIsOff: the test names the cause, the watch ends when it is mended.
func (w *walk) popIsOff() {
	fault := func() {
		w.click(w.t("ui.practice.faults"))
		w.click(w.t("practice.fault." + practice.FaultPOP3Off))
		w.click(w.t("ui.practice.faults"))
	}
	fault()
	w.wait(w.t("ui.practice.one"))
	w.key("F5")
	w.wait(w.t("ui.test.bad", "good", "2", "all", "3"))
	cause := diagnosis.New(diagnosis.CauseEXOProtocolDisabledMailbox, diagnosis.PhasePOP3, i18n.Args{"mailbox": helpdesk, "protocol": "POP3"}).Render(w.says)
	w.wait(cause.Title)
	w.see(cause.Command)
	w.step("pop-is-off")
	w.click(w.t("ui.finding.copy-command"))
	w.wait(w.t("ui.notice.copied"))
	if got := w.clipboard(); got != cause.Command {
		w.Errorf("clipboard %q", got)
	}

	w.click(w.t("ui.watch.watch"))
	w.wait(w.t("ui.watch.waiting"))
	w.see(w.t("ui.watch.tried"))
	w.step("watching")
	fault()
	w.click(w.t("ui.watch.now"))
	w.wait(w.t("ui.watch.works"))
	if n := w.count(w.t("ui.test.state.passed") + " · "); n != 3 {
		w.Errorf("%d of 3 protocols work", n)
	}
	w.see(w.t("ui.watch.tried"))
	w.step("green")
}

// roundTrip: one message to the mailbox itself, after a question.
func (w *walk) roundTrip() {
	w.click(w.t("ui.round-trip.do"))
	w.wait(w.t("ui.round-trip.help-desk"))
	if n := w.count(helpdesk); n != 2 {
		w.Errorf("sender and receiver are told %d times", n)
	}
	w.step("round-trip-asks")
	w.click(w.t("ui.round-trip.send"))
	for _, step := range []string{"send", "imap-arrival", "pop3-arrival", "clean-up"} {
		w.wait(w.t("roundtrip."+step+".passed", "from", helpdesk, "to", helpdesk))
	}
	w.see(w.t("roundtrip.clean-up.passed"))
	w.step("round-trip")
}

// report saves the report under the name that is proposed.
func (w *walk) report() (file string) {
	name := filepath.Join(w.documents(w.window), helpdesk+" *.html")
	old, _ := filepath.Glob(name) // of an earlier run: Wine's folder is the same
	for _, file := range old {
		_ = os.Remove(file)
	}
	w.click(w.t("ui.report.save"))
	w.wait(w.t("ui.report.title"))
	w.step("report-asks")
	w.click(w.t("ui.export.do"))
	w.wait(w.t("ui.notice.exported"))
	w.step("report-saved")
	found, _ := filepath.Glob(name)
	if len(found) != 1 {
		w.Fatalf("reports: %q", found)
	}
	return found[0]
}

// product chooses the first of the list and shows what is to be typed there.
func (w *walk) product() {
	w.click(w.t("ui.product.none"))
	w.key("Down") // from what is chosen
	w.key("Return")
	w.wait("Aagon ACMP")
	for _, words := range []string{"Passwortverschlüsselung", "Application/Client ID", "Microsoft Azure AD (nur Organisationen)"} {
		w.wait(words)
	}
	w.see(w.t("products.traps")) // what follows the fields
	w.step("product")
}

// wrongAgain: what is there is not lost by a mistake.
func (w *walk) wrongAgain() {
	before := w.sealed()
	w.browserIs("admin@contoso.test")
	w.key("ctrl+r")
	w.wait(w.t("ui.auth.old-kept"))
	w.wait(w.t("ui.auth.valid", "account", helpdesk))
	if after := w.sealed(); !slices.Equal(before, after) {
		w.Errorf("stored before %q, now %q", before, after)
	}
	w.step("old-kept")
}
