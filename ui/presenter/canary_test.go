package presenter_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"mailgrant/app/authorization"
	"mailgrant/app/practice"
	"mailgrant/internal/i18n"
	"mailgrant/internal/logfile"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/store"
	"mailgrant/mailtest"
	"mailgrant/oauth"
	"mailgrant/tests/practicetest"
	"mailgrant/ui"
	"mailgrant/ui/presenter"
	"mailgrant/ui/scripted"
)

// watched is the real engine with a browser that answers as one account and
// remembers the codes that pass through it.
type watched struct {
	*authorization.Manager
	mu    sync.Mutex
	user  string
	found map[string]string // secret → what it is
}

func (w *watched) add(what, value string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if value != "" {
		w.found[value] = what
	}
}

func (w *watched) Request(ctx context.Context, d mailbox.Definition, o authorization.Options) (authorization.Result, error) {
	o.Opener, o.Timeout = w, 3*time.Second
	return w.Manager.Request(ctx, d, o)
}

// Open implements oauth.Opener.
func (w *watched) Open(ctx context.Context, _, start string) (string, error) {
	go func() {
		_, _ = practice.Visit(ctx, start, w.user, func(u *url.URL) { w.add("code", u.Query().Get("code")) })
	}()
	return "test", nil
}

// remember opens the sealed authorization as the program does.
func (w *watched) remember(home string, d mailbox.Definition) {
	data, err := store.Open(filepath.Join(home, "authorizations")).Load(oauth.Key(d))
	if err != nil {
		return
	}
	var record map[string]any
	if json.Unmarshal(data, &record) != nil {
		return
	}
	for _, field := range []string{"access_token", "refresh_token"} {
		value, _ := record[field].(string)
		w.add(field, value)
	}
}

// all is what was found so far: a browser may still be on its way.
func (w *watched) all() map[string]string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return maps.Clone(w.found)
}

// check looks for every secret, raw and as it travels.
func (w *watched) check(t *testing.T, where, text string) {
	t.Helper()
	for value, what := range w.all() {
		for _, form := range []string{value, url.QueryEscape(value), base64.StdEncoding.EncodeToString([]byte(value))} {
			if strings.Contains(text, form) {
				t.Errorf("%s shows the %s", where, what)
			}
		}
	}
}

// TestSecretsShowNowhereInTheWindow goes through what a user can do in the
// window, on the real engine and the practice tenant with each of its faults,
// the debug log on. Then no secret stands in anything that was shown or
// copied, nor in any file that is not sealed.
func TestSecretsShowNowhereInTheWindow(t *testing.T) {
	home := t.TempDir()
	t.Setenv("MAILGRANT_KEY_FILE", filepath.Join(t.TempDir(), "key"))
	t.Setenv("MAILGRANT_LOG", "debug")
	tenant := practicetest.Start(t, practice.Options{SlowBy: 10 * time.Millisecond})
	log := logfile.Open(home)
	engine := &watched{Manager: authorization.New(home, i18n.For(i18n.English), log), found: map[string]string{}}
	d := tenant.Definition()
	if err := engine.Book.Put(d); err != nil {
		t.Fatal(err)
	}
	var shown, copied strings.Builder
	queue := make(chan func(), 4096)
	notes := ui.NewNotes(home, log)
	t.Cleanup(notes.Close)
	p := presenter.New(presenter.Config{
		Texts: i18n.For(i18n.English), Engine: engine, Book: engine.Book, Test: mailtest.Run, Finder: scripted.Finder{},
		Notes: notes, Practice: tenant, Faults: practice.AllFaults, Log: log,
		Dispatch: func(do func()) { queue <- do },
		Render: func(s presenter.State) {
			text, _ := json.Marshal(s)
			fmt.Fprintf(&shown, "%s\n", text)
		},
		Copy: func(text string) bool { copied.WriteString(text + "\n"); return true },
		Open: func(string) error { return nil }, Notify: func() {},
	})
	t.Cleanup(p.Close)
	until := func(wanted func(presenter.State) bool) {
		t.Helper()
		limit := time.After(60 * time.Second)
		for s := p.State(); !wanted(s); s = p.State() {
			select {
			case do := <-queue:
				do()
			case <-time.After(100 * time.Millisecond): // something outside the window
			case <-limit:
				t.Fatalf("still busy: %+v", s)
			}
		}
	}
	idle := func() {
		t.Helper()
		until(func(s presenter.State) bool {
			return s.Auth.Waiting == nil && s.Auth.Busy == "" && !s.Test.Running
		})
	}
	for _, fault := range append([]string{""}, practice.AllFaults...) {
		if fault != "" {
			p.SetFault(fault, true)
		}
		for _, user := range []string{practice.Admin.UPN, practice.Helpdesk.UPN} {
			engine.mu.Lock()
			engine.user = user
			engine.mu.Unlock()
			p.Request()
			p.CopyLink()
			idle()
		}
		engine.remember(home, d)
		for _, do := range []func(){p.Test, p.Renew} {
			do()
			idle()
		}
		engine.remember(home, d)
		s := p.State()
		if f := s.Auth.Finding; f != nil {
			p.CopyText(f.Text(i18n.For(i18n.English)))
		}
		if fault != "" {
			p.SetFault(fault, false)
		}
	}
	for value := range engine.all() {
		p.Explain("GET /?code="+value+"&state=x HTTP/1.1\nAADSTS50011: x\nAuthorization: Bearer "+value, func(x presenter.Explanation) {
			for _, f := range x.Found {
				copied.WriteString(f.Text(i18n.For(i18n.English)))
			}
		})
	}
	for kind, value := range map[authorization.SecretKind]string{
		authorization.Password: "Typed-password-1d8f!", authorization.ClientSecret: "Typed~client~secret~77ab", authorization.ProxyPassword: "anna:Typed-proxy-3c90",
	} {
		engine.add("typed", value)
		p.SetSecret(kind, value, func() {})
		until(func(s presenter.State) bool { return s.Form.Secrets[kind] })
	}
	p.SetCertificate([]byte("Typed~client~secret~77ab"))
	for _, do := range []func(){p.Renew, func() { p.Rename("Renamed") }, p.Request, p.Test} {
		do()
		idle()
	}
	renamed := d.Clone()
	renamed.Name = "Renamed"
	until(func(presenter.State) bool { return engine.HasSecret(renamed, authorization.ProxyPassword) })
	p.Edit(presenter.FieldSender, "half@") // a draft
	p.Leave(presenter.FieldSender)
	if _, export, ok := p.Export(); ok {
		data, _ := export("a.json")()
		copied.Write(data)
	}
	p.Forget()
	idle()
	kinds := map[string]int{}
	for _, what := range engine.all() {
		kinds[what]++
	}
	if kinds["code"] < 3 || kinds["access_token"] < 3 || kinds["refresh_token"] < 3 {
		t.Fatalf("too few secrets to look for: %v", kinds)
	}
	engine.check(t, "the window", shown.String())
	engine.check(t, "the clipboard", copied.String())
	engine.check(t, "the command line", strings.Join(os.Args, " "))
	files := 0
	err := filepath.WalkDir(home, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || strings.HasSuffix(path, ".sealed") {
			return err
		}
		files++
		data, err := os.ReadFile(path)
		engine.check(t, path, string(data))
		return err
	})
	if err != nil || files < 3 {
		t.Errorf("%d files read, %v; want the log, the mailbox and the draft", files, err)
	}
}
