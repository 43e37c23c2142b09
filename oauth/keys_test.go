package oauth

import (
	"strings"
	"testing"
)

// Keys of kinds that are not understood, a new one's beside the right one, are
// left alone.
func TestOddKeysAreLeftAlone(t *testing.T) {
	offline := newOffline()
	good, right := fuzzIDToken(offline), string(publicKeys(offline))
	for _, odd := range []string{
		`{"kty":"oct","kid":"k0","k":"AAAA"}`, `{"kty":"OKP","crv":"Ed448","x":"AA"}`, `{"kty":"AKP","alg":"ML-DSA-65","pub":"AA"}`, `{"kty":"RSA","n":"","e":""}`, `7`,
	} {
		set := strings.Replace(right, `"keys":[`, `"keys":[`+odd+",", 1)
		if _, err := verified(t, []byte(set), offline, good); err != nil {
			t.Errorf("beside %s: %v", odd, err)
		}
	}
}
