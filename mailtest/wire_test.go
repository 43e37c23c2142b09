package mailtest

import (
	"context"
	"errors"
	"io"
	"net"
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

func imapOf(text string) *imapDialog {
	w, _ := wireOf(text)
	return &imapDialog{surroundings: surroundings{wire: w}}
}

// A line that nobody understands is passed over as long as it is of the
// protocol, and an answer keeps its words.
func TestIMAPAnswers(t *testing.T) {
	const nonsense = "nonsense"
	for in, want := range map[string]string{
		`T1 OK [Error="UserDisabled" AuthResult=27] AUTHENTICATE completed.`: `OK [Error="UserDisabled" AuthResult=27] AUTHENTICATE completed.`,
		`T1 OK [CAPABILITY (x] hi`: `OK [CAPABILITY (x] hi`,
		`T1 OK [never closed`:      `OK [never closed`,
		`T1 OK`:                    `OK`,
		`T1 ok lower case`:         `ok lower case`,
		`T1 NO [AUTHENTICATIONFAILED] Bad (Failure)`: `refused NO [AUTHENTICATIONFAILED] Bad (Failure)`,
		`T1 BAD`:                   `refused BAD`,
		`T1 NO [COPYUID`:           `refused NO [COPYUID`,
		`T1 OKAY`:                  nonsense,
		`T2 OK`:                    nonsense,
		`+`:                        `+`,
		`+ `:                       `+`,
		`+ c29tZXRoaW5n`:           `+ c29tZXRoaW5n`,
		`* BYE [x`:                 `refused BYE [x`,
		``:                         nonsense,
		`HTTP/1.1 400 Bad Request`: nonsense,
		"\x16\x03\x01":             nonsense,
		"* OK x\rT1 OK":            nonsense,
		"* OK \x00":                nonsense,
	} {
		_, done, err := imapOf(in + "\r\n").hear("T1")
		switch {
		case isRefusal(err):
			done = "refused " + words(err)
		case errors.Is(err, errProtocol):
			done = nonsense
		}
		if done != want {
			t.Errorf("%s\n is %q, want %q (%v)", in, done, want, err)
		}
	}
}

// Literals are data, whatever they look like.
func TestIMAPLiterals(t *testing.T) {
	d := imapOf("* 1 FETCH (BODY[] {9}\r\nT1 OK\r\n\r\n UID 7 X {3}\r\na\nb)\r\n* LIST (((((\r\n* 3 EXISTS\r\n* 1 EXPUNGE\r\n* 99999999999 EXISTS\r\nT1 OK done\r\n")
	untagged, done, err := d.hear("T1")
	if err != nil || done != "OK done" || len(untagged) != 5 {
		t.Fatalf("%q, %q, %v", untagged, done, err)
	}
	if got := untagged[0]; got.text != "* 1 FETCH (BODY[]  UID 7 X )" || !slices.Equal(got.literals, []string{"T1 OK\r\n\r\n", "a\nb"}) {
		t.Errorf("%q", got)
	}
	if d.messages != 2 {
		t.Errorf("%d messages", d.messages)
	}
}

// What has no place between quotes follows when the server asks for it.
func TestLOGINInPieces(t *testing.T) {
	for id, want := range map[identity]string{
		{user: "u", secret: `a"b\c`}: `LOGIN "u" "a\"b\\c"`,
		{user: "u", secret: "pä"}:    `LOGIN "u" {3}|pä`,
		{user: "ü", secret: "p"}:     `LOGIN {2}|ü "p"`,
		{user: "ü", secret: "ä"}:     `LOGIN {2}|ü {2}|ä`,
	} {
		if got := strings.Join(loginLines(id), "|"); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// Lines are whole, however small the pieces in which they come.
func TestWireReadsLines(t *testing.T) {
	w, _ := wireOf("first\r\nsecond\nlast")
	for _, want := range []string{"first", "second"} {
		if got, err := w.readLine(); got != want || err != nil {
			t.Errorf("got %q, %v", got, err)
		}
	}
	for range 2 {
		if _, err := w.readLine(); !errors.Is(err, errCutLine) {
			t.Errorf("the end: %v", err)
		}
	}
	if string(w.first) != "first\r\nsecond\nlast" {
		t.Errorf("first bytes %q", w.first)
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
			if len(w.first) > maxFirst || len(w.log.take()) > maxTranscript {
				t.Error("more was kept than is allowed")
			}
		})
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
		if got := strings.Contains(x.begin(), " "); got != want {
			t.Errorf("%d bytes in one line: %v", length, got)
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

func TestSMTPReplies(t *testing.T) {
	for text, want := range map[string]int{
		"250-one\r\n250 two\r\n": 250, "250\r\n": 250, "334 \r\n": 334,
		"SSH-2.0-OpenSSH_9.6\r\n": 0, "250-one\r\n535 two\r\n": 0, "25000 ok\r\n": 0, "-25 ok\r\n": 0,
	} {
		w, _ := wireOf(text)
		d := &smtpDialog{surroundings: surroundings{wire: w}}
		if code, _, err := d.reply(); code != want || errors.Is(err, errProtocol) != (want == 0) {
			t.Errorf("%q: %d, %v", text, code, err)
		}
	}
}
