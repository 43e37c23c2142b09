package mailtest_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"io"
	"net"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"mailgrant/internal/i18n"
	"mailgrant/mailtest"
)

// turns separates what a fuzzed server says: each piece is its answer to one
// thing that the client sends. Behind the last one it hangs up.
const turns = "\x1e"

// fuzzWatch is far more than any answer can take; only a hang reaches it.
const fuzzWatch = 30 * time.Second

func FuzzIMAPStream(f *testing.F) {
	for _, seed := range []string{
		"* OK ready\r\n" + turns + "* CAPABILITY IMAP4rev1 SASL-IR AUTH=XOAUTH2\r\nT1 OK done\r\n" + turns + "T2 OK done\r\n" + turns + "* 3 EXISTS\r\nT3 OK [READ-ONLY] done\r\n" + turns + "* BYE\r\nT4 OK done\r\n",
		"* OK ready\r\n" + turns + "* CAPABILITY IMAP4rev1 AUTH=XOAUTH2\r\nT1 OK done\r\n" + turns + "+ \r\n" + turns + "+ eyJzdGF0dXMiOiI0MDAifQ==\r\n" + turns + "T2 NO [AUTHENTICATIONFAILED] {token} is wrong\r\n",
		"* OK ready\r\n" + turns + "* LIST (\\A) \"/\" {3}\r\nabc\r\n* 1 FETCH (FLAGS (\\Seen) BODY[] {99999999}\r\nT1 OK done\r\n",
		"* OK ready\r\n" + turns + "* CAPABILITY IMAP4rev1\r\n* OK [CAPABILITY IMAP4rev1] hi\r\nT9 OK done\r\n",
		"* OK [UNSEEN 1] \"\r\n" + turns + "* FLAGS ((((((((\r\n* SEARCH 1 2 3\r\n* ESEARCH (TAG \"x\")\r\n* NAMESPACE NIL NIL NIL\r\n* STATUS {1}\r\na (MESSAGES 1)\r\n",
		"* BYE no\r\n", "* PREAUTH hi\r\n", "\x00", "",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) { fuzzServer(t, mailtest.IMAP, data) })
}

func FuzzPOP3Stream(f *testing.F) {
	for _, seed := range []string{
		"+OK ready\r\n" + turns + "+OK\r\nSASL XOAUTH2\r\nUSER\r\n.\r\n" + turns + "+ \r\n" + turns + "+OK in\r\n" + turns + "+OK 3 1200\r\n" + turns + "+OK bye\r\n",
		"+OK ready\r\n" + turns + "-ERR what\r\n" + turns + "+ eyJ=\r\n" + turns + "-ERR {token}\r\n",
		"+OK\r\n" + turns + "+OK\r\n.\r\n" + turns + "+ x\r\n" + turns + "+ y\r\n" + turns + "+ z\r\n", "-ERR [SYS/TEMP] busy\r\n", "",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) { fuzzServer(t, mailtest.POP3, data) })
}

func FuzzSMTPStream(f *testing.F) {
	for _, seed := range []string{
		"220 ready\r\n" + turns + "250-hello\r\n250-SIZE\r\n250 AUTH XOAUTH2\r\n" + turns + "235 2.7.0 in\r\n" + turns + "250 2.1.0 ok\r\n" + turns + "250 ok\r\n" + turns + "221 bye\r\n",
		"220-a\r\n220 b\r\n" + turns + "250 AUTH XOAUTH2 PLAIN\r\n" + turns + "334 eyJzdGF0dXMiOiI0MDAifQ==\r\n" + turns + "535-5.7.3 {token}\r\n535 5.7.3 no\r\n",
		"220 a\r\n" + turns + "502 what\r\n" + turns + "250 ok\r\n", "421 4.3.2 closing\r\n", "554-\r\n", "",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) { fuzzServer(t, mailtest.SMTP, data) })
}

// fuzzServer lets a test run against a server that says data, and demands
// that it ends, that a failure has a cause and that the token shows nowhere.
// In a bubble of testing/synctest a silent server costs nothing, and whatever
// is left running fails the test.
func fuzzServer(t *testing.T, p mailtest.Protocol, data []byte) {
	watch := time.AfterFunc(fuzzWatch, func() { panic("the test does not end") })
	defer watch.Stop()
	var report *mailtest.Report
	synctest.Test(t, func(t *testing.T) {
		cfg := mailtest.Config{
			Mailbox: stageDefinition(alone(p, nil)), Credential: with(testToken, testUser),
			Dial: func(context.Context, netip.AddrPort) (net.Conn, error) { return newTalker(data), nil },
		}
		report = mailtest.NewReport(cfg.Mailbox, time.Now())
		for e := range mailtest.Run(t.Context(), cfg) {
			report.Add(e)
		}
	})
	for _, e := range report.Result(p).Steps {
		if e.State == mailtest.Failed && (e.Diagnosis == nil || e.Diagnosis.Cause == "") {
			t.Errorf("%s failed without a cause", e.Step)
		}
	}
	shown, err := json.Marshal(report.JSON(i18n.For(i18n.English)))
	if err != nil {
		t.Fatal(err)
	}
	for _, form := range []string{testToken, base64.StdEncoding.EncodeToString([]byte(testToken))} {
		if strings.Contains(string(shown), form) {
			t.Errorf("the report shows the token: %s", shown)
		}
	}
}

// talker is the client's end of a connection whose server says one piece at
// once and one more for each line that it is sent.
type talker struct {
	net.Conn // never used: nil
	mu       sync.Mutex
	said     sync.Cond
	ready    []byte
	rest     [][]byte
	told     bool // the client has sent its token
	closed   bool
}

func newTalker(data []byte) *talker {
	c := &talker{rest: bytes.Split(data, []byte(turns))}
	c.said.L = &c.mu
	c.next()
	return c
}

func (c *talker) next() {
	if len(c.rest) > 0 {
		if c.told { // only then can the server know it
			c.rest[0] = bytes.ReplaceAll(c.rest[0], []byte("{token}"), []byte(testToken))
		}
		c.ready, c.rest = append(c.ready, c.rest[0]...), c.rest[1:]
	} else {
		c.closed = true
	}
}

// Read waits for the next turn while one can still come.
func (c *talker) Read(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for len(c.ready) == 0 && len(c.rest) > 0 && !c.closed {
		c.said.Wait()
	}
	if len(c.ready) == 0 {
		return 0, io.EOF
	}
	n := copy(p, c.ready)
	c.ready = c.ready[n:]
	return n, nil
}

// Write takes a turn for each line.
func (c *talker) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return 0, io.ErrClosedPipe
	}
	for line := range bytes.Lines(p) {
		words := bytes.Fields(line)
		if len(words) > 0 {
			answer, err := base64.StdEncoding.DecodeString(string(words[len(words)-1]))
			c.told = c.told || err == nil && bytes.Contains(answer, []byte(testToken))
		}
		c.next()
	}
	c.said.Broadcast()
	return len(p), nil
}

// Close implements net.Conn.
func (c *talker) Close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closed = true
	c.said.Broadcast()
	return nil
}

func (c *talker) LocalAddr() net.Addr  { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 1} }
func (c *talker) RemoteAddr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 2} }
