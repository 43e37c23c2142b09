//go:build hostile

package hostile

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
	"unicode/utf16"
)

// answerWay is a misbehaviour of a service at an endpoint, as HTTP has it.
type answerWay struct {
	name  string
	then  outcome
	waits bool
	do    func(x *reply)
}

const jsonType = "application/json"

// answerWays are those of every endpoint.
var answerWays = func() []answerWay {
	ways := []answerWay{
		// The connection.
		{"silence", breaks, true, func(x *reply) { x.raw(drain) }},
		{"hangs up", breaks, false, func(x *reply) { x.raw(func(net.Conn) {}) }},
		{"resets", breaks, false, func(x *reply) { x.raw(func(c net.Conn) { _ = c.(*net.TCPConn).SetLinger(0) }) }},
		{"drips a header", breaks, true, raw(dripping("HTTP/1.1 200 OK\r\nX: "))},
		{"drips the body", breaks, true, raw(dripping("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n"))},
		{"stops in the body", breaks, true, func(x *reply) {
			x.raw(func(c net.Conn) {
				fmt.Fprintf(c, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", len(x.right), x.right[:len(x.right)/2])
				drain(c)
			})
		}},
		{"hangs up in the body", breaks, false, func(x *reply) {
			x.raw(func(c net.Conn) {
				fmt.Fprintf(c, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", len(x.right), x.right[:len(x.right)/2])
			})
		}},
		{"answers late", harmless, false, func(x *reply) { time.Sleep(200 * time.Millisecond); x.json(200, x.right) }},
		{"answers byte by byte", harmless, false, func(x *reply) {
			x.raw(func(c net.Conn) {
				for _, b := range []byte(fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", len(x.right), x.right)) {
					_, _ = c.Write([]byte{b})
				}
			})
		}},

		// The protocol.
		{"another protocol", breaks, false, raw(text("* OK ready\r\n220 ready\r\n"))},
		{"a shell", breaks, false, raw(text("SSH-2.0-OpenSSH_9.6\r\n"))},
		{"a TLS alert", breaks, false, raw(text("\x15\x03\x01\x00\x02\x02\x46"))},
		{"garbage", breaks, false, raw(text("\x00\xff\xfe\x80garbage\x1b[2J\r\n\r\n"))},
		{"no headers", breaks, false, func(x *reply) { x.raw(func(c net.Conn) { _, _ = c.Write(x.right) }) }},
		{"HTTP/9.9", open, false, func(x *reply) { x.raw(func(c net.Conn) { fmt.Fprintf(c, "HTTP/9.9 200 OK\r\n\r\n%s", x.right) }) }},
		{"a status of four digits", breaks, false, raw(text("HTTP/1.1 2000 OK\r\n\r\n{}"))},
		{"switches the protocol", breaks, false, raw(text("HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n"))},
		{"hints for ever", breaks, false, raw(endless("HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n", "HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n"))},
		{"two lengths", breaks, false, raw(text("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}x"))},
		{"a negative length", breaks, false, raw(text("HTTP/1.1 200 OK\r\nContent-Length: -2\r\n\r\n{}"))},
		{"a length of 9 EB", breaks, true, func(x *reply) {
			x.raw(func(c net.Conn) {
				fmt.Fprintf(c, "HTTP/1.1 200 OK\r\nContent-Length: 9223372036854775807\r\n\r\n%s", x.right)
				drain(c)
			})
		}},
		{"a broken chunk", breaks, false, raw(text("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n"))},
		{"a chunk of 9 EB", breaks, true, raw(func(c net.Conn) {
			fmt.Fprint(c, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7fffffffffffffff\r\n{}")
			drain(c)
		})},

		// The size.
		{"a header of 1 MB", breaks, false, raw(text("HTTP/1.1 200 OK\r\nX: " + strings.Repeat("x", 1<<20) + "\r\n\r\n{}"))},
		{"endless headers", breaks, false, raw(endless("HTTP/1.1 200 OK\r\n", "X: xxxxxxxxxxxxxxxx\r\n"))},
		{"an endless body", breaks, false, raw(endless("HTTP/1.1 200 OK\r\n\r\n", strings.Repeat(" ", 4096)))},
		{"an endless text", breaks, false, raw(endless("HTTP/1.1 200 OK\r\n\r\n{\"issuer\":\"", strings.Repeat("x", 4096)))},
		{"8 MB in a member", breaks, false, func(x *reply) { x.json(200, []byte(`{"x":"`+strings.Repeat("x", 8<<20)+`",`+string(x.right[1:]))) }},
		{"a bomb", breaks, false, func(x *reply) { x.Header().Set("Content-Encoding", "gzip"); x.json(200, bomb()) }},
		{"a broken bomb", breaks, false, func(x *reply) { x.Header().Set("Content-Encoding", "gzip"); x.json(200, []byte("no gzip at all")) }},
		{"nested lists", breaks, false, func(x *reply) { x.json(200, []byte(strings.Repeat("[", 200<<10))) }},
		{"nested objects", breaks, false, func(x *reply) { x.json(200, []byte(strings.Repeat(`{"a":`, 100<<10))) }},
		{"nested in a member", open, false, func(x *reply) {
			x.json(200, []byte(`{"x":`+strings.Repeat("[", 5000)+strings.Repeat("]", 5000)+","+string(x.right[1:])))
		}},

		// The content.
		{"only members of one kind: numbers", breaks, false, retyped(42)},
		{"only members of one kind: null", breaks, false, retyped(nil)},
		{"only members of one kind: lists", breaks, false, retyped([]any{"x"})},
		{"only members of one kind: objects", breaks, false, retyped(map[string]any{"x": "y"})},
		{"only members of one kind: empty", breaks, false, retyped("")},
		{"members twice", open, false, func(x *reply) { x.json(200, []byte(string(x.right[:len(x.right)-1])+","+string(x.right[1:]))) }},
		{"half of it", breaks, false, func(x *reply) { x.json(200, x.right[:len(x.right)/2]) }},
		{"something behind it", open, false, func(x *reply) { x.json(200, append(x.right, "<!-- x -->"...)) }},
		{"a byte order mark", open, false, func(x *reply) { x.json(200, append([]byte("\ufeff"), x.right...)) }},
		{"UTF-16", breaks, false, func(x *reply) { x.json(200, utf16le(x.right)) }},
		{"called a page", open, false, func(x *reply) { x.as(200, "text/html; charset=utf-7", x.right) }},
		{"called a form", open, false, func(x *reply) { x.as(200, "application/x-www-form-urlencoded", x.right) }},
		{"called nothing", open, false, func(x *reply) { x.as(200, "\x01; ;;=", x.right) }},
		{"called a picture", open, false, func(x *reply) { x.as(200, "image/png", x.right) }},

		// Secrets and misleading characters.
		{"repeats what was sent", refused, false, func(x *reply) { x.refuse(400, "invalid_grant", repeatedForms(x.sent())) }},
		{"repeats what was sent, unasked", refused, false, func(x *reply) { x.as(500, "text/html", []byte(repeatedForms(x.sent()))) }},
		{"repeats what was sent in headers", refused, false, func(x *reply) {
			x.Header().Set("WWW-Authenticate", `Bearer error="`+url.QueryEscape(x.sent())+`"`)
			x.as(401, "text/plain", []byte(x.sent()))
		}},
		{"refuses and gives tokens", refused, false, func(x *reply) {
			x.json(400, []byte(`{"error":"invalid_grant","error_description":"no",`+string(x.right[1:])))
		}},
		{"misleads", refused, false, func(x *reply) {
			x.refuse(400, "\x1b]0;x\a\u202egnp\u2066", "AADSTS700016\u202e: \x1b[2J\u200b https://elsewhere.example/\x7f")
		}},
		{"refuses at length", refused, false, func(x *reply) { x.refuse(400, "invalid_grant", strings.Repeat("because ", 100<<10)) }},
		{"refuses with a good status", refused, false, func(x *reply) { x.refuse(200, "invalid_grant", "no") }},
		{"refuses in numbers", refused, false, func(x *reply) { x.json(400, []byte(`{"error":42,"error_description":[1],"error_codes":"x"}`)) }},
	}
	for _, status := range []int{301, 302, 303, 307, 308} {
		ways = append(ways, answerWay{fmt.Sprintf("leads elsewhere with %d", status), breaks, false, func(x *reply) {
			http.Redirect(x, x.r, x.s.elsewhere.URL+"/?"+x.r.Form.Encode(), status)
		}})
	}
	for _, to := range []string{"", "javascript:alert(1)", "file:///etc/passwd", "//elsewhere.example/", "\x01"} {
		ways = append(ways, answerWay{fmt.Sprintf("leads to %q", to), breaks, false, func(x *reply) {
			x.Header().Set("Location", to)
			x.WriteHeader(302)
		}})
	}
	ways = append(ways, answerWay{"leads to itself", breaks, false, func(x *reply) { http.Redirect(x, x.r, x.r.URL.String(), http.StatusTemporaryRedirect) }})
	for _, status := range []int{204, 206, 400, 401, 403, 404, 405, 407, 408, 413, 418, 429, 451, 500, 502, 503, 504, 511, 599, 999} {
		for kind, body := range map[string]string{"nothing": "", "a page": "<html><title>Blocked</title><p>by the firewall</p></html>", "an object": "{}"} {
			if status < 300 && kind != "nothing" {
				continue
			}
			ways = append(ways, answerWay{fmt.Sprintf("%d with %s", status, kind), refused, false, func(x *reply) {
				x.Header().Set("Retry-After", "999999999999")
				x.as(status, map[bool]string{true: "text/html", false: jsonType}[kind == "a page"], []byte(body))
			}})
		}
	}
	for _, body := range []string{"", " ", "null", "[]", "{}", `"x"`, "42", "true", "<html></html>", "\x00", "\xff\xfe", "{'a':1}", "access_token=x&token_type=bearer", `{"error":null}`} {
		ways = append(ways, answerWay{fmt.Sprintf("only %q", body), breaks, false, func(x *reply) { x.json(200, []byte(body)) }})
	}
	return ways
}()

func (x *reply) as(status int, kind string, body []byte) {
	x.Header()["Content-Type"] = []string{kind}
	x.WriteHeader(status)
	_, _ = x.Write(body)
}

func (x *reply) json(status int, body []byte) { x.as(status, jsonType, body) }

func (x *reply) refuse(status int, code, why string) {
	x.json(status, must(json.Marshal(map[string]any{"error": code, "error_description": why})))
}

func raw(write func(net.Conn)) func(*reply) { return func(x *reply) { x.raw(write) } }

func text(s string) func(net.Conn) { return func(c net.Conn) { _, _ = io.WriteString(c, s) } }

func drain(c net.Conn) { _, _ = io.Copy(io.Discard, c) }

func dripping(first string) func(net.Conn) {
	return func(c net.Conn) {
		for _, err := io.WriteString(c, first); err == nil; _, err = io.WriteString(c, "x") {
			time.Sleep(50 * time.Millisecond)
		}
	}
}

func endless(first, more string) func(net.Conn) {
	more = strings.Repeat(more, max(1, 8192/len(more)))
	return func(c net.Conn) {
		for _, err := io.WriteString(c, first); err == nil; {
			_, err = io.WriteString(c, more)
		}
	}
}

// retyped gives every member another value.
func retyped(v any) func(*reply) {
	return func(x *reply) {
		var right map[string]any
		_ = json.Unmarshal(x.right, &right)
		for name := range right {
			right[name] = v
		}
		x.json(200, must(json.Marshal(right)))
	}
}

// bomb is 64 MB in some 64 KB.
var bomb = sync.OnceValue(func() []byte {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	_, _ = io.WriteString(w, `{"issuer":"`)
	blank := make([]byte, 1<<20)
	for i := range blank {
		blank[i] = 'x'
	}
	for range 64 {
		_, _ = w.Write(blank)
	}
	_ = w.Close()
	return out.Bytes()
})

func utf16le(b []byte) []byte {
	out := []byte{0xff, 0xfe}
	for _, u := range utf16.Encode([]rune(string(b))) {
		out = append(out, byte(u), byte(u>>8))
	}
	return out
}

func repeatedForms(s string) string {
	b := []byte(s)
	return strings.Join([]string{s, url.QueryEscape(s), hex.EncodeToString(b), base64.StdEncoding.EncodeToString(b), base64.RawURLEncoding.EncodeToString(b)}, " you sent ")
}
