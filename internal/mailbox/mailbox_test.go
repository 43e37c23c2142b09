package mailbox

import (
	"encoding/json"
	"encoding/pem"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"mailgrant/internal/i18n"
	"mailgrant/internal/store"
)

const example = `{ "name": "Helpdesk", "sender": "helpdesk@contoso.com",
  "imap": {"host": "outlook.office365.com", "port": 993, "security": "tls"},
  "smtp": {"host": "smtp.office365.com", "port": 587, "security": "starttls"},
  "oauth": { "tenant": "contoso.com", "client_id": "00000000-0000-0000-0000-000000000000" } }`

func TestParseFillsInWhatMayBeLeftOut(t *testing.T) {
	d, err := Parse([]byte(example))
	if err != nil {
		t.Fatal(err)
	}
	o := d.OAuth
	got := []string{d.User, d.Authentication, o.Provider, o.Cloud, o.AccountType, o.SignIn, o.Prompt, o.Redirect}
	want := []string{"helpdesk@contoso.com", "oauth2", "microsoft", "global", "tenant", "private-window", "login", "http://localhost"}
	if strings.Join(got, " ") != strings.Join(want, " ") {
		t.Errorf("got %v\nwant %v", got, want)
	}
	if d.Server(POP3) != nil || len(d.Servers) != 2 {
		t.Error("a left-out server appeared")
	}
	again, err := Parse(d.Format())
	if err != nil || string(again.Format()) != string(d.Format()) {
		t.Errorf("Format and Parse are no round trip: %v", err)
	}
}

// set changes one value of the example by its path.
func set(t *testing.T, path string, value any) []byte {
	t.Helper()
	var doc map[string]any
	if err := json.Unmarshal([]byte(example), &doc); err != nil {
		t.Fatal(err)
	}
	at := doc
	parts := strings.Split(path, ".")
	for _, p := range parts[:len(parts)-1] {
		at = at[p].(map[string]any)
	}
	at[parts[len(parts)-1]] = value
	data, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestWrongValuesNameTheirField(t *testing.T) {
	cases := []struct {
		path  string
		value any
		field string // where it is reported, if elsewhere
	}{
		{path: "sender", value: "helpdesk"},
		{path: "sender", value: strings.Repeat("x", 254) + "@contoso.com"},
		{path: "sender", value: "help desk@contoso.com"},
		{path: "sender", value: ""},
		{path: "sender", value: "helpdesk@con_toso.com"},
		{path: "sender", value: "a@b@c.com"},
		{path: "sender", value: "x\r\nRCPT TO:<y>@contoso.com"},
		{path: "user", value: "CONTOSO\\helpdesk"},
		{path: "user", value: "\u202Ehelpdesk@contoso.com"},
		{path: "shared_mailbox", value: "info"},
		{path: "shared_mailbox", value: "info@contoso.com", field: "user"}, // needs an explicit user
		{path: "name", value: "../../etc/passwd"},
		{path: "name", value: "con"},
		{path: "name", value: "aux.txt"},
		{path: "name", value: strings.Repeat("x", 65)},
		{path: "name", value: "a\tb"},
		{path: "authentication", value: "kerberos"},
		{path: "imap.host", value: "outlook office365.com"},
		{path: "imap.host", value: "https://outlook.office365.com"},
		{path: "imap.host", value: ""},
		{path: "imap.host", value: "-x.com"},
		{path: "imap.port", value: 0},
		{path: "imap.port", value: 70000},
		{path: "imap.port", value: -1},
		{path: "imap.port", value: "993"},
		{path: "imap.port", value: 99.5},
		{path: "imap.security", value: "ssl"},
		{path: "imap.security", value: "none"},
		{path: "imap.security", value: "TLS"},
		{path: "smtp.host", value: "70000"},
		{path: "smtp.host", value: strings.Repeat("x", 64) + ".contoso.com"},
		{path: "smtp.host", value: strings.Repeat("x.", 127)},
		{path: "smtp.host", value: "10.0.0.300"},
		{path: "oauth.provider", value: "yahoo"},
		{path: "oauth.cloud", value: "mars"},
		{path: "oauth.account_type", value: "personal"},
		{path: "oauth.account_type", value: "common", field: "oauth.tenant"},
		{path: "oauth.tenant", value: ""},
		{path: "oauth.tenant", value: "contoso"},
		{path: "oauth.tenant", value: "contoso.com/../evil"},
		{path: "oauth.client_id", value: "my-app"},
		{path: "oauth.client_id", value: ""},
		{path: "oauth.client_id", value: "Abc8Q~xYz0123456789abcdefghijklmnopqrst"},
		{path: "oauth.scopes", value: []string{"a b"}},
		{path: "oauth.scopes", value: "openid"},
		{path: "oauth.scopes", value: []string{strings.Repeat("x", 256)}},
		{path: "oauth.sign_in", value: "webview"},
		{path: "oauth.prompt", value: "consent"},
		{path: "oauth.authority", value: "http://login.example.com"},
		{path: "oauth.authority", value: "login.microsoftonline.com"},
		{path: "oauth.authority", value: "https://user@login.example.com"},
		{path: "oauth.authority", value: "https://login.example.com/?x=1"},
		{path: "oauth.authority", value: "javascript:alert(1)"},
		{path: "oauth.authority", value: "ftp://login.example.com"},
		{path: "oauth.authority", value: "https://login.example.com/#x"},
		{path: "oauth.authority", value: "https://login.example.com/a b"},
		{path: "oauth.authority", value: "https://login_example.com"},
		{path: "oauth.authority", value: "https://[::1"},
		{path: "oauth.authority", value: "https:///path"},
		{path: "oauth.issuer", value: "https://id.example.com"},
		{path: "oauth.provider", value: "custom", field: "oauth.issuer"},
		{path: "oauth.redirect", value: "http://localhost:8080"},
		{path: "oauth.redirect", value: "https://evil.example/common/oauth2/nativeclient"},
		{path: "trusted_ca", value: "nonsense"},
		{path: "colour", value: "red"},
		{path: "oauth.client_secret", value: "s3cret", field: "oauth.client_secret"},
		{path: "imap", value: "outlook.office365.com"},
		{path: "oauth", value: nil},
	}
	for _, c := range cases {
		field := c.field
		if field == "" {
			field = c.path
		}
		_, err := Parse(set(t, c.path, c.value))
		var invalid Invalid
		if !errors.As(err, &invalid) {
			t.Errorf("%s = %q: error %v; want Invalid", c.path, c.value, err)
			continue
		}
		e, ok := invalid.For(field)
		if !ok {
			t.Errorf("%s = %q: %v; want an error at %s", c.path, c.value, err, field)
			continue
		}
		for _, lang := range i18n.Languages {
			line := e.Text(i18n.For(lang))
			if !strings.HasPrefix(line, field+": ") || strings.ContainsAny(line, "\n⟨{") {
				t.Errorf("%s: unfit text in %s: %q", field, lang, line)
			}
		}
	}
}

func TestGoodValues(t *testing.T) {
	cases := []struct {
		path  string
		value any
	}{
		{"sender", "O'Brien+help@mail.contoso.co.uk"},
		{"name", "Büro (neu) & Co."},
		{"imap.host", "127.0.0.1"},
		{"imap.host", "::1"},
		{"oauth.tenant", "1b4e28ba-2fa1-11d2-883f-0016d3cca427"},
		{"oauth.redirect", "http://localhost/"},
		{"oauth.redirect", "http://127.0.0.1"},
		{"imap.host", strings.Repeat("x", 63) + ".contoso.com"},
		{"oauth.redirect", "https://login.microsoftonline.com/common/oauth2/nativeclient"},
		{"oauth.authority", "https://login.example.com/path/"},
		{"oauth.authority", "http://127.0.0.1:8080"},
		{"oauth.scopes", []string{"https://outlook.office.com/IMAP.AccessAsUser.All"}},
		{"oauth.prompt", " select-account "},
	}
	for _, c := range cases {
		if _, err := Parse(set(t, c.path, c.value)); err != nil {
			t.Errorf("%s = %q: %v", c.path, c.value, err)
		}
	}
}

// What a provider does not have is left out, and a mailbox with a password has no
// registration at all.
func TestGoodDefinitions(t *testing.T) {
	for name, change := range map[string]func(d *Definition){
		"password": func(d *Definition) { d.Authentication, d.OAuth = AuthPassword, nil },
		"Google":   func(d *Definition) { *d.OAuth = OAuth{Provider: ProviderGoogle, ClientID: "1234-ab.apps.example"} },
		"custom": func(d *Definition) {
			*d.OAuth = OAuth{Provider: ProviderCustom, ClientID: "x", Issuer: "https://id.example.com"}
		},
		"many tenants": func(d *Definition) { d.OAuth.AccountType, d.OAuth.Tenant = AccountOrganizations, "" },
		"shared":       func(d *Definition) { d.User, d.SharedMailbox = "anna@contoso.com", "info@contoso.com" },
	} {
		d, _ := Parse([]byte(example))
		change(&d)
		before := d.Clone()
		n := d.Normalize()
		if !reflect.DeepEqual(d, before) {
			t.Errorf("%s: Normalize changes the original", name)
		}
		again, err := Parse(n.Format())
		if err != nil || !again.Equal(n) || !reflect.DeepEqual(again.Fields(), n.Fields()) {
			t.Errorf("%s: %v: %s", name, err, n.Format())
		}
		if d.OAuth != nil && !strings.Contains(string(n.Format()), `"scopes": []`) {
			t.Errorf("%s: %s", name, n.Format())
		}
	}
}

func TestWhatADefinitionHasToHave(t *testing.T) {
	for want, change := range map[string]func(d *Definition){
		"name: empty":                    func(d *Definition) { d.Name = "" },
		"sender: empty":                  func(d *Definition) { d.Sender = "" },
		"user: shared-needs-user":        func(d *Definition) { d.User, d.SharedMailbox = "", "info@contoso.com" },
		"shared_mailbox: shared-is-user": func(d *Definition) { d.SharedMailbox = "Helpdesk@contoso.com" },
		"imap: no-server":                func(d *Definition) { d.Servers = nil },
		"imap.host: empty":               func(d *Definition) { d.Server(IMAP).Host = "" },
		"imap.security: unencrypted":     func(d *Definition) { d.Server(IMAP).Host, d.Server(IMAP).Security = "192.0.2.1", SecurityNone },
		"oauth: oauth-missing":           func(d *Definition) { d.OAuth = nil },
		"oauth.tenant: tenant-missing":   func(d *Definition) { d.OAuth.AccountType, d.OAuth.Tenant = AccountApplication, "" },
		"oauth.client_id: empty":         func(d *Definition) { d.OAuth.ClientID = "" },
		"oauth.issuer: issuer-missing":   func(d *Definition) { *d.OAuth = OAuth{Provider: ProviderCustom, ClientID: "x"} },
		"oauth.issuer: url": func(d *Definition) {
			*d.OAuth = OAuth{Provider: ProviderCustom, ClientID: "x", Issuer: "ftp://id.test"}
		},
		"oauth.client_id: characters":   func(d *Definition) { *d.OAuth = OAuth{Provider: ProviderGoogle, ClientID: "an application"} },
		"oauth.client_id: characters, ": func(d *Definition) { *d.OAuth = OAuth{Provider: ProviderGoogle, ClientID: strings.Repeat("x", 256)} },
	} {
		d, _ := Parse([]byte(example))
		change(&d)
		if d.OAuth != nil {
			d.OAuth.normalize()
		}
		var invalid Invalid
		field, problem, _ := strings.Cut(strings.TrimSuffix(want, ", "), ": ")
		if !errors.As(d.Validate(), &invalid) || invalid[0].Field != field || invalid[0].Problem != problem {
			t.Errorf("%v; want %s", invalid, want)
		}
	}
}

func utf16LE(text string) string {
	out := []byte{0xFF, 0xFE}
	for _, u := range utf16.Encode([]rune(text)) {
		out = append(out, byte(u), byte(u>>8))
	}
	return string(out)
}

func TestFilesAsTheyComeFromWindows(t *testing.T) {
	for name, data := range map[string][]byte{
		"byte order mark": append([]byte("\xEF\xBB\xBF"), example...),
		"UTF-16":          []byte(utf16LE(example)),
		"CRLF":            []byte(strings.ReplaceAll(example, "\n", "\r\n")),
	} {
		if _, err := Parse(data); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestBrokenFiles(t *testing.T) {
	comma := strings.Replace(example, `"starttls"},`, `"starttls"},,`, 1)
	for name, c := range map[string]struct{ data, problem string }{
		"empty":        {"", "incomplete"},
		"half-written": {example[:len(example)/2], "incomplete"},
		"twice":        {example + example, "trailing"},
		"not JSON":     {"[mailbox]\nname = x", "type"},
		"comma":        {comma, "syntax"},
		"huge":         {strings.Repeat(" ", 2<<20), "too-large"},
		"UTF-16":       {utf16LE(comma), "syntax"},
	} {
		_, err := Parse([]byte(c.data))
		var invalid Invalid
		if !errors.As(err, &invalid) || invalid[0].Field != "file" || invalid[0].Problem != c.problem && c.problem != "type" {
			t.Errorf("%s: %v; want file: %s", name, err, c.problem)
		} else if c.problem == "syntax" && invalid[0].Args["line"] != "3" {
			t.Errorf("%s: %v; it is line 3", name, err)
		}
	}
}

func TestTrustedCAOnlyOnLoopback(t *testing.T) {
	ca, err := os.ReadFile(filepath.Join("testdata", "ca.pem"))
	if err != nil {
		t.Fatal(err)
	}
	d, err := Parse([]byte(example))
	if err != nil {
		t.Fatal(err)
	}
	d.TrustedCA = string(ca)
	hosts := func(mail, authority string) error {
		c := d.Clone()
		c.Server(IMAP).Host, c.Server(SMTP).Host, c.OAuth.Authority = mail, mail, authority
		return c.Validate()
	}
	if err := hosts("localhost", "http://127.0.0.1:1234"); err != nil {
		t.Errorf("all on loopback: %v", err)
	}
	for _, bad := range [][2]string{{"outlook.office365.com", "http://127.0.0.1:1"}, {"192.0.2.1", "http://127.0.0.1:1"}, {"localhost", ""}, {"localhost", "https://login.example.com"}, {"localhost", "https://[::1"}} {
		var invalid Invalid
		err := hosts(bad[0], bad[1])
		if !errors.As(err, &invalid) {
			t.Errorf("%v accepted", bad)
		} else if _, ok := invalid.For("trusted_ca"); !ok {
			t.Errorf("%v: %v", bad, err)
		}
	}
	block, _ := pem.Decode(ca)
	for name, text := range map[string]string{
		"two":     string(ca) + string(ca),
		"a key":   strings.ReplaceAll(string(ca), "CERTIFICATE", "PRIVATE KEY")[:40],
		"cut off": string(pem.EncodeToMemory(&pem.Block{Type: block.Type, Bytes: block.Bytes[:99]})),
	} {
		d.TrustedCA = text
		var invalid Invalid
		if err := hosts("localhost", "http://127.0.0.1:1234"); !errors.As(err, &invalid) || invalid[0].Problem != "pem" {
			t.Errorf("%s: %v", name, err)
		}
	}
	d.TrustedCA = string(ca)
	for issuer, good := range map[string]bool{"http://localhost:1234": true, "https://id.example.com": false} {
		*d.OAuth = OAuth{Provider: ProviderCustom, ClientID: "x", Issuer: issuer}
		d.OAuth.normalize()
		if err := hosts("localhost", "http://127.0.0.1:1234"); (err == nil) != good {
			t.Errorf("%s: %v", issuer, err)
		}
	}
}

func TestBook(t *testing.T) {
	b := NewBook(t.TempDir())
	if names, err := b.Names(); err != nil || len(names) != 0 {
		t.Fatalf("a new book holds %v, %v", names, err)
	}
	d, _ := Parse([]byte(example))
	for _, name := range []string{"Zoo", "amber/…"[:5], "Büro 1", "Ölheizung", "Übergabe", "Post"} {
		d.Name = name
		if err := b.Put(d); err != nil {
			t.Fatal(err)
		}
	}
	if names, _ := b.Names(); strings.Join(names, "|") != "amber|Büro 1|Ölheizung|Post|Übergabe|Zoo" {
		t.Errorf("Names = %v", names)
	}
	if _, err := os.Stat(filepath.Join(b.dir, "b%C3%BCro%201.json")); err != nil {
		t.Errorf("files that earlier versions wrote have another name: %v", err)
	}
	results := HistoryFile(b.history, "zoo")
	if err := store.WriteFile(results, nil); err != nil {
		t.Fatal(err)
	}
	if got, err := b.Get("ZOO"); err != nil || got.Name != "Zoo" {
		t.Errorf("Get without case = %q, %v", got.Name, err)
	}
	d.Sender = "nobody"
	if err := b.Put(d); err == nil {
		t.Error("an invalid definition was saved")
	}
	if err := b.Remove("zoo"); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(results); err == nil {
		t.Error("its results are still there")
	}
	if err := b.Remove("zoo"); !errors.Is(err, ErrNotSaved) {
		t.Errorf("second Remove = %v", err)
	}
	if _, err := b.Get("zoo"); !errors.Is(err, ErrNotSaved) {
		t.Errorf("Get = %v", err)
	}
}

// A file that cannot be read has the name of the file, and one that somebody put there
// stands for the mailbox of its name, which is listed once, or told as not saved: some
// monitoring systems refuse all results where one name comes twice.
func TestBookReadsAllOfThem(t *testing.T) {
	b := NewBook(t.TempDir())
	d, _ := Parse([]byte(example))
	d.Name = "Post"
	other, none := d.Clone(), d.Clone()
	other.Sender, none.Name = "other@contoso.com", "Nowhere"
	err := errors.Join(b.Put(d), os.WriteFile(filepath.Join(b.dir, "broken%20one.json"), []byte("{"), 0o600),
		os.WriteFile(filepath.Join(b.dir, "copy.json"), other.Format(), 0o600), os.WriteFile(filepath.Join(b.dir, "elsewhere.json"), none.Format(), 0o600),
		os.WriteFile(filepath.Join(b.dir, "elsewhere - copy.json"), none.Format(), 0o600))
	if err != nil {
		t.Fatal(err)
	}
	all, err := b.All()
	if err != nil || len(all) != 3 {
		t.Fatalf("%v: %+v", err, all)
	}
	for i, want := range []struct {
		name string
		err  func(error) bool
	}{
		{"broken one", func(err error) bool { var wrong *FileError; return errors.As(err, &wrong) }},
		{"Nowhere", func(err error) bool { return errors.Is(err, ErrNotSaved) }},
		{"Post", func(err error) bool { return err == nil }},
	} {
		if got := all[i]; got.Name != want.name || !want.err(got.Err) || got.Err == nil && !got.Definition.Equal(d) {
			t.Errorf("%d: %+v, %v", i, got, got.Err)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(example))
	f.Add([]byte("\xFF\xFE{"))
	f.Fuzz(func(t *testing.T, data []byte) {
		d, err := Parse(data)
		if err == nil {
			err = d.Validate()
			if err != nil {
				t.Errorf("parsed, but not valid: %v", err)
			}
			return
		}
		var invalid Invalid
		if !errors.As(err, &invalid) || len(invalid) == 0 {
			t.Errorf("error of the wrong kind: %v", err)
		}
	})
}

func TestFieldErrorsHaveAnOrder(t *testing.T) {
	d := Definition{
		Sender: "a@example.test", Servers: NewServers(Given{IMAP: {Host: "localhost", Port: 993, Security: SecurityTLS}}),
		OAuth: &OAuth{Provider: ProviderGoogle, Cloud: CloudGlobal, AccountType: AccountTenant, Tenant: "example.test", ClientID: "x"},
	}.Normalize()
	for range 30 {
		var invalid Invalid
		if !errors.As(d.Validate(), &invalid) || len(invalid) != 3 {
			t.Fatalf("%v", invalid)
		}
		if invalid[0].Field != "oauth.cloud" || invalid[1].Field != "oauth.account_type" || invalid[2].Field != "oauth.tenant" {
			t.Fatalf("in this order: %v", invalid)
		}
	}
}

func TestDomainOf(t *testing.T) {
	for address, want := range map[string]string{"a@b.test": "b.test", " a@b@c.test ": "c.test", "none": "", "@b.test": "", "a@": "", "": ""} {
		if got := DomainOf(address); got != want {
			t.Errorf("%q: %q", address, got)
		}
	}
}

// A name with umlauts is one, and there is a way to write it.
func TestNamesInTheirOwnScript(t *testing.T) {
	for path, value := range map[string]string{"sender": "helpdesk@bücher.test", "imap.host": "mail.bücher.test", "oauth.tenant": "bücher.test"} {
		_, err := Parse(set(t, path, value))
		if invalid, _ := errors.AsType[Invalid](err); len(invalid) == 0 || invalid[0].Field != path || invalid[0].Problem != "international" || invalid[0].Args["ascii"] != strings.Replace(value, "bücher", "xn--bcher-kva", 1) {
			t.Errorf("%s: %v", path, err)
		}
	}
	if _, err := Parse(set(t, "sender", "helpdesk@xn--bcher-kva.test")); err != nil {
		t.Error(err)
	}
	for name, want := range map[string]string{"MÜLLER.de": "xn--mller-kva.de", "例え.jp": "xn--r8jz45g.jp", "a.test": "a.test", "ü b.de": "ü b.de", "ü\r\nHost: x": "ü\r\nHost: x"} {
		if got := ASCII(name); got != want {
			t.Errorf("%q: %q", name, got)
		}
	}
	for _, value := range []string{"bücher@contoso.com", "“helpdesk@contoso.com”", "helpdesk"} {
		if invalid, _ := errors.AsType[Invalid](CheckAddress("sender", value)); len(invalid) != 1 || invalid[0].Problem != "address" {
			t.Errorf("%s: %v", value, invalid)
		}
	}
}

// Every field of a file is one of a definition's, and none is lost on the way.
func TestFieldsAreThoseOfTheFile(t *testing.T) {
	file := map[string]string{}
	for _, f := range []struct {
		prefix string
		of     map[string]reflect.Type
	}{{"", fieldsOf(shape())}, {"oauth.", fieldsOf(reflect.TypeFor[OAuth]())}, {"imap.", fieldsOf(reflect.TypeFor[Server]())}} {
		for name := range f.of {
			if path := f.prefix + name; name != "oauth" && !IsProtocol(name) {
				file[path] = "value of " + path
			}
		}
	}
	file["oauth.scopes"], file["imap.port"] = "one two", "993"
	d := Definition{OAuth: &OAuth{}}
	d.Fill(file)
	d.SetServer(IMAP, &Server{Host: file["imap.host"], Port: 993, Security: file["imap.security"]})
	if got := d.Fields(); !maps.Equal(got, file) {
		t.Errorf("%v", got)
	}
}

// Whatever a definition takes for an address is found in a text as a whole.
func TestAddressesAreFoundInTexts(t *testing.T) {
	for _, a := range []string{"helpdesk@contoso.com", "O'Brien+help@mail.contoso.co.uk", "a!#$%&*/=?^_{|}~-b.c@contoso.test", "helpdesk@xn--bcher-kva.test"} {
		if got := AddressesIn().FindString("550 <" + a + ">: no such user."); got != a || !IsAddress(a) {
			t.Errorf("%q: %q", a, got)
		}
	}
	if got := AddressesIn().FindAllString("büro@bücher.test schrieb an a@b.test, nicht an user@host", -1); !slices.Equal(got, []string{"büro@bücher.test", "a@b.test"}) {
		t.Errorf("%q", got)
	}
}

// A value of the wrong kind is told with the one it takes.
func TestTheKindOfAValue(t *testing.T) {
	for path, c := range map[string]struct {
		value any
		want  string
	}{"imap.port": {"993", "number"}, "name": {7, "string"}, "oauth.scopes": {"openid", "array"}, "imap": {"outlook.office365.com", "object"}} {
		_, err := Parse(set(t, path, c.value))
		var invalid Invalid
		if !errors.As(err, &invalid) || invalid[0].Problem != "type" || invalid[0].Args["type"] != c.want {
			t.Errorf("%s: %v, not %s", path, err, c.want)
		}
	}
}

// IDs may have the braces that PowerShell and the registry put around them.
func TestBracesAroundIDs(t *testing.T) {
	d := Definition{Sender: "a@example.test", OAuth: &OAuth{Tenant: "{00000000-0000-0000-0000-00000000000a}", ClientID: " {00000000-0000-0000-0000-00000000000b} "}}.Normalize()
	if o := d.OAuth; o.Tenant != "00000000-0000-0000-0000-00000000000a" || o.ClientID != "00000000-0000-0000-0000-00000000000b" {
		t.Errorf("%q, %q", o.Tenant, o.ClientID)
	}
}

// TestWhatIsPastedIntoTheWrongField is no part of the message about it.
func TestWhatIsPastedIntoTheWrongField(t *testing.T) {
	mail := "Hello,\nthe mailbox is helpdesk@contoso.com,\nsecret: Abc8Q~xYz0123456789abcdefghijklmnopqrst\n" + strings.Repeat("and so on ", 50)
	d := Definition{Sender: mail, OAuth: &OAuth{Provider: ProviderGoogle, ClientID: "GOCSPX-0123456789abcdefghijklmnop"}}.Normalize()
	var wrong Invalid
	if !errors.As(d.Validate(), &wrong) {
		t.Fatal("accepted")
	}
	texts := i18n.For(i18n.English)
	for field, want := range map[string]string{"sender": "not an e-mail address", "oauth.client_id": "client secret"} {
		fe, found := wrong.For(field)
		if told := fe.Message(texts); !found || !strings.Contains(told, want) || len(told) > 250 || strings.Contains(told, "Abc8Q") || strings.Contains(told, "GOCSPX-0") {
			t.Errorf("%s: %v, %q", field, found, told)
		}
	}
}

func TestAddressIn(t *testing.T) {
	for text, want := range map[string]string{
		" helpdesk@contoso.com ":                        "helpdesk@contoso.com",
		"Help Desk <helpdesk@contoso.com>;":             "helpdesk@contoso.com",
		"mailto:helpdesk@contoso.com":                   "helpdesk@contoso.com",
		"Mailbox: helpdesk@contoso.com\nTenant: 72f988": "helpdesk@contoso.com",
		"a@contoso.com; b@contoso.com":                  "a@contoso.com; b@contoso.com",
		"helpdesk":                                      "helpdesk",
		"":                                              "",
	} {
		if got := AddressIn(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// What is copied out of a portal is taken apart; an object's ID is neither.
func TestIDsIn(t *testing.T) {
	const app, dir, object = "1b4e28ba-2fa1-11d2-883f-0016d3cca427", "72f988bf-86f1-41af-91ab-2d7cd011db47", "e0b6b5a4-8c5f-4f0e-9d3b-1f2e3d4c5b6a"
	for _, c := range []struct{ text, tenant, client string }{
		{"https://portal.azure.com/#view/Microsoft_AAD_RegisteredApps/ApplicationMenuBlade/~/Overview/appId/" + app + "/isMSAApp~/false", "", app},
		{"https://portal.azure.com/#@contoso.onmicrosoft.com/blade/Microsoft_AAD_RegisteredApps/ApplicationMenuBlade/Overview/appId/" + app, "contoso.onmicrosoft.com", app},
		{"https://entra.microsoft.com/" + dir + "#view/Microsoft_AAD_IAM/ManagedAppMenuBlade/~/Overview/objectId/" + object + "/appId/" + app, dir, app},
		{"https://portal.azure.com/?feature.msaljs=true#view/Microsoft_AAD_RegisteredApps/Overview/appId/" + app, "", app},
		{"https://entra.microsoft.com/#view/Microsoft_AAD_IAM/TenantOverview.ReactView/tenantId/" + dir, dir, ""},
		{"https://login.microsoftonline.com/" + dir + "/oauth2/v2.0/token", dir, ""},
		{"https://login.microsoftonline.com/contoso.com/v2.0/.well-known/openid-configuration", "contoso.com", ""},
		{"https://login.microsoftonline.com/organizations/oauth2/v2.0/authorize?client_id=" + app + "&scope=openid", "", app},
		{"https://login.microsoftonline.com/common/v2.0", "", ""},
		{"https://sts.windows.net/" + dir + "/", dir, ""},
		{"Application (client) ID\n: " + app + "\nObject ID\n: " + object + "\nDirectory (tenant) ID\n: " + dir, dir, app},
		{"Anwendungs-ID (Client): " + app + " Objekt-ID: " + object + " Verzeichnis-ID (Mandant): " + dir, dir, app},
		{`{"appId": "` + app + `", "displayName": "Helpdesk", "tenant": "` + dir + `"}`, dir, app},
		{app, "", ""},
		{"contoso.com", "", ""},
		{"", "", ""},
		{"our tenant", "", ""},
	} {
		if tenant, client := IDsIn(c.text); tenant != c.tenant || client != c.client {
			t.Errorf("%s: %q, %q", c.text, tenant, client)
		}
	}
}
