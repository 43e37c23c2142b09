package mailtest

import (
	"context"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"testing/iotest"

	"golang.org/x/crypto/x509roots/fallback/bundle"
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

// Codes that the IMAP library cannot read are taken out, everything else is
// left as it came.
func TestIMAPCodes(t *testing.T) {
	for in, want := range map[string]struct{ out, code string }{
		`T1 OK [Error="UserDisabled" AuthResult=27] AUTHENTICATE completed.`: {"T1 OK AUTHENTICATE completed.", `[Error="UserDisabled" AuthResult=27]`},
		`T1 NO [Error="Account [x] y" A=1] failed`:                           {"T1 NO y\" A=1] failed", `[Error="Account [x]`},
		`T1 OK [Error="UserDisabled" AuthResult=27]`:                         {"T1 OK done", `[Error="UserDisabled" AuthResult=27]`},
		`* OK [] empty`:     {"* OK empty", "[]"},
		`* OK [a"b] quoted`: {"* OK quoted", `[a"b]`},
		`T1 OK [CAPABILITY IMAP4rev1 SASL-IR] done`:         {`T1 OK [CAPABILITY IMAP4rev1 SASL-IR] done`, ""},
		`* OK [PERMANENTFLAGS (\*)] flags`:                  {`* OK [PERMANENTFLAGS (\*)] flags`, ""},
		`T1 NO [AUTHENTICATIONFAILED] no`:                   {`T1 NO [AUTHENTICATIONFAILED] no`, ""},
		`T1 OK done [not a code]`:                           {`T1 OK done [not a code]`, ""},
		`T1 OK [never closed`:                               {`T1 OK [never closed`, ""},
		`T1 OK ["never closed`:                              {`T1 OK ["never closed`, ""},
		`* OK Exchange ready. [RlIyUDI4MUNBMDA0Mi5ERVVQ==]`: {`* OK Exchange ready. [RlIyUDI4MUNBMDA0Mi5ERVVQ==]`, ""},
		`* 3 EXISTS`: {`* 3 EXISTS`, ""},
		`+ `:         {`+ `, ""},
		``:           {``, ""},
	} {
		q := &imapQuirks{}
		if got := strings.TrimRight(q.received(in+"\r\n"), "\r\n"); got != want.out {
			t.Errorf("%s\n became %q, want %q", in, got, want.out)
		}
		if got := strings.Join(q.codes, "|"); got != want.code {
			t.Errorf("%s\n left the code %q, want %q", in, got, want.code)
		}
	}
}

func FuzzIMAPCodes(f *testing.F) {
	f.Add(`T1 OK [Error="UserDisabled" AuthResult=27] AUTHENTICATE completed.`)
	f.Add("* BYE [x")
	f.Add("+ \r\n")
	f.Fuzz(func(t *testing.T, line string) {
		q := &imapQuirks{initial: true}
		out := q.received(line + "\n")
		if strings.Count(out, "\n") > strings.Count(line, "\n")+1 || !strings.HasSuffix(out, "\n") {
			t.Errorf("%q became %q: lines were added or lost", line, out)
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
	if string(w.received()) != "first\r\nsecond\nlast" {
		t.Errorf("first bytes %q", w.received())
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
			if len(w.received()) > maxFirst || len(w.log.take()) > maxTranscript {
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
		if err := w.send("*"); err != nil {
			t.Fatal(err)
		}
		if c.sent.String() != sent {
			t.Errorf("after %q %q was sent", reply, c.sent.String())
		}
		if sent != "" {
			continue
		}
		if n, err := w.Read(buf); err != nil || !strings.HasPrefix(string(buf[:n]), "501 ") {
			t.Errorf("the library reads %q, %v", buf[:n], err)
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

func TestPublicRoots(t *testing.T) {
	known := 0
	for r := range bundle.Roots() {
		c, err := x509.ParseCertificate(r.Certificate)
		if err != nil {
			t.Fatal(err)
		}
		if !publicRoot(c) {
			t.Errorf("%s is not known", c.Subject)
		}
		known++
	}
	if known < 100 {
		t.Errorf("only %d roots", known)
	}
	if publicRoot(&x509.Certificate{RawSubject: []byte("x")}) {
		t.Error("an unknown root is public")
	}
	for host, want := range map[string]bool{
		"outlook.office365.com": true, "OFFICE365.com": true, "imap.gmail.com": true,
		"mail.contoso.com": false, "notoffice365.com": false, "localhost": false,
	} {
		if publicHost(host) != want {
			t.Errorf("publicHost(%s) is not %v", host, want)
		}
	}
}
