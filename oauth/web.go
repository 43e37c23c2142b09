package oauth

import (
	"context"
	"crypto/subtle"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

const (
	// An answer holds a code of some kB; a posted form no more than that.
	maxHeader = 32 << 10
	maxForm   = 64 << 10

	headerLimit = 5 * time.Second  // for a request's header
	bodyLimit   = 10 * time.Second // for a request as a whole
	answerLimit = 3 * time.Minute  // for our answer, which waits for the verdict
)

// web is the loopback side of a sign-in: it sends the browser to the service,
// takes the one answer that carries the right state and shows the outcome.
// Everything else that reaches the port, which every user of the machine can
// do, changes nothing.
type web struct {
	state  string
	target string // the authorize address
	start  string // path of the short address
	hosts  []string

	answers chan answer   // receives one
	fetched chan struct{} // receives when the short address was fetched
	done    chan struct{} // closed once outcome is set
	shown   chan struct{} // closed once the outcome was sent to the browser

	taken    atomic.Bool
	outcome  page
	showOnce sync.Once

	server  *http.Server
	serving sync.WaitGroup
}

// newWeb prepares the handler; serve opens it.
func newWeb(a authRequest, port string) *web {
	return &web{
		state: a.state, target: a.url, start: "/start/" + random(16),
		hosts:   []string{"localhost:" + port, "127.0.0.1:" + port, "[::1]:" + port},
		answers: make(chan answer, 1), fetched: make(chan struct{}, 1),
		done: make(chan struct{}), shown: make(chan struct{}),
	}
}

// serve answers on the listeners until close.
func (w *web) serve(listeners []net.Listener, log *slog.Logger) {
	w.server = &http.Server{
		Handler: w, MaxHeaderBytes: maxHeader,
		ReadHeaderTimeout: headerLimit, ReadTimeout: bodyLimit, WriteTimeout: answerLimit,
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
	w.server.SetKeepAlivesEnabled(false)
	for _, l := range listeners {
		w.serving.Go(func() { _ = w.server.Serve(l) }) // ends with ErrServerClosed
	}
}

// close ends all connections and returns when nothing runs any more.
func (w *web) close() {
	ctx, cancel := context.WithTimeout(context.Background(), 200*time.Millisecond)
	defer cancel()
	if w.server.Shutdown(ctx) != nil {
		_ = w.server.Close()
	}
	w.serving.Wait()
}

func (w *web) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	harden(rw.Header())
	switch {
	case !w.ownHost(r.Host):
		// Another name that resolves to this machine (DNS rebinding).
		http.Error(rw, "", http.StatusMisdirectedRequest)
	case r.Method != http.MethodGet && r.Method != http.MethodPost:
		// HEAD too: link scanners must not look like a browser.
		rw.Header().Set("Allow", "GET, POST")
		http.Error(rw, "", http.StatusMethodNotAllowed)
	case r.Method == http.MethodGet && subtle.ConstantTimeCompare([]byte(r.URL.Path), []byte(w.start)) == 1:
		w.serveStart(rw, r)
	case r.Method == http.MethodGet && r.URL.Path == "/done" && !r.URL.Query().Has("state"):
		w.serveDone(rw, r)
	default:
		w.serveAnswer(rw, r)
	}
}

// harden sets what every answer carries: nothing here may be kept, framed,
// sniffed or referred from.
func harden(h http.Header) {
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Security-Policy", "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
}

func (w *web) ownHost(host string) bool {
	return slices.ContainsFunc(w.hosts, func(own string) bool { return strings.EqualFold(host, own) })
}

// serveStart sends the browser to the sign-in service.
func (w *web) serveStart(rw http.ResponseWriter, r *http.Request) {
	if w.taken.Load() {
		http.Error(rw, "", http.StatusGone)
		return
	}
	select {
	case w.fetched <- struct{}{}:
	default:
	}
	http.Redirect(rw, r, w.target, http.StatusFound)
}

// serveAnswer takes the answer, or refuses whatever else it is.
func (w *web) serveAnswer(rw http.ResponseWriter, r *http.Request) {
	a, ok := answerFrom(parameters(rw, r), w.state)
	if !ok {
		http.Error(rw, "", http.StatusNotFound)
		return
	}
	if w.take() {
		w.answers <- a
	}
	// Away from the address that holds the code. A second answer, from a
	// reload or a second window, ends at the same place.
	http.Redirect(rw, r, "/done", http.StatusSeeOther)
}

// parameters are those of the address, or of a form that can be read.
func parameters(rw http.ResponseWriter, r *http.Request) url.Values {
	if r.Method == http.MethodGet {
		return r.URL.Query()
	}
	r.Body = http.MaxBytesReader(rw, r.Body, maxForm)
	if r.ParseForm() != nil {
		return nil
	}
	return r.PostForm
}

func (w *web) take() bool { return w.taken.CompareAndSwap(false, true) }

// serveDone shows the outcome as soon as there is one.
func (w *web) serveDone(rw http.ResponseWriter, r *http.Request) {
	if !w.taken.Load() {
		http.Error(rw, "", http.StatusNotFound)
		return
	}
	select {
	case <-w.done:
	case <-r.Context().Done():
		return
	}
	w.outcome.write(rw)
	_ = http.NewResponseController(rw).Flush() // the browser may be gone
	w.showOnce.Do(func() { close(w.shown) })
}

// finish sets the outcome. It is called once.
func (w *web) finish(p page) {
	w.outcome = p
	close(w.done)
}

// pageLimit is how long the listener stays for a browser that has not yet
// followed the redirect to the outcome.
const pageLimit = 3 * time.Second

// waitShown returns once the browser has the outcome, or does not come.
func (w *web) waitShown(ctx context.Context, timer func(time.Duration) <-chan time.Time) {
	select {
	case <-w.shown:
	case <-timer(pageLimit):
	case <-ctx.Done():
	}
}
