package authorization

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"mailgrant/app/history"
	"mailgrant/app/practice"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/redact"
	"mailgrant/internal/store"
	"mailgrant/mailtest"
	"mailgrant/oauth"
)

// TestKilledAtAnyMoment kills real processes in the middle of a request, a
// renewal of the token for one resource or the other, a new name, an import or the forgetting of an authorization, against
// a service that rotates refresh tokens and ends all of them when one comes
// twice. Everything on disk is then whole, and nothing is lost but what nobody
// can keep: the answer of a renewal that was on its way.
func TestKilledAtAnyMoment(t *testing.T) {
	t.Cleanup(pop3TakesGraph())
	if os.Getenv("MAILGRANT_TEST_KILL") != "" {
		var e errand
		if err := json.NewDecoder(os.Stdin).Decode(&e); err != nil {
			say("failed", err)
			os.Exit(3)
		}
		e.run()
	}
	r := newRig(t)
	const lanes = 2 // side by side, each with a home of its own
	results := make(chan *lane, lanes)
	for i := range lanes {
		go func() {
			l := newLane(r, filepath.Join(t.TempDir(), "home"), uint64(i))
			if err := l.run(kills / lanes); err != nil {
				t.Error(err)
			}
			results <- l
		}()
	}
	all := totals{}
	for range lanes {
		l := <-results
		all.add(l.totals)
	}
	t.Log(all)
	if all.kills < kills || all.corrupt+all.lost+all.twice > 0 {
		t.Error("something did not survive")
	}
	// From the answer to where no kill can undo it is a hundred microseconds.
	if all.inHand > kills/100+1 {
		t.Error("what had arrived was not saved at once")
	}
	if all.renewed < kills || kills >= 500 && all.onTheWire == 0 {
		t.Error("the kills came too early or too late to say anything")
	}
}

// totals are what the kills did.
type totals struct {
	kills, corrupt, lost, twice int
	onTheWire                   int // the service had answered, and the answer was not read
	inHand                      int // it had just been read, and was not saved yet
	renewed                     int // tokens that the service gave
	halfway                     int // new names that the next process finished giving
}

func (a *totals) add(b totals) {
	a.kills += b.kills
	a.corrupt += b.corrupt
	a.lost += b.lost
	a.twice += b.twice
	a.onTheWire += b.onTheWire
	a.inHand += b.inHand
	a.renewed += b.renewed
	a.halfway += b.halfway
}

func (a totals) String() string {
	return fmt.Sprintf("kills: %d, corrupt %d, lost %d, twice %d, on the wire %d, in hand %d (of %d tokens); new names finished later %d",
		a.kills, a.corrupt, a.lost, a.twice, a.onTheWire, a.inHand, a.renewed, a.halfway)
}

// lane is one home in which processes are killed one after the other.
type lane struct {
	totals
	*Manager
	home   string
	d      mailbox.Definition
	ledger *ledger
	random *rand.Rand
	failed error

	secrets map[SecretKind]string
}

func newLane(r *rig, home string, seed uint64) *lane {
	l := &lane{
		home: home, d: r.d.Clone(), random: rand.New(rand.NewPCG(seed, 9)),
		ledger:  &ledger{service: r.tenant.URL(), next: map[string]string{}},
		secrets: map[SecretKind]string{Password: "canary of a password", ProxyPassword: "anna:canary of a proxy"},
	}
	l.d.Name = "Help desk"
	return l
}

// manager is one that goes past the ledger.
func (l *lane) manager(home, ledger string) *Manager {
	m := New(home, i18n.For(i18n.English), slog.New(slog.DiscardHandler))
	m.http = past{ledger: ledger}.client
	return m
}

func (l *lane) run(times int) error {
	address, closeLedger, err := l.ledger.open()
	if err != nil {
		return err
	}
	l.Manager = l.manager(l.home, address)
	err = l.furnish()
	for n := 0; n < times && err == nil; n++ {
		err = l.once(operations[n%len(operations)], address)
	}
	l.renewed, _ = l.ledger.count()
	return errors.Join(err, l.leftOver(), closeLedger())
}

// furnish gives the home what a process can lose.
func (l *lane) furnish() error {
	err := l.Book.Put(l.d)
	for kind, value := range l.secrets {
		err = errors.Join(err, l.SetSecret(l.d, kind, redact.NewSecret(value)))
	}
	for i := range 3 {
		result := history.Entry{At: time.Unix(int64(i+1)*60, 0).UTC(), Results: map[mailtest.Protocol]history.Result{mailtest.IMAP: {State: mailtest.Passed}}}
		err = errors.Join(err, l.History.Add(context.Background(), l.d.Name, result))
	}
	return errors.Join(err, l.signIn(l.Manager))
}

func (l *lane) signIn(m *Manager) error {
	_, err := m.Request(context.Background(), l.d, Options{Opener: practice.Browser(practice.Helpdesk.UPN)})
	return err
}

// once lets one process work, kills it, and looks at what is left.
func (l *lane) once(operation, parents string) error {
	e := errand{Operation: operation, Home: l.home, Definition: l.d.Format()}
	imported := ""
	var err error
	if operation == "import" || operation == "forget" {
		if imported, e.Import, err = l.fromElsewhere(parents); err != nil {
			return err
		}
	}
	var closeLedger func() error
	if e.Ledger, closeLedger, err = l.ledger.open(); err != nil {
		return err
	}
	before := l.holds(l.d)
	given, twice := l.ledger.count()
	heard, err := l.kill(e, time.Duration(l.random.IntN(int(longest(operation)))))
	if err := errors.Join(err, closeLedger()); err != nil {
		return err
	}
	l.kills++
	if _, now := l.ledger.count(); now != twice {
		l.twice += now - twice
		l.fail("%s: a refresh token was sent twice", operation)
	}
	l.whole()
	possible := heard.outcomes(before, imported, l.ledger.since(given), l.ledger)
	if now := l.holds(l.d); !slices.Contains(possible, now) {
		l.lost++
		l.fail("%s: holds %s, wanted one of %v (before %s; %v)", operation, now, possible, before, heard)
	}
	l.named(parents)
	if err := l.renews(heard); err != nil {
		return err
	}
	failed := l.failed
	l.failed = nil
	return failed
}

func (l *lane) fail(format string, args ...any) {
	l.failed = errors.Join(l.failed, fmt.Errorf("kill %d: "+format, append([]any{l.kills}, args...)...))
}

// longest is the latest moment of a kill: a few of these operations take it.
func longest(operation string) time.Duration {
	if operation == "request" {
		return 200 * time.Millisecond
	}
	return 60 * time.Millisecond
}

// fromElsewhere exports an authorization of another machine.
func (l *lane) fromElsewhere(ledger string) (token string, file []byte, err error) {
	there, err := os.MkdirTemp(filepath.Dir(l.home), "there")
	if err != nil {
		return "", nil, err
	}
	m := l.manager(there, ledger)
	if err := l.signIn(m); err != nil {
		return "", nil, err
	}
	r, err := m.load(l.d)
	if err != nil {
		return "", nil, err
	}
	file, err = r.export(oauth.Key(l.d), redact.NewSecret(importPassphrase), 8)
	return mark(r.next().Reveal()), file, err
}

// testimony is what a killed process had said.
type testimony struct {
	done  string   // what it held after the last thing that it did; "" = it did nothing
	doing string   // what it was at when it was killed
	read  []string // the tokens that reached it
}

// kill runs an errand and ends it a while after it began.
func (l *lane) kill(e errand, after time.Duration) (heard testimony, err error) {
	input, err := json.Marshal(e)
	if err != nil {
		return heard, err
	}
	c := exec.Command(os.Args[0], "-test.run=^TestKilledAtAnyMoment$")
	c.Env = append(os.Environ(), "MAILGRANT_TEST_KILL=1")
	c.Stdin = bytes.NewReader(input)
	out, err := c.StdoutPipe()
	if err != nil {
		return heard, err
	}
	if err := c.Start(); err != nil {
		return heard, err
	}
	began := false
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if !began {
			began = true
			kill := time.AfterFunc(after, func() { _ = c.Process.Kill() })
			defer kill.Stop()
		}
		word, what, _ := strings.Cut(lines.Text(), " ")
		switch word {
		case "begin":
			heard.doing = what
		case "read":
			heard.read = append(heard.read, what)
		case "done":
			heard.done, heard.doing = what, ""
		default:
			err = fmt.Errorf("%s: %s", e.Operation, lines.Text())
		}
	}
	_ = c.Wait()
	return heard, err
}

// outcomes are the tokens that may be in the file after the kill.
func (t testimony) outcomes(before, imported string, given []string, l *ledger) []string {
	if t.done != "" {
		before = t.done
	}
	possible := []string{before}
	switch t.doing {
	case "request":
		possible = append(possible, given...)
	case "refresh":
		possible = append(possible, l.successor(before))
	case "import":
		possible = append(possible, imported)
	case "forget":
		possible = append(possible, "none")
	}
	return possible
}

// whole opens every file there is.
func (l *lane) whole() {
	corrupt := func(file string, err error) {
		l.corrupt++
		l.fail("%s: %v", file, err)
	}
	for _, folder := range []string{"authorizations", "secrets"} {
		s := store.Open(filepath.Join(l.home, folder))
		files, err := os.ReadDir(filepath.Join(l.home, folder))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			corrupt(folder, err)
		}
		for _, file := range files {
			if name, sealed := strings.CutSuffix(file.Name(), ".sealed"); sealed {
				if _, err := s.Load(name); err != nil {
					corrupt(file.Name(), err)
				}
			}
		}
	}
	names, err := l.Book.Names()
	if err != nil {
		corrupt("mailboxes", err)
	}
	for _, name := range names {
		if _, err := l.Book.Get(name); err != nil {
			corrupt(name, err)
		}
	}
	_ = filepath.WalkDir(l.home, func(path string, f fs.DirEntry, err error) error {
		if err != nil || strings.Contains(path, ".kept-") {
			corrupt(path, err) // somebody found a file that he could not open
		}
		if strings.HasPrefix(f.Name(), ".mailgrant-new-") {
			l.readable(path)
			old := time.Now().Add(-2 * time.Hour)
			_ = os.Chtimes(path, old, old) // it is to be swept
		}
		return nil
	})
}

// readable looks for secrets in what was left half-written.
func (l *lane) readable(path string) {
	data, _ := os.ReadFile(path)
	for _, secret := range l.secrets {
		if bytes.Contains(data, []byte(secret)) {
			l.fail("%s holds a secret unsealed", path)
		}
	}
}

// named looks for the mailbox and what belongs to it, as the next process does
// that works here: all of it is under one name then, and nothing under both.
func (l *lane) named(ledger string) {
	notes, _ := filepath.Glob(filepath.Join(l.home, "mailboxes", "*.leaving"))
	l.halfway += len(notes)
	l.Manager = l.manager(l.home, ledger)
	names, _ := l.Book.Names()
	switch len(names) {
	case 0:
		l.lost++
		l.fail("the mailbox is gone")
		return
	case 1:
	default:
		l.twice++
		l.fail("the mailbox's names are %v", names)
	}
	l.d.Name = names[0]
	gone := l.d.Clone()
	gone.Name = otherName(l.d.Name)
	if !l.complete(l.d) {
		l.lost++
		l.fail("a secret of %s is gone", l.d.Name)
	}
	for kind := range l.secrets {
		if l.HasSecret(gone, kind) {
			l.twice++
			l.fail("%s is also there under the name %s", kind, gone.Name)
		}
	}
	here, _ := l.History.Load(l.d.Name)
	if there, _ := l.History.Load(gone.Name); len(here) != 3 || len(there) != 0 {
		l.fail("results: %d under the name and %d under the one before", len(here), len(there))
	}
}

// complete reports whether a name has all of its secrets.
func (l *lane) complete(d mailbox.Definition) bool {
	for kind, value := range l.secrets {
		if s, err := l.secret(d, kind); err != nil || s.Value != value {
			return false
		}
	}
	return true
}

// renews proves that what is stored works. Where the service has given a
// successor that is not stored, it proves that nothing else can: an answer
// that was on its way is lost with the process that waited for it.
func (l *lane) renews(heard testimony) error {
	ctx := context.Background()
	now := l.holds(l.d)
	if now == "none" {
		return l.signIn(l.Manager)
	}
	successor := l.ledger.next[now]
	_, err := l.Refresh(ctx, l.d)
	switch {
	case successor == "" && err != nil:
		l.lost++
		l.fail("the stored authorization does not renew: %v", err)
	case successor == "":
		return nil
	case l.ledger.next[successor] != "":
		l.lost++
		l.fail("two renewals were lost")
	case causeOf(err) != "refresh-token-revoked":
		l.fail("the service takes a token twice: %v", err)
	case slices.Contains(heard.read, successor):
		l.inHand++
	default:
		l.onTheWire++
	}
	return l.signIn(l.Manager)
}

// leftOver looks whether what killed processes left half-written is swept.
func (l *lane) leftOver() error {
	l.whole() // makes it old
	fresh := l.manager(l.home, "")
	err := errors.Join(fresh.Book.Put(l.d), fresh.SetSecret(l.d, Password, redact.NewSecret("x")), fresh.grant.Save("x", nil))
	for _, pattern := range []string{"authorizations", "secrets", "mailboxes"} {
		if files, _ := filepath.Glob(filepath.Join(l.home, pattern, ".mailgrant-new-*")); len(files) > 0 {
			err = errors.Join(err, fmt.Errorf("not swept: %v", files))
		}
	}
	return err
}
