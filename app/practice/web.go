package practice

import (
	"bytes"
	"cmp"
	"embed"
	"encoding/json"
	"io"
	"maps"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"mailgrant/assets"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/markup"
)

// The pages: pages.html has a section for each, by its name.
//
//go:embed pages.css pages.html
var pages embed.FS

// forms are the pages on which an account signs in.
var forms = []string{"sign-in", "consent", "device"}

func (t *Tenant) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", t.frontPage)
	mux.HandleFunc("GET /pages.css", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/css; charset=utf-8")
		_, _ = io.WriteString(w, assets.Text(pages, "pages.css"))
	})
	mux.HandleFunc("GET /control", t.showControl)
	mux.HandleFunc("POST /control", t.control)
	mux.HandleFunc("/devicelogin", t.deviceLogin)
	mux.HandleFunc("GET /getuserrealm.srf", t.userRealm)
	mux.HandleFunc("GET /{tenant}/v2.0/.well-known/openid-configuration", t.api(t.discovery))
	mux.HandleFunc("GET /{tenant}/discovery/v2.0/keys", t.api(t.keys))
	mux.HandleFunc("/{tenant}/oauth2/v2.0/authorize", t.authorize)
	mux.HandleFunc("POST /{tenant}/oauth2/v2.0/token", t.api(t.token))
	mux.HandleFunc("POST /{tenant}/oauth2/v2.0/devicecode", t.api(t.deviceCode))
	mux.HandleFunc("/{tenant}/v2.0/adminconsent", t.adminConsent)
	return http.NewCrossOriginProtection().Handler(onlyLoopback(mux))
}

// onlyLoopback refuses requests under another host name: a web page that has
// its name point to 127.0.0.1 must not reach the switches. It also bounds
// every body.
func onlyLoopback(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if host := (&url.URL{Host: r.Host}).Hostname(); !mailbox.IsLoopback(host) {
			http.Error(w, "not a name of this machine", http.StatusMisdirectedRequest)
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, 64<<10)
		next.ServeHTTP(w, r)
	})
}

// formValue is a field of the query or of a form. r.FormValue would also read
// forms of several parts, which OAuth does not know (RFC 6749, 4).
func formValue(r *http.Request, name string) string {
	_ = r.ParseForm() // what could not be read is not there
	return r.Form.Get(name)
}

// texts are those of the program's language, or the browser's.
func (t *Tenant) texts(r *http.Request) *i18n.Texts {
	return i18n.For(cmp.Or(t.opts.Language, i18n.Match(r.Header.Get("Accept-Language"))))
}

func (t *Tenant) render(w http.ResponseWriter, r *http.Request, status int, page string, v markup.Values) {
	nonce, texts := random(16), t.texts(r)
	all := markup.Values{page: page, "lang": string(texts.Language()), "nonce": nonce}
	if slices.Contains(forms, page) {
		all["form"] = page
	}
	maps.Copy(all, v)
	whole := markup.HTML(assets.Text(pages, "pages.html"), all, func(name string) string { return texts.Text("practice." + name) })
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "same-origin")
	// No form-action: browsers apply it to the redirect after the form, too.
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; script-src 'nonce-"+nonce+"'; frame-ancestors 'none'; base-uri 'none'")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, whole) // the browser may be gone
}

// errorPage is what Entra shows instead of answering the application.
func (t *Tenant) errorPage(w http.ResponseWriter, r *http.Request, e *aadError) {
	t.log.Info("practice: sign-in refused in the browser", "error", e.Error())
	i := t.incident(e)
	t.render(w, r, http.StatusBadRequest, "error", markup.Values{"error": i.Error(), "trace": i.Trace, "correlation": i.Correlation, "timestamp": i.Timestamp})
}

func (t *Tenant) frontPage(w http.ResponseWriter, r *http.Request) {
	d, texts := t.Definition(), t.texts(r)
	accounts := markup.Each(Accounts, func(a Account) markup.Values {
		shared := markup.Each(a.FullAccess, func(address string) markup.Values { return markup.Values{"mailbox": address} })
		return markup.Values{"upn": a.UPN, "password": a.Password, "address": a.Address, "full-access": shared, "admin": a.Admin}
	})
	faults := markup.Each(AllFaults, func(id string) markup.Values {
		return markup.Values{"id": id, "text": texts.Text("practice.fault." + id), "on": t.faulty(id)}
	})
	v := markup.Values{"accounts": accounts, "faults": faults, "client": d.OAuth.ClientID, "tenant": d.OAuth.Tenant, "authority": t.url, "application": WebClientID, "secret": WebClientSecret}
	for _, s := range d.Servers {
		v[string(s.Protocol)] = net.JoinHostPort(s.Host, strconv.Itoa(s.Port))
	}
	t.render(w, r, http.StatusOK, "front", v)
}

// faultsBody is the body of /control in both directions.
type faultsBody struct {
	Faults    []string `json:"faults"`
	Available []string `json:"available,omitempty"`
}

func (t *Tenant) showControl(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, http.StatusOK, faultsBody{Faults: t.Faults(), Available: AllFaults})
}

// control sets the faults, from a script (JSON, whatever the content type
// says: "curl -d" calls it a form) or from the front page, whose form has no
// other field.
func (t *Tenant) control(w http.ResponseWriter, r *http.Request) {
	raw, err := io.ReadAll(r.Body)
	var body faultsBody
	isJSON := len(raw) > 0 && !bytes.HasPrefix(raw, []byte("fault="))
	switch {
	case err != nil:
	case isJSON:
		dec := json.NewDecoder(bytes.NewReader(raw))
		dec.DisallowUnknownFields()
		err = dec.Decode(&body)
	default:
		var form url.Values
		form, err = url.ParseQuery(string(raw))
		body.Faults = form["fault"]
	}
	if err == nil {
		err = t.SetFaults(body.Faults)
	}
	switch {
	case err != nil:
		writeJSON(w, http.StatusBadRequest, map[string]string{"error": err.Error()})
	case isJSON:
		t.showControl(w, r)
	default:
		w.Header().Set("Location", "/")
		w.WriteHeader(http.StatusSeeOther)
	}
}
