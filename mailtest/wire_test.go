package mailtest

import (
	"context"
	"errors"
	"io"
	"net"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
)

// canned is a connection whose server has said everything already.
type canned struct {
	net.Conn
	io.Reader
	sent strings.Builder
}

func (c *canned) Read(p []byte) (int, error)  { return c.Reader.Read(p) }
func (c *canned) Write(p []byte) (int, error) { return c.sent.Write(p) }

func wireOf(text string) (*wire, *canned) {
	c := &canned{Reader: iotest.OneByteReader(strings.NewReader(text))}
	return newWire(context.Background(), c, &transcript{}), c
}

// The library sees only lines that it certainly reads; what the server really
// said is kept.
func TestIMAPFilter(t *testing.T) {
	const done, refused = "T1 OK [CAPABILITY IMAP4rev1] done", false
	for in, want := range map[string]struct {
		out    string
		ok     bool
		answer string
	}{
		`T1 OK [Error="UserDisabled" AuthResult=27] AUTHENTICATE completed.`: {done, true, `OK [Error="UserDisabled" AuthResult=27] AUTHENTICATE completed.`},
		`T1 OK [CAPABILITY (x] hi`: {done, true, `OK [CAPABILITY (x] hi`},
		`T1 OK [never closed`:      {done, true, `OK [never closed`},
		`T1 OK`:                    {done, true, `OK`},
		`T1 ok lower case`:         {done, true, `ok lower case`},
		`T1 NO [AUTHENTICATIONFAILED] Bad (Failure)`: {"T1 NO done", true, `NO [AUTHENTICATIONFAILED] Bad (Failure)`},
		`T1 BAD`:                           {"T1 BAD done", true, `BAD`},
		`T1 NO [COPYUID`:                   {"T1 NO done", true, `NO [COPYUID`},
		`T1 OKAY`:                          {"", refused, ""},
		`* BYE [x`:                         {"* BYE bye", true, ""},
		`* OK [CAPABILITY (x] hi`:          {"", true, ""},
		`* OK [PERMANENTFLAGS (\*)] flags`: {"", true, ""},
		`* CAPABILITY (`:                   {"", true, ""},
		`* LIST (((((`:                     {"", true, ""},
		`* FLAGS (\Seen)`:                  {"", true, ""},
		`* 3 EXISTS`:                       {"* 3 EXISTS", true, ""},
		`* 99999999999 EXISTS`:             {"", true, ""},
		`* 1 FETCH (BODY[] {4294967295}`:   {"", refused, ""},
		`* LIST () "/" {5+}`:               {"", refused, ""},
		`+ `:                               {"+", true, ""},
		`+ c29tZXRoaW5n`:                   {"+ c29tZXRoaW5n", true, ""},
		``:                                 {"", refused, ""},
		`HTTP/1.1 400 Bad Request`:         {"", refused, ""},
		"\x16\x03\x01":                     {"", refused, ""},
	} {
		f := newIMAPFilter()
		f.sending("T1 EXAMINE INBOX")
		out, ok := f.received(in + "\r\n")
		if strings.TrimRight(out, "\r\n") != want.out || ok != want.ok || f.answers["EXAMINE"] != want.answer {
			t.Errorf("%s\n became %q, %t and left %q; want %+v", in, out, ok, f.answers, want)
		}
	}
}

// What is sent as a literal is no command, whatever it looks like, and what
// comes after it is one again.
func TestIMAPFilterKnowsWhatIsSentAsALiteral(t *testing.T) {
	f := newIMAPFilter()
	for _, line := range []string{"T1 LOGIN {9}", "T7 ABC {3 {13}", "T8 ABC", "T9 {5}", "T2 EXAMINE INBOX"} {
		f.sending(line)
	}
	if f.waiting != 2 || len(f.commands) != 2 || f.commands["T2"] != "EXAMINE" {
		t.Errorf("%d commands wait: %v", f.waiting, f.commands)
	}
}

// Literals are data, whatever they look like, and there may be several.
func TestIMAPLiterals(t *testing.T) {
	w, _ := wireOf("* 1 FETCH (BODY[] {9}\r\nR1 OK\r\n\r\n UID 7 X {3}\r\na\nb)\r\n" +
		"* LIST () {1}\r\n/ {0}\r\n\r\n* 3 EXISTS\r\n* 1 EXPUNGE\r\n")
	d := &imapDialog{surroundings: surroundings{wire: w}}
	for _, want := range []response{
		{"* 1 FETCH (BODY[]  UID 7 X )", []string{"R1 OK\r\n\r\n", "a\nb"}},
		{"* LIST ()  ", []string{"/", ""}},
		{"* 3 EXISTS", nil},
		{"* 1 EXPUNGE", nil},
	} {
		got, err := d.next()
		if err != nil || got.text != want.text || !slices.Equal(got.literals, want.literals) {
			t.Errorf("%q, %v, want %q", got, err, want)
		}
	}
	if d.messages != 2 {
		t.Errorf("%d messages", d.messages)
	}
}

// Names of folders are written in modified UTF-7.
func TestFolderNames(t *testing.T) {
	for written, want := range map[string]string{
		"~peter/mail/&U,BTFw-/&ZeVnLIqe-": "~peter/mail/台北/日本語", // RFC 3501, section 5.1.3
		"Gel&APY-schte Elemente":          "Gelöschte Elemente",
		"Tom &- Jerry":                    "Tom & Jerry",
		"&2Dzf5Q-":                        "🏥",
		"R&D":                             "R&D",
		"&AP-":                            "&AP-",
		"&A-":                             "&A-",
		"Gelöschte Elemente":              "Gelöschte Elemente",
	} {
		if got := folderName(written); got != want {
			t.Errorf("%s became %s, want %s", written, got, want)
		}
	}
}

// Where a server marks no folder, that of what was sent is known by its name.
func TestSentFolders(t *testing.T) {
	for written, want := range map[string]bool{
		"Sent Items": true, "INBOX.Sent": true, "Gesendete Elemente": true, "&AMk-l&AOk-ments envoy&AOk-s": true, "Itens Enviados": true,
		"Elementy wys&AUI-ane": true, "Odeslan&AOE- po&AWE-ta": true, "L&AOQ-hetetyt": true, "Sendt post": true,
		"INBOX": false, "Consent": false, "Gesendet am Montag": false, "Papierkorb": false,
	} {
		if got := (folder{name: folderName(written)}).sent(); got != want {
			t.Errorf("%s: %t", written, got)
		}
	}
}

// readable is all that may reach the library.
var readable = regexp.MustCompile(`^(?:\+[^\r\n]*|\* BYE bye|\* [0-9]{1,9} EXISTS|[A-Za-z0-9.]+ (?:OK \[CAPABILITY IMAP4rev1\]|NO|BAD) done)\r\n$`)

func FuzzIMAPFilter(f *testing.F) {
	for _, seed := range []string{
		`T1 OK [Error="UserDisabled" AuthResult=27] AUTHENTICATE completed.`, "* BYE [x", "+ \r\n", "* CAPABILITY (",
		"* OK [CAPABILITY (x] hi", "* 1 FETCH (BODY[] {4294967295}", "T1 NO \x00", "* 3 EXISTS",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, line string) {
		if strings.Contains(line, "\n") {
			return // the wire hands over one line at a time
		}
		filter := newIMAPFilter()
		filter.sending("T1 AUTHENTICATE XOAUTH2 " + line)
		out, ok := filter.received(line + "\n")
		if out != "" && !readable.MatchString(out) || out != "" && !ok {
			t.Errorf("%q became %q", line, out)
		}
	})
}

// A library gets whole lines, however small the pieces in which they come.
func TestWireReadsLines(t *testing.T) {
	w, _ := wireOf("first\r\nsecond\nlast")
	w.hand("greeting\r\n", nil)
	var got []string
	buf := make([]byte, 100)
	for {
		n, err := w.Read(buf)
		if err != nil {
			if !errors.Is(err, errCutLine) {
				t.Errorf("the end: %v", err)
			}
			break
		}
		got = append(got, string(buf[:n]))
	}
	if strings.Join(got, "|") != "greeting\r\n|first\r\n|second\n" {
		t.Errorf("got %q", got)
	}
	if _, err := w.Read(buf); !errors.Is(err, errCutLine) {
		t.Errorf("after the end: %v", err)
	}
	if string(w.first()) != "first\r\nsecond\nlast" {
		t.Errorf("first bytes %q", w.first())
	}
}

func TestWireLimits(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		want error
	}{
		"a line that fits":     {strings.Repeat("x", maxLine-2) + "\r\n", nil},
		"a line too long":      {strings.Repeat("x", maxLine) + "\r\n", errLineTooLong},
		"a line without end":   {strings.Repeat("x", maxLine+10), errLineTooLong},
		"much in small pieces": {strings.Repeat("* OK x\r\n", maxTotal/8+1000), errTooMuch},
	} {
		t.Run(name, func(t *testing.T) {
			c2 := &canned{Reader: strings.NewReader(c.text)}
			w := newWire(context.Background(), c2, &transcript{})
			var err error
			for err == nil {
				if _, err = w.readLine(); errors.Is(err, io.EOF) {
					err = nil
					break
				}
			}
			if !errors.Is(err, c.want) || (c.want == nil) != (err == nil) {
				t.Errorf("error %v, want %v", err, c.want)
			}
			if len(w.first()) > maxFirst || len(w.log.take()) > maxTranscript {
				t.Error("more was kept than is allowed")
			}
		})
	}
}

// The library's "*" after the verdict stays here; a real one is sent.
func TestSMTPStar(t *testing.T) {
	for reply, sent := range map[string]string{"535 no\r\n": "", "334 \r\n": "*\r\n"} {
		w, c := wireOf(reply)
		w.hand("", &smtpQuirks{})
		buf := make([]byte, 100)
		if _, err := w.Read(buf); err != nil {
			t.Fatal(err)
		}
		if err := w.send("*"); (err == nil) != (sent != "") {
			t.Errorf("after %q: %v", reply, err)
		}
		if err := w.send("QUIT"); err != nil || c.sent.String() != sent+"QUIT\r\n" {
			t.Errorf("after %q %q was sent, %v", reply, c.sent.String(), err)
		}
	}
}

func TestMaskCommand(t *testing.T) {
	for in, want := range map[string]string{
		"T1 CAPABILITY":                   "T1 CAPABILITY",
		"T2 AUTHENTICATE XOAUTH2 dXNlcj0": "T2 AUTHENTICATE XOAUTH2 [redacted]",
		"T2 AUTHENTICATE XOAUTH2":         "T2 AUTHENTICATE XOAUTH2",
		`T2 LOGIN "user" "pass"`:          "T2 LOGIN [redacted]",
		"AUTH PLAIN AHVzZXIAcGFzcw==":     "AUTH PLAIN [redacted]",
		"auth xoauth2 abc":                "auth xoauth2 [redacted]",
		"PASS secret":                     "PASS [redacted]",
		"USER helpdesk@contoso.com":       "USER helpdesk@contoso.com",
		"MAIL FROM:<a@b.c>":               "MAIL FROM:<a@b.c>",
		"QUIT":                            "QUIT",
		"cGFzc3dvcmQ=":                    "[redacted]",
		"anything else":                   "[redacted]",
		"":                                "[redacted]",
	} {
		if got := maskCommand(in); got != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
	}
}

// Names in a GS2 header are escaped: a name must not add a field of its own.
func TestOAuthBearerEscapes(t *testing.T) {
	x := newExchange(mechOAuthBearer, identity{user: "a,b=c", secret: "s", host: "h", port: 1})
	if got := string(x.answers[0]); !strings.HasPrefix(got, "n,a=a=2Cb=3Dc,\x01") {
		t.Errorf("%q", got)
	}
}

// 512 octets with the line break is the limit; one more goes in two steps.
func TestInitialResponseLimit(t *testing.T) {
	for length, want := range map[int]bool{370: true, 371: true, 372: true, 373: false, 2000: false} {
		x := newExchange(mechPlain, identity{user: "u", secret: strings.Repeat("s", length-3)}).withInitial(maxCommand)
		_, initial, err := x.Start()
		if err != nil || (initial != nil) != want {
			t.Errorf("%d bytes in one line: %v", length, initial != nil)
		}
	}
}

func TestPublicHosts(t *testing.T) {
	for host, want := range map[string]bool{
		"outlook.office365.com": true, "OFFICE365.com": true, "imap.gmail.com": true,
		"mail.contoso.com": false, "notoffice365.com": false, "localhost": false,
	} {
		if publicHost(host) != want {
			t.Errorf("publicHost(%s) is not %v", host, want)
		}
	}
}

// The library reads on after a line that is no reply; it must not get one.
func TestSMTPRepliesOnly(t *testing.T) {
	for text, good := range map[string]bool{
		"250-one\r\n250 two\r\n": true, "250\r\n": true, "334 \r\n": true,
		"SSH-2.0-OpenSSH_9.6\r\n": false, "250-one\r\n535 two\r\n": false, "25000 ok\r\n": false, "-25 ok\r\n": false,
	} {
		w, _ := wireOf(text)
		w.hand("", &smtpQuirks{})
		buf, err := make([]byte, 100), error(nil)
		for err == nil {
			_, err = w.Read(buf)
		}
		if errors.Is(err, errProtocol) == good {
			t.Errorf("%q: %v", text, err)
		}
	}
}
