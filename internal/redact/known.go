package redact

import (
	"encoding/base64"
	"encoding/hex"
	"net/url"
	"slices"
	"sort"
	"strings"
	"sync"
)

const (
	// minKnown is the shortest secret that is looked for in texts, in bytes;
	// anything shorter would hide the reader's own words.
	minKnown = 4
	// maxKnown is how many secrets are remembered, the youngest ones, and
	// maxBytes how much they have together: some four hundred tokens.
	maxKnown = 2048
	maxBytes = 1 << 20
	// bigValue is longer than a secret has reason to be. Who sends such ones has
	// room for one or two, and pushes nobody else's secrets out.
	bigValue = maxBytes / 16
	// short is how much of a secret is looked for first, in bytes: each form of it
	// is soon made, and most are short enough for a processor to find in one step.
	short = 24
)

// ofRun are all secrets of this run: whatever became a Secret.
var ofRun Known

// Known is a set of secrets that are to be found in texts in each form in
// which a server might repeat them. It is safe for use by several goroutines.
type Known struct {
	mu     sync.RWMutex
	values []string // the youngest last
	size   int      // of all values, in bytes
	has    map[string]bool
	begins map[uint32][]string // the values of which a form begins like that
}

// Add adds secrets.
func (k *Known) Add(values ...string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.has == nil {
		k.has, k.begins = map[string]bool{}, map[uint32][]string{}
	}
	for _, v := range values {
		if len(v) < minKnown {
			continue
		}
		if k.has[v] { // in use again: the youngest
			k.forget(slices.Index(k.values, v))
		}
		k.values, k.has[v] = append(k.values, v), true
		k.size += len(v)
		for _, b := range beginnings(v) {
			k.begins[b] = append(k.begins[b], v)
		}
		for len(k.values) > maxKnown || k.size > maxBytes && len(k.values) > 1 {
			older := k.values[:len(k.values)-1]
			k.forget(max(0, slices.IndexFunc(older, func(v string) bool { return len(v) > bigValue })))
		}
	}
}

func (k *Known) forget(i int) {
	gone := k.values[i]
	k.size -= len(gone)
	delete(k.has, gone)
	for _, b := range beginnings(gone) {
		if k.begins[b] = slices.DeleteFunc(k.begins[b], func(v string) bool { return v == gone }); len(k.begins[b]) == 0 {
			delete(k.begins, b)
		}
	}
	k.values = slices.Delete(k.values, i, i+1)
}

// Mask masks the secrets in a text: raw, URL-encoded, in hexadecimal and in
// base64, also inside a longer base64 text. It leaves the rest as it is.
func (k *Known) Mask(s string) string {
	k.mu.RLock()
	var found []form
	has := func(f form) bool { return strings.Contains(s, f.text) }
	looked := map[string]bool{}
	for i := 0; i+4 <= len(s); i++ {
		for _, v := range k.begins[four(s[i:])] {
			if looked[v] {
				continue
			}
			looked[v] = true
			// Most texts are shorter than a token, and so is each form. Each begins as
			// that of the token's beginning does.
			if len(v) <= len(s) && slices.ContainsFunc(formsOf(v[:min(len(v), short)]), has) {
				found = append(found, slices.DeleteFunc(formsOf(v), func(f form) bool { return !has(f) })...)
			}
		}
	}
	k.mu.RUnlock()
	// The longest first: a secret may be part of another one.
	sort.SliceStable(found, func(i, j int) bool { return len(found[j].text) < len(found[i].text) })
	for _, f := range found {
		s = f.mask(s)
	}
	return s
}

// form is one way to write a secret. In base64 the characters at its ends may
// also hold bits of what surrounds it.
type form struct {
	text          string
	before, after bool // the neighbouring character holds bits of it
}

func formsOf(v string) []form {
	query, path := url.QueryEscape(v), url.PathEscape(v)
	plain := hex.EncodeToString([]byte(v))
	var forms []form
	for _, text := range []string{v, query, path, lowerEscapes(query), lowerEscapes(path), plain, strings.ToUpper(plain)} {
		forms = append(forms, form{text: text})
	}
	for offset := range 3 {
		forms = append(forms, inBase64(v, offset, base64.RawStdEncoding), inBase64(v, offset, base64.RawURLEncoding))
	}
	return slices.Compact(forms) // most secrets have nothing to escape
}

// inBase64 is what of a secret stands in a base64 text whatever surrounds it,
// where it begins offset bytes behind a group of three (RFC 4648, 4).
func inBase64(v string, offset int, in *base64.Encoding) form {
	text := in.EncodeToString(append(make([]byte, offset), v...))
	first := (8*offset + 5) / 6
	last := 8 * (offset + len(v)) / 6
	return form{text: text[first:last], before: offset > 0, after: last < len(text)}
}

// beginnings are the first four bytes of each form of v, none of which is shorter.
func beginnings(v string) []uint32 {
	var all []uint32
	for _, f := range formsOf(v[:min(len(v), short)]) {
		all = append(all, four(f.text))
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// four are the first four bytes as one number, which a map finds soonest.
func four(s string) uint32 {
	return uint32(s[0]) | uint32(s[1])<<8 | uint32(s[2])<<16 | uint32(s[3])<<24
}

// lowerEscapes writes the digits of percent escapes in lower case, as some
// services do.
func lowerEscapes(s string) string {
	parts := strings.Split(s, "%")
	for i, part := range parts[1:] {
		parts[i+1] = strings.ToLower(part[:2]) + part[2:]
	}
	return strings.Join(parts, "%")
}

func (f form) mask(s string) string {
	var out strings.Builder
	for {
		at := strings.Index(s, f.text)
		if at < 0 {
			out.WriteString(s)
			return out.String()
		}
		end := at + len(f.text)
		if f.before && at > 0 && inAlphabet(s[at-1]) {
			at--
		}
		if f.after && end < len(s) && inAlphabet(s[end]) {
			end++
		}
		for f.after && end < len(s) && s[end] == '=' {
			end++
		}
		out.WriteString(s[:at] + mask)
		s = s[end:]
	}
}

// inAlphabet tells the characters of both base64 alphabets.
func inAlphabet(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || strings.IndexByte("+/-_", c) >= 0
}
