//go:build realservers

package realservers

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"

	"mailgrant/app/practice"
)

// introspection tells mail servers about the tenant's tokens (RFC 7662), which
// Microsoft's service does not, and knows those that were taken back.
type introspection struct {
	*httptest.Server
	mu   sync.Mutex
	gone string
}

func introspect(t *testing.T, tenant *practice.Tenant) *introspection {
	keys := oidc.NewRemoteKeySet(t.Context(), tenant.URL()+"/common/discovery/v2.0/keys")
	i := &introspection{}
	i.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		token := r.FormValue("token")
		i.mu.Lock()
		revoked := token == i.gone
		i.mu.Unlock()
		var claims struct {
			Audience string `json:"aud"`
			UPN      string `json:"upn"`
			Scope    string `json:"scp"`
			Expires  int64  `json:"exp"`
		}
		answer := map[string]any{"active": false}
		payload, err := keys.VerifySignature(r.Context(), token)
		if err == nil && json.Unmarshal(payload, &claims) == nil && !revoked && claims.Audience == "https://outlook.office.com" && time.Now().Unix() < claims.Expires {
			answer = map[string]any{"active": true, "username": claims.UPN, "scope": claims.Scope, "token_type": "Bearer", "exp": claims.Expires}
		}
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(answer)
	}))
	t.Cleanup(i.Close)
	return i
}

func (i *introspection) revoke(token string) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.gone = token
}
