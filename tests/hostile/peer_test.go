//go:build hostile

package hostile

import (
	"bufio"
	"crypto/tls"
	"io"
	"net"
	"strings"
	"sync"

	"mailgrant/internal/mailbox"
	"mailgrant/mailtest"
)

// peer is the server's end of one connection.
type peer struct {
	net.Conn // plain, later TLS
	raw      *net.TCPConn
	r        *bufio.Reader
	protocol mailtest.Protocol
	security string
	mode     mode
	secured  bool

	tag  string // IMAP's, of the command that is being answered
	now  string // the step that is being answered
	step string // the one at which it misbehaves; "": none
	way  way
	host *host

	letters  *letters // of the mailbox, which all its servers show
	signedIn bool
	told     bool // IMAP: the folder that is open shows the letter
	deleted  bool // POP3: at the end the letter goes
}

// line reads the next line of the client. One that carries a secret over an
// open connection which was to be encrypted is noted.
func (p *peer) line() (string, bool) {
	line, err := p.r.ReadString('\n')
	if p.waitsForTLS() && secretIn(line) != "" {
		p.host.leak("a secret crossed the network in the clear")
	}
	return strings.TrimRight(line, "\r\n"), err == nil
}

func (p *peer) say(text string) bool {
	_, err := io.WriteString(p.Conn, text)
	return err == nil
}

// answer gives the right answer, or does what the cell is about. It reports
// whether the dialog goes on.
func (p *peer) answer(step, right string) bool {
	p.now = step
	if step == p.step {
		return p.way.do(p, right)
	}
	return p.say(right)
}

// secure does the server's part of the handshake.
func (p *peer) secure() bool {
	if p.step == "handshake" {
		return p.way.do(p, "")
	}
	return p.secureWith(honest())
}

func (p *peer) secureWith(config *tls.Config) bool {
	secured := tls.Server(p.Conn, config)
	if secured.Handshake() != nil {
		return false
	}
	p.Conn, p.r, p.secured = secured, bufio.NewReader(secured), true
	return true
}

// listen waits for the client to leave.
func (p *peer) listen() bool {
	_, _ = io.Copy(io.Discard, p.r)
	return false
}

// host is one server with all its connections.
type host struct {
	listener net.Listener
	template peer
	wg       sync.WaitGroup

	mu    sync.Mutex
	conns []net.Conn
	leaks []string
}

func start(template peer) (*host, error) {
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	h := &host{listener: l, template: template}
	h.wg.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			h.mu.Lock()
			h.conns = append(h.conns, c)
			h.mu.Unlock()
			h.wg.Go(func() { h.serve(c.(*net.TCPConn)) })
		}
	})
	return h, nil
}

func (h *host) serve(c *net.TCPConn) {
	defer c.Close()
	p := h.template
	p.Conn, p.raw, p.r, p.host = c, c, bufio.NewReader(c), h
	if p.security == mailbox.SecurityTLS && !p.secure() {
		return
	}
	dialogs[p.protocol](&p)
}

func (h *host) port() int { return h.listener.Addr().(*net.TCPAddr).Port }

func (h *host) leak(what string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.leaks = append(h.leaks, what)
}

// stop ends everything that the server still does.
func (h *host) stop() []string {
	h.listener.Close()
	h.mu.Lock()
	for _, c := range h.conns {
		c.Close()
	}
	h.mu.Unlock()
	h.wg.Wait()
	return h.leaks
}
