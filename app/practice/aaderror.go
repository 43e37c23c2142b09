package practice

import (
	"crypto/rand"
	"embed"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"mailgrant/assets"
)

// aadError is an error as Microsoft Entra words it.
type aadError struct {
	code  int
	oauth string // the OAuth error, "invalid_grant"
	text  string
	sub   string // suberror, or ""
}

func (e *aadError) Error() string { return fmt.Sprintf("AADSTS%d: %s", e.code, e.text) }

// as is the same with the OAuth error that another address gives it.
func (e *aadError) as(oauth string) *aadError {
	e.oauth = oauth
	return e
}

// The errors by their code, a line each: code, OAuth error with the suberror after
// a slash, text. Codes and meanings: Microsoft, "Microsoft Entra authentication and
// authorization error codes".
//
//go:embed errors.txt
var errorsData embed.FS

var aadErrors = sync.OnceValue(func() map[int]aadError {
	all := map[int]aadError{}
	for line := range strings.Lines(assets.Text(errorsData, "errors.txt")) {
		number, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		kind, text, _ := strings.Cut(rest, " ")
		code, _ := strconv.Atoi(number)
		oauth, sub, _ := strings.Cut(kind, "/")
		all[code] = aadError{code, oauth, text, sub}
	}
	return all
})

// aad is the error of a code, filled in.
func aad(code int, args ...any) *aadError {
	e := aadErrors()[code]
	e.text = fmt.Sprintf(e.text, args...)
	return &e
}

// incident is one occurrence of an error, with what support asks for.
type incident struct {
	*aadError
	Trace, Correlation, Timestamp string
}

func (t *Tenant) incident(e *aadError) incident {
	return incident{e, guid(), guid(), t.now().UTC().Format("2006-01-02 15:04:05Z")}
}

// Description is the text Entra puts into error_description.
func (i incident) Description() string {
	return fmt.Sprintf("%s Trace ID: %s Correlation ID: %s Timestamp: %s", i.Error(), i.Trace, i.Correlation, i.Timestamp)
}

// api answers a program that asks at an address of a tenant.
func (t *Tenant) api(answer func(*http.Request, tenantPath) (any, *aadError)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var good any
		path, e := tenantOf(r.PathValue("tenant"))
		if e == nil {
			good, e = answer(r, path)
		}
		if e == nil {
			writeJSON(w, http.StatusOK, good)
			return
		}
		i, status := t.incident(e), http.StatusBadRequest
		body := map[string]any{
			"error": e.oauth, "error_description": i.Description(), "error_codes": []int{e.code},
			"timestamp": i.Timestamp, "trace_id": i.Trace, "correlation_id": i.Correlation,
			"error_uri": fmt.Sprintf("%s/error?code=%d", t.url, e.code),
		}
		if e.sub != "" {
			body["suberror"] = e.sub
		}
		if e.oauth == "invalid_client" {
			status = http.StatusUnauthorized
		}
		t.log.Info("practice: token refused", "error", e.Error())
		writeJSON(w, status, body)
	}
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // the client may have gone
}

// guid makes a random GUID (RFC 9562, version 4).
func guid() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails, crypto/rand
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// fraction is a time as it stands in Entra's texts about tokens.
func fraction(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.0000000Z") }
