package oauth

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
)

var strangerKey = sync.OnceValue(func() *rsa.PrivateKey {
	k, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return k
})

func jsonBase64(b []byte) string { return base64.URLEncoding.EncodeToString(b) }

func newServer(t *testing.T, h http.HandlerFunc) string {
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s.URL
}

func newRecorder() *httptest.ResponseRecorder { return httptest.NewRecorder() }

func quietLog() *log.Logger { return log.New(io.Discard, "", 0) }
