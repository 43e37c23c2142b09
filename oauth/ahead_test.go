package oauth

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"mailgrant/internal/mailbox"
)

// order notes what a client asks a service for.
type order struct {
	next  http.RoundTripper
	asked chan string
}

func (o order) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := o.next.RoundTrip(r)
	o.asked <- r.Method + " " + r.URL.Path
	return resp, err
}

// patient is a person who takes until everything else has been fetched.
type patient struct {
	*robot
	asked  chan string
	before *[]string
	wait   int
}

func (p patient) Open(ctx context.Context, way, start string) (string, error) {
	late := time.After(time.Minute)
	for len(*p.before) < p.wait {
		select {
		case a := <-p.asked:
			*p.before = append(*p.before, a)
		case <-late:
			return p.robot.Open(ctx, way, start)
		}
	}
	return p.robot.Open(ctx, way, start)
}

// TestFetchedAhead: between the person's answer and the result lies one
// request, that for the tokens.
func TestFetchedAhead(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*mailbox.Definition)
		before []string
	}{
		"organisation": {func(*mailbox.Definition) {}, []string{"GET /contoso.test/v2.0/.well-known/openid-configuration", "GET /keys"}},
		"personal":     {func(d *mailbox.Definition) { d.OAuth.AccountType, d.OAuth.Tenant = mailbox.AccountConsumers, "" }, []string{"GET /keys"}},
	} {
		t.Run(name, func(t *testing.T) {
			noLeaks(t)
			f := newFake(t)
			client := testClientFor(t)
			asked := make(chan string, 20)
			client.HTTP.Transport = order{client.HTTP.Transport, asked}
			d := f.definition()
			c.change(&d)
			before := []string{}
			if _, _, _, err := run(t, client, d, func(r *Request) {
				r.Opener = patient{r.Opener.(*robot), asked, &before, len(c.before) + 1}
			}); causeOf(err) != "" && c.before[0] != "GET /keys" {
				t.Fatal(err)
			}
			close(asked)
			after := []string{}
			for a := range asked {
				after = append(after, a)
			}
			for _, want := range c.before {
				if !slices.Contains(before, want) {
					t.Errorf("%s was not fetched ahead: %v", want, before)
				}
			}
			if len(after) != 1 || !strings.HasPrefix(after[0], "POST ") {
				t.Errorf("after the answer: %v", after)
			}
		})
	}
}

// without answers nothing at one path until the request is called off.
type without struct {
	next http.RoundTripper
	path string
	came chan struct{}
}

func (w *without) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Path != w.path {
		return w.next.RoundTrip(r)
	}
	close(w.came)
	<-r.Context().Done()
	return nil, r.Context().Err()
}

// TestSignInEndsTheFetchOfKeys: nothing is left behind, not even until the
// client is closed.
func TestSignInEndsTheFetchOfKeys(t *testing.T) {
	noLeaks(t)
	f := newFake(t)
	client := testClientFor(t)
	client.HTTP.Timeout = 0
	keys := &without{client.HTTP.Transport, "/keys", make(chan struct{})}
	client.HTTP.Transport = keys
	ctx, cancel := context.WithCancel(t.Context())
	_, err := client.SignIn(ctx, Request{Mailbox: f.definition(), SignIn: mailbox.SignInLink, OnEvent: func(e Event) {
		if _, is := e.(SignInStarted); is {
			cancel()
		}
	}})
	if causeOf(err) != "cancelled" {
		t.Errorf("called off: %v", err)
	}
	<-keys.came
}
