//go:build otherprovider

package otherprovider

import (
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"testing"

	"golang.org/x/net/html"
)

// browser fills in and submits whatever form a page shows.
type browser struct {
	t      *testing.T
	client *http.Client
	fields map[string]string
}

func newBrowser(t *testing.T, fields map[string]string) *browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &browser{t: t, client: &http.Client{Jar: jar, Transport: &http.Transport{DisableKeepAlives: true}}, fields: fields}
}

// visit opens an address and goes on until a page has no form.
func (b *browser) visit(address string) {
	resp, err := b.client.Get(address)
	for range 10 {
		if err != nil {
			b.t.Logf("browser: %v", err)
			return
		}
		page, parseErr := html.Parse(resp.Body)
		_ = resp.Body.Close()
		if parseErr != nil {
			b.t.Logf("browser: %v", parseErr)
			return
		}
		form := find(page, "form")
		if form == nil {
			return
		}
		action, err2 := resp.Request.URL.Parse(attribute(form, "action"))
		if err2 != nil {
			b.t.Logf("browser: %v", err2)
			return
		}
		resp, err = b.client.PostForm(action.String(), b.fill(form))
	}
	b.t.Log("browser: forms without end")
}

// fill takes the form's own values and puts ours where a field is empty.
func (b *browser) fill(form *html.Node) url.Values {
	values := url.Values{}
	for n := range form.Descendants() {
		name := attribute(n, "name")
		if n.Type != html.ElementNode || n.Data != "input" || name == "" {
			continue
		}
		values.Set(name, attribute(n, "value"))
		if mine, ok := b.fields[name]; ok {
			values.Set(name, mine)
		}
	}
	return values
}

func find(n *html.Node, tag string) *html.Node {
	for c := range n.Descendants() {
		if c.Type == html.ElementNode && c.Data == tag {
			return c
		}
	}
	return nil
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}
