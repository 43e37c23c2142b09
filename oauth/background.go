package oauth

import (
	"context"
	"net/http"
	"sync"
)

// background is what a client's key sets fetch. Such a fetch is shared by all
// who wait for the keys and ends with none of their contexts (go-oidc,
// RemoteKeySet), so it ends with the client.
type background struct {
	once sync.Once
	over context.Context
	end  context.CancelFunc
	busy sync.RWMutex // held for reading by each request that is on its way
}

func (b *background) open() *background {
	b.once.Do(func() { b.over, b.end = context.WithCancel(context.Background()) })
	return b
}

// close ends what is on its way, and whatever would begin later.
func (b *background) close() {
	b.open().end()
	b.busy.Lock()
	defer b.busy.Unlock()
}

// through is a client whose requests end with b.
func (b *background) through(h *http.Client) *http.Client {
	own := *h
	if own.Transport == nil {
		own.Transport = http.DefaultTransport
	}
	own.Transport = inBackground{own.Transport, b.open()}
	return &own
}

type inBackground struct {
	next http.RoundTripper
	of   *background
}

func (t inBackground) RoundTrip(r *http.Request) (*http.Response, error) {
	t.of.busy.RLock()
	defer t.of.busy.RUnlock()
	if err := t.of.over.Err(); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(r.Context()) // ends with that at the latest
	context.AfterFunc(t.of.over, cancel)
	return t.next.RoundTrip(r.WithContext(ctx))
}

// Close ends what the client still fetches, and its idle connections: one that
// a late request left behind would stay open for as long as a sign-in may last.
func (c *Client) Close() {
	c.background.close()
	c.http().CloseIdleConnections()
}
