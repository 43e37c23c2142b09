package table

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
)

const client = "1b4e28ba-2fa1-11d2-883f-0016d3cca427"

// good reads a table that has nothing wrong with it.
func good(t *testing.T, text string) []mailbox.Definition {
	t.Helper()
	p := Read("list.csv", []byte(text))
	for _, problem := range p.Problems() {
		t.Error(problem.Text(i18n.For(i18n.English)))
	}
	if !p.OK() {
		t.Fatalf("not fit to be taken over: %q", text)
	}
	return p.Definitions()
}

func TestHeadingsAndPresets(t *testing.T) {
	for name, text := range map[string]string{
		"English, comma":      "Name,Sender,Tenant,Application (client) ID\nDesk,desk@contoso.com,contoso.com," + client + "\n",
		"German, semicolon":   "Name;Absender;Mandant;Anwendungs-ID (Client)\r\nDesk;desk@contoso.com;contoso.com;" + client + "\r\n",
		"fields, tab":         "name\tsender\toauth.tenant\toauth.client_id\nDesk\tdesk@contoso.com\tcontoso.com\t" + client,
		"sep line":            "sep=;\r\nPostfach;E-Mail-Adresse;Verzeichnis-ID (Mandant);Client ID\r\nDesk;desk@contoso.com;contoso.com;" + client,
		"quoted sep line":     "\"sep=|\"\r\nMailbox|Address|Tenant ID|App ID\r\nDesk|desk@contoso.com|contoso.com|" + client,
		"formulas for text":   "Name;Absender;Mandant;Client ID\nDesk;=\"desk@contoso.com\";\"contoso.com\";=\"" + client + "\"\n",
		"blanks and padding":  " Name ;Absender ; Mandant;Client ID;;\n\n Desk ; desk@contoso.com\u00a0;contoso.com; " + client + ";;\n;;;;;\n",
		"case and hyphens":    "NAME,e-mail,TENANT-ID,client_id\nDesk,desk@contoso.com,contoso.com," + client,
		"server words":        "Name,Sender,Tenant,Client ID,Provider,IMAP,IMAP encryption,POP,SMTP,SMTP port\nDesk,desk@contoso.com,contoso.com," + client + ",Microsoft 365,outlook.office365.com,SSL/TLS,outlook.office365.com,smtp.office365.com,587",
		"hosts left out":      "Name,Sender,Tenant,Client ID,IMAP port,POP3 encryption,SMTP port\nDesk,desk@contoso.com,contoso.com,{" + client + "},993,TLS,587",
		"ports tell security": "Name,Sender,Tenant,Client ID,IMAP,IMAP port,POP3,POP3 port,SMTP\nDesk,desk@contoso.com,contoso.com," + client + ",outlook.office365.com,\"993\",outlook.office365.com,995,smtp.office365.com",
	} {
		t.Run(name, func(t *testing.T) {
			all := good(t, text)
			if len(all) != 1 {
				t.Fatalf("%d mailboxes", len(all))
			}
			d := all[0]
			got := fmt.Sprint(d.Name, d.User, d.OAuth.Tenant, d.OAuth.ClientID, *d.Server(mailbox.IMAP), *d.Server(mailbox.POP3), *d.Server(mailbox.SMTP))
			want := fmt.Sprint("Desk", "desk@contoso.com", "contoso.com", client,
				mailbox.Server{Host: "outlook.office365.com", Port: 993, Security: "tls"},
				mailbox.Server{Host: "outlook.office365.com", Port: 995, Security: "tls"},
				mailbox.Server{Host: "smtp.office365.com", Port: 587, Security: "starttls"})
			if got != want {
				t.Errorf("%s\nwant %s", got, want)
			}
		})
	}
}

func TestEncodings(t *testing.T) {
	const text = "Name;Absender;Mandant;Client ID\r\nBüro;desk@contoso.com;contoso.com;" + client + "\r\n"
	units := utf16.Encode([]rune("\uFEFF" + text))
	var le, be []byte
	for _, u := range units {
		le, be = append(le, byte(u), byte(u>>8)), append(be, byte(u>>8), byte(u))
	}
	for name, data := range map[string]string{
		"UTF-8": text, "mark": "\uFEFF" + text, "little": string(le), "big": string(be), "Windows-1252": strings.ReplaceAll(text, "ü", "\xFC"),
	} {
		if all := good(t, data); all[0].Name != "Büro" {
			t.Errorf("%s: %q", name, all[0].Name)
		}
	}
}

// TestTablesOutOfExcel: a line break within a cell, the headings once more where two
// tables were put together, lines that end as they did on a Macintosh, and letters
// that macOS takes apart.
func TestTablesOutOfExcel(t *testing.T) {
	const head, tail = "Name;Absender;Mandant;Client ID", "contoso.com;" + client
	row := func(name string) string { return name + ";desk@contoso.com;" + tail }
	for name, is := range map[string]struct{ data, want string }{
		"line break": {head + "\r\n" + row("\"Straße\r\nWest \n\"") + "\r\n", "Straße West"},
		"headings":   {head + "\r\n;;;\r\n" + head + "\r\n" + row("Nord") + "\r\n", "Nord"},
		"Macintosh":  {head + "\r" + row("Süd") + "\r", "Süd"},
		"apart":      {head + "\n" + row("Mu\u0308ller O\u0308l Rene\u0301") + "\n", "Müller Öl René"},
		"commas":     {"\"Ort, Etage, Raum, Gang, Haus\";" + head + "\n4, West;" + row("Ost") + "\n", "Ost"},
		"blank":      {"\r\n\r\n" + head + "\r\n" + row("Mitte") + "\r\n", "Mitte"},
	} {
		if all := good(t, is.data); len(all) != 1 || all[0].Name != is.want {
			t.Errorf("%s: %+v", name, all)
		}
	}
}

// TestEveryProblemAtItsPlace: all problems are told, not only the first.
func TestEveryProblemAtItsPlace(t *testing.T) {
	const text = "Name;Absender;Mandant;Client ID;IMAP;IMAP-Port;Abteilung;Kennwort;Name\n" +
		"Desk;desk@contoso.com;contoso.com;" + client + ";outlook.office365.com;993;;;\n" +
		"\n" +
		"desk;help desk;;" + client + ";outlook.office365.com;99x;;;;über\n"
	p := Read("C/list.csv", []byte(text))
	if len(p.Ignored) != 1 || p.Ignored[0].Args["columns"] != "Abteilung" {
		t.Errorf("not taken over: %+v", p.Ignored)
	}
	var got []string
	for _, problem := range p.Problems() {
		got = append(got, fmt.Sprintf("%d%s %s %s", problem.Row, problem.Column, problem.Field, problem.Problem))
	}
	want := []string{
		"1H file secret-column", "1I file column-twice",
		"4J file no-heading", "4F imap.port port", "4B sender address", "4C oauth.tenant tenant-missing", "4A name row-twice",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	for _, lang := range i18n.Languages {
		for _, problem := range p.Problems() {
			line := problem.Text(i18n.For(lang))
			if strings.ContainsAny(line, "⟨{\n") || !strings.HasPrefix(line, "list.csv") {
				t.Errorf("%s: %q", lang, line)
			}
		}
	}
	if p.OK() {
		t.Error("it could be taken over")
	}
}

// TestForeignColumnsHoldNothingUp: a list out of a directory has many columns.
// One that may be a slip of the hand does, where what it would be is missing.
func TestForeignColumnsHoldNothingUp(t *testing.T) {
	const row = ";desk@contoso.com;contoso.com;" + client
	for heads, want := range map[string]string{
		"Gender;Sender;Tenant;Client ID":                   "list, row 1: these columns are not imported: Gender.",
		"IP address;Address;Tenant;Client ID":              "list, row 1: these columns are not imported: IP address.",
		"E-Mail2;E-Mail;Tenant;Client ID":                  "list, row 1: these columns are not imported: E-Mail2.",
		"Password never expires;Sender;Tenant;Client ID":   "list, row 1: these columns are not imported: Password never expires.",
		"Vorname;Absender;Mandant;Client ID":               "list, row 1: these columns are not imported: Vorname.",
		"Mailbox;Absneder;Mandant;Client ID":               "list, row 1, column B (Absneder): the heading “Absneder” is not known. Did you mean “Absender”? Otherwise remove the column.",
		"Mailbox;Absender;Mandat;Client ID":                "list, row 1, column C (Mandat): the heading “Mandat” is not known. Did you mean “Mandant”? Otherwise remove the column.",
		"Postfachh;Absender;Mandant;Client ID":             "list, row 1, column A (Postfachh): the heading “Postfachh” is not known. Did you mean “postfach”? Otherwise remove the column.",
		"Mailbox;Absender;Mandant;Applikation (client) ID": "list, row 1, column D (Applikation (client) ID): the heading “Applikation (client) ID” is not known. Did you mean “Application (client) ID”? Otherwise remove the column.",
		"POP-Prt;Absender;Mandant;Client ID":               "list, row 1, column A (POP-Prt): the heading “POP-Prt” is not known. Did you mean “pop port”? Otherwise remove the column.",
		"Mailbox;Absender;Mandant;Client ID;Kenwort":       "list, row 1, column E (Kenwort): the column “Kenwort” is not imported: a list of mailboxes holds no secrets. Remove it and store secrets with “mailgrant secret set”.",
		"Abteilung;Absender;Mandant;Client ID;Ort;Straße":  "list, row 1: these columns are not imported: Abteilung, Ort, Straße.",
	} {
		p := Read("list", []byte(heads+"\n"+row))
		var got string
		for _, problem := range append(p.Problems(), p.Ignored...) {
			if got == "" {
				got = problem.Text(i18n.For(i18n.English))
			}
		}
		if got != want || p.OK() != strings.Contains(want, "these columns") {
			t.Errorf("%s: %q, %t", heads, got, p.OK())
		}
	}
	many := Read("list", []byte("Sender;Tenant;Client ID"+strings.Repeat(";Other", 30)+row))
	if got := many.Ignored[0].Args["columns"]; strings.Count(got, "Other") != mostNamed || !strings.HasSuffix(got, ", …") {
		t.Errorf("named: %q", got)
	}
}

// TestWhatIsMissingIsNamed: by the column that the table lacks, in JSON by the field.
func TestWhatIsMissingIsNamed(t *testing.T) {
	for text, want := range map[string]string{
		"Name;Absender;Mandant\nDesk;desk@contoso.com;contoso.com":                                          "list, Zeile 1, Anwendungs-ID (Client): diese Spalte fehlt in der Tabelle.",
		"Name;Absender;Anbieter;Client ID;Issuer\nDesk;desk@contoso.com;custom;x;https://login.contoso.com": "list, Zeile 2, IMAP-Server: mindestens einer der Server IMAP, POP3 und SMTP wird gebraucht.",
		"Name;Absender\nDesk;desk@contoso.com\nSales;sales@contoso.com":                                     "list, Zeile 1, Mandant: diese Spalte fehlt in der Tabelle.\nlist, Zeile 1, Anwendungs-ID (Client): diese Spalte fehlt in der Tabelle.",
		"Mandant;Client ID\ncontoso.com;00000000-0000-0000-0000-000000000000":                               "list, Zeile 1, Absender: diese Spalte fehlt in der Tabelle.",
		"PK\x03\x04\x14": "list: ist eine Arbeitsmappe (Excel, LibreOffice). Speichern Sie das Blatt dort als CSV („CSV UTF-8“) und importieren Sie diese Datei.",
		"a;b\n1;2":       "list, Zeile 1: die erste Zeile hat keine bekannte Überschrift. Erwartet werden Überschriften wie Name, Absender, Mandant, Anwendungs-ID (Client).",
		`{"name":"Desk","sender":"desk@contoso.com","authentication":"oauth2","imap":{"host":"a.example","port":993,"security":"tls"},"oauth":{"provider":"microsoft","tenant":"contoso.com"}}`: "list, Zeile 1, oauth.client_id: darf nicht leer sein.",
	} {
		p := Read("list", []byte(text))
		var got []string
		for _, problem := range p.Problems() {
			got = append(got, problem.Text(i18n.For(i18n.German)))
		}
		if strings.Join(got, "\n") != want {
			t.Errorf("%s: %q", text, got)
		}
	}
}

// TestAWrongAccountTypeIsOneProblem: what follows from it alone is not told.
func TestAWrongAccountTypeIsOneProblem(t *testing.T) {
	p := Read("list", []byte("Name;Absender;Mandant;Client ID;Kontotyp\nDesk;desk@contoso.com;contoso.com;"+client+";Organisation"))
	if all := p.Problems(); len(all) != 1 || all[0].Field != "oauth.account_type" {
		t.Errorf("%+v", all)
	}
}

// TestTheWindowsNamesAreUnderstood for what the window calls otherwise than a file.
func TestTheWindowsNamesAreUnderstood(t *testing.T) {
	for _, lang := range i18n.Languages {
		for _, kind := range []string{mailbox.AccountTenant, mailbox.AccountOrganizations, mailbox.AccountCommon, mailbox.AccountConsumers, mailbox.AccountApplication} {
			if got := value("oauth.account_type", i18n.For(lang).Text("ui.choice.oauth.account_type."+kind)); got != kind {
				t.Errorf("%s: %q for %q", lang, got, kind)
			}
		}
	}
}

// TestHeadingsAreTheWindowsNames, so that one thing has one word.
func TestHeadingsAreTheWindowsNames(t *testing.T) {
	for field, label := range map[string]string{
		"sender": "sender", "user": "user", "shared_mailbox": "shared", "authentication": "authentication", "oauth.provider": "provider",
		"oauth.account_type": "account-type", "oauth.tenant": "tenant", "oauth.client_id": "client-id", "oauth.scopes": "scopes",
		"oauth.sign_in": "sign-in", "oauth.prompt": "prompt", "oauth.authority": "authority", "oauth.issuer": "issuer", "oauth.redirect": "redirect",
	} {
		for _, lang := range i18n.Languages {
			if got, want := Heading(field, lang), i18n.For(lang).Text("ui.form."+label); got != want {
				t.Errorf("%s: %q; want %q", field, got, want)
			}
		}
	}
}

func TestBrokenFiles(t *testing.T) {
	for text, want := range map[string]string{
		"":                                   "0 nothing",
		"Name;Sender\n":                      "0 nothing",
		"Desk;desk@contoso.com\n":            "1 no-headings",
		"Name,Sender\n\nDesk,\"open\n":       "3 quote",
		"Name,Sender\nDesk,d\"x\n":           "2 quote",
		"[]":                                 "0 nothing",
		"\x7fELF\x02\"\x00\x00":              "0 no-list",
		"[{},":                               "0 incomplete",
		"[\n{},,]":                           "0 syntax",
		"[{},\n]":                            "0 syntax",
		"[1]":                                "1 type",
		`{"mailboxes": 3}`:                   "0 no-list",
		`{"mailboxes": [{"colour": "red"}]}`: "1 unknown",
		strings.Repeat("x", maxFile+1):       "0 too-large",
		"Name\n" + strings.Repeat("x\n", maxRows):        "0 too-many",
		"Name\n" + strings.Repeat("x\n", maxRows) + "\"": "0 too-many", // and nobody reads on
		"\n\nName;Sender\nDesk;desk@contoso.com":         "3 column-missing",
	} {
		problems := func() []Problem { p := Read("x", []byte(text)); return p.Problems() }()
		if len(problems) == 0 || fmt.Sprint(problems[0].Row, " ", problems[0].Problem) != want {
			t.Errorf("%.40q: %+v, want %s", text, problems, want)
		}
	}
}

// TestTheLineIsThatOfTheFile, also where it begins with blank lines.
func TestTheLineIsThatOfTheFile(t *testing.T) {
	p := Read("x", []byte("\r\n\n{\"name\":\n,}"))
	if len(p.Wrong) != 1 || p.Wrong[0].Problem != "syntax" || p.Wrong[0].Args["line"] != "4" {
		t.Errorf("%+v", p.Wrong)
	}
}

// several are definitions that use every field and every kind of text.
func several(t *testing.T) []mailbox.Definition {
	t.Helper()
	ca, err := os.ReadFile(filepath.Join("..", "..", "internal", "mailbox", "testdata", "ca.pem"))
	if err != nil {
		t.Fatal(err)
	}
	server := func(host string, port int, security string) *mailbox.Server {
		return &mailbox.Server{Host: host, Port: port, Security: security}
	}
	all := []mailbox.Definition{
		{Name: "Büro (neu) & Co.", Sender: "desk@contoso.com", Servers: mailbox.NewServers(mailbox.Given{mailbox.IMAP: server("outlook.office365.com", 993, "tls")}), OAuth: &mailbox.OAuth{Tenant: "contoso.com", ClientID: client}},
		{Name: "Formula", Sender: "=cmd@contoso.com", User: "-2+3@contoso.com", SharedMailbox: "'+x@contoso.com", Servers: mailbox.NewServers(mailbox.Given{mailbox.SMTP: server("smtp.office365.com", 587, "starttls")}), OAuth: &mailbox.OAuth{AccountType: "organizations", ClientID: client, Scopes: []string{"a/b", "c"}, SignIn: "link", Prompt: "select-account"}},
		{Name: "Password", Sender: "p@example.com", Authentication: "password", Servers: mailbox.NewServers(mailbox.Given{mailbox.POP3: server("pop.example.com", 110, "starttls")})},
		{Name: "Google", Sender: "g@example.com", Servers: mailbox.NewServers(mailbox.Given{mailbox.IMAP: server("imap.gmail.com", 993, "tls")}), OAuth: &mailbox.OAuth{Provider: "google", ClientID: "x.apps.example"}},
		{Name: "Local", Sender: "l@example.com", Servers: mailbox.NewServers(mailbox.Given{mailbox.IMAP: server("127.0.0.1", 1143, "none")}), TrustedCA: string(ca), OAuth: &mailbox.OAuth{Provider: "custom", Issuer: "http://localhost:1234", ClientID: "x"}},
	}
	for i := range all {
		all[i] = all[i].Normalize()
		if err := all[i].Validate(); err != nil {
			t.Fatal(err)
		}
	}
	return all
}

func TestTheSameOutAndInAgain(t *testing.T) {
	all := several(t)
	asJSON, err := WriteJSON(all)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{"JSON": string(asJSON), "object": `{"mailboxes":` + string(asJSON) + "}"}
	for _, lang := range i18n.Languages {
		data, err := WriteCSV(all, lang)
		if err != nil {
			t.Fatal(err)
		}
		files["CSV "+string(lang)] = string(data)
		for _, start := range []string{",=", ";=", ",-", ";-", ",+", ";+"} {
			if strings.Contains(string(data), start) {
				t.Errorf("%s: a cell begins a formula: %s", lang, data)
			}
		}
	}
	for name, text := range files {
		again := good(t, text)
		for i := range all {
			if got, want := string(again[i].Format()), string(all[i].Format()); got != want {
				t.Errorf("%s: got %s\nwant %s", name, got, want)
			}
		}
	}
}

// TestNothingToExportGivesTheHeadings: an empty book writes a form to fill in.
func TestNothingToExportGivesTheHeadings(t *testing.T) {
	data, err := WriteCSV(nil, i18n.German)
	if err != nil || !strings.HasPrefix(string(data), "\ufeffName;Absender;Benutzer;") {
		t.Errorf("%v: %s", err, data)
	}
	if data, err := WriteJSON(nil); err != nil || string(data) != "[]\n" {
		t.Errorf("%v: %s", err, data)
	}
}

func TestCompare(t *testing.T) {
	all := several(t)
	book := mailbox.NewBook(t.TempDir())
	if err := book.Put(all[:2]...); err != nil {
		t.Fatal(err)
	}
	changed := all[1].Clone()
	changed.Name, changed.Sender = "FORMULA", "other@contoso.com"
	data, err := WriteJSON([]mailbox.Definition{all[0], changed, all[2]})
	if err != nil {
		t.Fatal(err)
	}
	for _, replace := range []bool{false, true} {
		p := Read("x", data)
		p.Compare(book, replace)
		if got := fmt.Sprint(p.Rows[0].Standing, p.Rows[1].Standing, p.Rows[2].Standing); got != fmt.Sprint(Same, Changed, New) {
			t.Errorf("standings %s", got)
		}
		if p.OK() != replace || len(p.Definitions()) != 2 {
			t.Errorf("replace %v: %+v", replace, p.Problems())
		}
	}
}

func TestLetters(t *testing.T) {
	for i, want := range map[int]string{0: "A", 25: "Z", 26: "AA", 51: "AZ", 52: "BA", 701: "ZZ", 702: "AAA"} {
		if got := letters(i); got != want {
			t.Errorf("%d: %s, want %s", i, got, want)
		}
	}
}

// TestHeadingsAreUnambiguous: no heading means two fields, and each field of a
// definition has its column.
func TestHeadingsAreUnambiguous(t *testing.T) {
	meant := map[string]string{}
	for _, c := range columns() {
		for _, heading := range append([]string{c.Field, c.En, c.De}, c.Also...) {
			if other := meant[fold(heading)]; other != "" && other != c.Field {
				t.Errorf("%q means %s and %s", heading, other, c.Field)
			}
			meant[fold(heading)] = c.Field
		}
	}
	for _, d := range several(t) {
		for field := range d.Fields() {
			if meant[fold(field)] != field {
				t.Errorf("%s has no column", field)
			}
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, seed := range []string{"Name;Sender\nx;y", "sep=\t\nName\tSender", "[{}]", `{"mailboxes":[]}`, "Name,\"Sen\nder\"\n\n=\"x\",y", "\xff\xfea\x00"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		p := Read("x", data)
		for _, problem := range p.Problems() {
			if line := problem.Text(i18n.For(i18n.English)); strings.ContainsAny(line, "\r\n") {
				t.Errorf("a problem of several lines: %q", line)
			}
		}
		if !p.OK() {
			return
		}
		out, err := WriteCSV(p.Definitions(), i18n.English)
		if err != nil {
			t.Fatal(err)
		}
		again := Read("x", out)
		if !again.OK() || len(again.Rows) != len(p.Rows) {
			t.Errorf("%q became %q: %+v", data, out, again.Problems())
		}
	})
}
