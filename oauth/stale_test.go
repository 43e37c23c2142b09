package oauth

import (
	"net"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"mailgrant/internal/redact"
)

// TestKeptConnectionGone: a connection that was kept and ends as the form for
// the tokens arrives, without an answer, costs one more connection and not the
// sign-in.
func TestKeptConnectionGone(t *testing.T) {
	noLeaks(t)
	f := newOffline()
	client := testClientFor(t)
	var posts atomic.Int32
	next := f.routes()
	f.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost && posts.Add(1) == 1 {
			c, _, err := http.NewResponseController(w).Hijack()
			if err != nil {
				t.Error(err)
				return
			}
			_ = c.(*net.TCPConn).Close()
			return
		}
		if r.Header.Values("Idempotency-Key") != nil {
			t.Error("a key was sent")
		}
		next.ServeHTTP(w, r)
	}))
	t.Cleanup(f.Close)
	d := f.custom() // asks for its addresses first, on the connection that is kept
	g, err := client.Refresh(t.Context(), d, Renewal{RefreshToken: redact.NewSecret("refresh-token-old")})
	if err != nil || g.AccessToken.Empty() {
		t.Errorf("%v", err)
	}
	if n := posts.Load(); n != 2 {
		t.Errorf("%d forms, not two", n)
	}
}
