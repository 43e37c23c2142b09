package oauth

import (
	"context"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"net/http"
	"sync"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/go-jose/go-jose/v4"
)

// errKeys: the keys that prove an identity token could not be had; it may be
// good.
var errKeys = errors.New("oauth: the keys of the sign-in service could not be read")

// keys are a service's, which are read when they are first needed and again for
// a token that none of them has signed (OpenID Connect Core 1.0, 10.1.1).
// go-oidc's own set reads them in nobody's context and, where that fails, says
// so in words alone.
type keys struct {
	sync.Mutex // held while they are read, so that who comes then finds them
	known      oidc.StaticKeySet
}

// readKeys asks the service for its keys. The caller holds their lock.
func (c *Client) readKeys(ctx context.Context, s *service) error {
	a, err := c.ask(ctx, s.Keys, nil)
	var set struct{ Keys []json.RawMessage }
	if err != nil || a.StatusCode != http.StatusOK || json.Unmarshal(a.body, &set) != nil {
		return errKeys
	}
	s.keys.known.PublicKeys = nil
	for _, one := range set.Keys {
		var key jose.JSONWebKey
		_ = json.Unmarshal(one, &key) // of a kind that is not known it holds none
		switch key.Key.(type) {       // others are left alone (RFC 7517, 5)
		case *rsa.PublicKey, *ecdsa.PublicKey, ed25519.PublicKey:
			s.keys.known.PublicKeys = append(s.keys.known.PublicKeys, key.Key)
		}
	}
	return nil
}

// signature verifies that of one token.
type signature struct {
	c      *Client
	s      *service
	unread error // why there were no keys for it: of an error go-oidc keeps only the words
}

// VerifySignature implements oidc.KeySet.
func (v *signature) VerifySignature(ctx context.Context, token string) ([]byte, error) {
	v.s.keys.Lock()
	defer v.s.keys.Unlock()
	payload, err := v.s.keys.known.VerifySignature(ctx, token)
	if err == nil {
		return payload, nil
	}
	if v.unread = v.c.readKeys(ctx, v.s); v.unread != nil {
		return nil, v.unread
	}
	return v.s.keys.known.VerifySignature(ctx, token)
}
