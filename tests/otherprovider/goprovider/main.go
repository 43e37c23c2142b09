// Command goprovider is an OpenID provider on loopback that is not ours,
// written with zitadel's library: goprovider PORT. It says "ready" on standard
// output once it listens and ends with its standard input.
//
// It is a module of its own, so that nothing of it reaches Mailgrant's go.mod.
package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"

	"github.com/zitadel/oidc/v3/example/server/exampleop"
	"github.com/zitadel/oidc/v3/example/server/storage"
	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"
)

// The people who can sign in, all with this password.
const password = "any"

var people = []string{"helpdesk@contoso.test", "admin@contoso.test"}

// users is the store of the people; a name is its own subject.
type users struct{}

func (users) ExampleClientID() string { return "service" }

func (users) GetUserByUsername(name string) *storage.User { return users{}.GetUserByID(name) }

func (users) GetUserByID(id string) *storage.User {
	for _, p := range people {
		if p == id {
			return &storage.User{ID: p, Username: p, Password: password, Email: p, EmailVerified: true}
		}
	}
	return nil
}

// client puts the claims into the id_token and knows the scope of the mail
// servers.
type client struct{ op.Client }

func (client) IDTokenUserinfoClaimsAssertion() bool { return true }

func (client) IsScopeAllowed(scope string) bool { return scope == "mail" }

func (client) GrantTypes() []oidc.GrantType {
	return []oidc.GrantType{oidc.GrantTypeCode, oidc.GrantTypeRefreshToken, oidc.GrantTypeDeviceCode}
}

type store struct{ *storage.Storage }

func (s store) GetClientByClientID(ctx context.Context, id string) (op.Client, error) {
	c, err := s.Storage.GetClientByClientID(ctx, id)
	if err != nil {
		return nil, err
	}
	return client{c}, nil
}

func main() {
	issuer := "http://localhost:" + os.Args[1]
	storage.RegisterClients(storage.NativeClient("mailgrant", "http://localhost", "http://127.0.0.1"))
	provider := exampleop.SetupServer(issuer, store{storage.NewStorage(users{})}, slog.New(slog.NewTextHandler(os.Stderr, nil)), false)
	listener, err := net.Listen("tcp", "localhost:"+os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		os.Exit(0)
	}()
	fmt.Println("ready")
	fmt.Fprintln(os.Stderr, http.Serve(listener, provider))
	os.Exit(1)
}
