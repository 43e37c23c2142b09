package report

import (
	"encoding/csv"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"mailgrant/internal/diagnosis"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/mailtest"
)

const (
	token   = "eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9.eyJhdWQiOiJjYW5hcnkifQ.c2lnbmF0dXJl"
	hostile = "<script>alert(1)</script> \u202egnp.exe \x1b[2J"
)

// spoilt is a test whose server says whatever it likes.
func spoilt() *mailtest.Report {
	d := mailbox.Definition{Name: "=Help & <Desk>", Sender: "helpdesk@contoso.test", User: "helpdesk@contoso.test", Servers: mailbox.NewServers(mailbox.Given{mailbox.IMAP: &mailbox.Server{Host: "mail.contoso.test", Port: 993, Security: "tls"}})}
	began := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	r := mailtest.NewReport(d, began)
	add := func(step mailtest.Step, state mailtest.State, facts map[string]any, diag *diagnosis.Diagnosis) {
		r.Add(mailtest.Event{Protocol: mailtest.IMAP, Step: step, State: state, Start: began, Duration: 3 * time.Millisecond, Facts: facts, Diagnosis: diag})
	}
	add(mailtest.StepGreeting, mailtest.Passed, map[string]any{mailtest.FactGreeting: hostile}, nil)
	refused := diagnosis.New(diagnosis.CauseTokenUserMismatch, diagnosis.PhaseIMAP, i18n.Args{"user": "helpdesk@contoso.test"})
	refused.ServerText = "NO " + token + " is not of Helpdesk@Contoso.test but of admin@contoso.test"
	add(mailtest.StepAuthenticate, mailtest.Failed, map[string]any{
		mailtest.FactTranscript: []string{"C: A1 AUTHENTICATE XOAUTH2 " + token, "S: A1 NO for helpdesk@contoso.test"},
	}, &refused)
	add(mailtest.StepQuit, mailtest.Passed, nil, nil)
	return r
}

func write(t *testing.T, f Format, hide bool) string {
	t.Helper()
	out, err := Write(f, Options{Version: "1.2.3", Made: time.Now(), Languages: i18n.Languages, HideAddresses: hide}, Subject{Report: spoilt()})
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

func TestNothingHarmfulGetsIn(t *testing.T) {
	for _, f := range Formats {
		text := write(t, f, false)
		for _, bad := range []string{token, token[:40], "\u202e", "\x1b"} {
			if strings.Contains(text, bad) {
				t.Errorf("%s: %q in the report", f, bad)
			}
		}
		if f == HTML && strings.Contains(text, "<script") {
			t.Error("the server's words became markup")
		}
	}
}

func TestAddressesKeepTheirNumbers(t *testing.T) {
	for _, f := range []Format{HTML, Text, JSON} {
		text := strings.ToLower(write(t, f, true))
		if strings.Contains(text, "@contoso.test") {
			t.Errorf("%s: an address is shown", f)
		}
		if !strings.Contains(text, "is not of address-1 but of address-2") && !strings.Contains(text, "is not of address-2 but of address-1") {
			t.Errorf("%s: one address has two numbers, or none:\n%s", f, text)
		}
	}
}

func TestEveryFormCanBeRead(t *testing.T) {
	if _, err := html.Parse(strings.NewReader(write(t, HTML, false))); err != nil {
		t.Error(err)
	}
	var j struct {
		Reports []struct {
			Mailbox   string
			Diagnoses []struct{ Cause string }
		}
	}
	if err := json.Unmarshal([]byte(write(t, JSON, false)), &j); err != nil || j.Reports[0].Diagnoses[0].Cause != "token-user-mismatch" {
		t.Errorf("%v: %+v", err, j)
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(write(t, CSV, false), "\ufeff"))).ReadAll()
	if err != nil || len(rows) != 2 || rows[1][0] != "'=Help & <Desk>" || rows[1][1] != "helpdesk@contoso.test" || rows[1][5] != "failed" {
		t.Errorf("%v: %q", err, rows)
	}
	for _, lang := range i18n.Languages {
		for _, want := range []string{i18n.For(lang).Text("report.title"), diagnosis.New(diagnosis.CauseTokenUserMismatch, "", nil).Render(i18n.For(lang)).Title} {
			if text := write(t, Text, false); !strings.Contains(want, "{") && !strings.Contains(text, want) {
				t.Errorf("%s: %q is not in the text", lang, want)
			}
		}
	}
}

// A German table program splits a table at semicolons alone.
func TestTheTableIsForTheLanguagesTableProgram(t *testing.T) {
	out, err := Write(CSV, Options{Made: time.Now(), Languages: []i18n.Language{i18n.German}}, Subject{Report: spoilt()})
	if err != nil {
		t.Fatal(err)
	}
	r := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(out), "\ufeff")))
	r.Comma = ';'
	if rows, err := r.ReadAll(); err != nil || len(rows) != 2 || rows[0][0] != "Postfach" || rows[1][1] != "helpdesk@contoso.test" {
		t.Errorf("%v: %q", err, rows)
	}
}

func TestEveryFactHasAName(t *testing.T) {
	for _, lang := range i18n.Languages {
		texts := i18n.For(lang)
		for _, fact := range told {
			if !texts.Has("report.fact." + fact) {
				t.Errorf("%s: no name for the fact %q", lang, fact)
			}
		}
		for state := range marks {
			if !texts.Has("report.state." + string(state)) {
				t.Errorf("%s: no word for the state %q", lang, state)
			}
		}
	}
}

// Addresses of our own table can be followed, those in a server's words not; a
// certificate's end is a time for people; what was left out took no time.
func TestPageIsForPeople(t *testing.T) {
	here := time.Local
	time.Local = time.FixedZone("", 90*60)
	defer func() { time.Local = here }()
	r := spoilt()
	off := diagnosis.Explain(diagnosis.Input{
		Phase: diagnosis.PhaseSMTP, Text: "535 5.7.139 SmtpClientAuthentication is disabled for the Mailbox. See https://evil.example/",
		Evidence: diagnosis.Evidence{Sender: "helpdesk@contoso.test"},
	})
	for _, e := range []mailtest.Event{
		{Step: mailtest.StepTLS, State: mailtest.Passed, Facts: map[string]any{mailtest.FactExpires: "2027-03-01T12:00:00Z"}},
		{Step: mailtest.StepAuthenticate, State: mailtest.Failed, Diagnosis: &off},
		{Step: mailtest.StepMailbox, State: mailtest.Skipped},
	} {
		e.Protocol = mailtest.IMAP
		r.Add(e)
	}
	out, err := Write(HTML, Options{Made: time.Now(), Languages: []i18n.Language{i18n.German}}, Subject{Report: r})
	if err != nil {
		t.Fatal(err)
	}
	page := string(out)
	for _, want := range []string{`<a href="https://aka.ms/smtp_auth_disabled">`, "<td>01.03.2027 13:30:00 UTC+01:30</td>", "<title>Testbericht: =Help &amp; &lt;Desk&gt; (helpdesk@contoso.test)</title>", "<h2>=Help &amp; &lt;Desk&gt; (helpdesk@contoso.test)</h2>", "https://evil.example/", "> Postfach</li>", "„Authentifiziertes SMTP“.<br>oder: Führen Sie", "aus.</li><li>Warten Sie", "Beweis: In der Meldung steht „"} {
		if !strings.Contains(page, want) {
			t.Errorf("no %q in\n%s", want, page)
		}
	}
	if strings.Contains(page, `href="https://evil`) {
		t.Error("a server's words can be followed")
	}
}

func TestFormatOf(t *testing.T) {
	for name, want := range map[string]Format{"a.HTML": HTML, "a.htm": HTML, "a.b.txt": Text, "r.json": JSON, "t.csv": CSV} {
		if got, ok := FormatOf(name); !ok || got != want {
			t.Errorf("%s: %q, %t", name, got, ok)
		}
	}
	for _, name := range []string{"report", "report.docx", ""} {
		if _, ok := FormatOf(name); ok {
			t.Errorf("%q has a format", name)
		}
	}
}

// What was tried after a failure is told in every form, and the cause's place
// in the error reference.
func TestExperimentsAreTold(t *testing.T) {
	r := spoilt()
	for _, state := range []mailtest.State{mailtest.Running, mailtest.Passed} {
		r.Add(mailtest.Event{Protocol: mailtest.IMAP, State: state, Duration: 180 * time.Millisecond, Experiment: &mailtest.Experiment{
			ID: diagnosis.UsualPorts, Result: "answer", Change: &mailbox.Server{Host: "mail.contoso.test", Port: 993, Security: mailbox.SecurityTLS},
		}})
	}
	for _, f := range []Format{HTML, Text, JSON} {
		out, err := Write(f, Options{Version: "1.2.3", Made: time.Now(), Languages: i18n.Languages}, Subject{Report: r})
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range map[Format][]string{
			HTML: {"IMAP answers on a usual port. What answers: mail.contoso.test, port 993, TLS.", "180 ms", "mailgrant explain token-user-mismatch"},
			Text: {"  ? IMAP answers on a usual port. What answers: mail.contoso.test, port 993, TLS.  180 ms", "mailgrant explain token-user-mismatch"},
			JSON: {`"id": "usual-ports"`, `"result": "answer"`, `"port": 993`},
		}[f] {
			if !strings.Contains(string(out), want) {
				t.Errorf("%s: no %q", f, want)
			}
		}
	}
}

// How to tell the first cause of several is told as in the window and on the
// command line.
func TestHowToTellTheFirstCause(t *testing.T) {
	open := diagnosis.Explain(diagnosis.Input{Phase: diagnosis.PhaseNetwork, Text: "connection refused"})
	rendered := open.Render(i18n.For(i18n.English))
	if len(open.Causes) < 2 || rendered.Check == "" {
		t.Fatalf("%v %q", open.Causes, rendered.Check)
	}
	r := spoilt()
	r.Add(mailtest.Event{Protocol: mailtest.IMAP, Step: mailtest.StepConnect, State: mailtest.Failed, Diagnosis: &open})
	for _, f := range []Format{HTML, Text} {
		out, err := Write(f, Options{Made: time.Now(), Languages: []i18n.Language{i18n.English}}, Subject{Report: r})
		if err != nil || !strings.Contains(string(out), rendered.Check) {
			t.Errorf("%s, %v: no %q in %s", f, err, rendered.Check, out)
		}
	}
}
