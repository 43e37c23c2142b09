// Package authorization keeps the grants of mailboxes: it signs in, seals
// what comes of it, renews it in time and hands out credentials.
//
// It joins oauth (which talks to the sign-in service) with the sealed store;
// the window and the command line both work through a Manager.
package authorization

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"mailgrant/app/history"
	"mailgrant/internal/diagnosis"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/redact"
	"mailgrant/internal/store"
	"mailgrant/oauth"
)

// early is how long before its end an access token is renewed. Exchange's
// High Volume Email refuses tokens that are about to expire (501 5.5.127).
const early = 10 * time.Minute

// lockLimit is how long one process waits for another that renews the same
// authorization; a renewal itself is bounded by the HTTP client's limits.
const lockLimit = 60 * time.Second

// Manager works on the authorizations below one home folder. It is safe for
// use by several goroutines and processes at once.
type Manager struct {
	Book    *mailbox.Book
	History *history.History
	texts   *i18n.Texts
	log     *slog.Logger
	now     func() time.Time
	grant   *store.Store
	keys    *store.Store

	// http makes the client for a definition; tests replace it.
	http func(mailbox.Definition, redact.Secret) (*http.Client, error)
}

// New returns the manager of a home folder. It makes nothing on disk yet.
func New(home string, texts *i18n.Texts, log *slog.Logger) *Manager {
	m := &Manager{
		Book: mailbox.NewBook(home), History: history.New(home),
		texts: texts, log: log, now: time.Now,
		grant: store.Open(filepath.Join(home, "authorizations")),
		keys:  store.Open(filepath.Join(home, "secrets")),
		http:  oauth.HTTPClient,
	}
	m.Book.Follow(m.MoveSecrets)
	return m
}

// client returns a client for one piece of work and the function that closes
// it.
func (m *Manager) client(d mailbox.Definition) (*oauth.Client, func(), error) {
	login, err := m.secret(d, ProxyPassword)
	if err != nil {
		return nil, nil, err
	}
	h, err := m.http(d, redact.NewSecret(login.Value))
	if err != nil {
		return nil, nil, err
	}
	client := &oauth.Client{HTTP: h, Texts: m.texts, Now: m.now, Log: m.log}
	return client, client.Close, nil
}

// load reads the record of a definition. Its error is a diagnosis.
func (m *Manager) load(d mailbox.Definition) (record, error) {
	r, err := m.find(d)
	return r, m.explain(d, err)
}

// find is load with the store's own errors.
func (m *Manager) find(d mailbox.Definition) (r record, err error) {
	data, err := m.grant.Load(oauth.Key(d))
	if err != nil {
		return record{}, err
	}
	if r, err = decodeRecord(data); err != nil {
		return record{}, store.ErrDamaged
	}
	return r, nil
}

func (m *Manager) save(d mailbox.Definition, r record) error {
	data, err := r.encode()
	if err != nil {
		return err
	}
	return m.explain(d, m.grant.Save(oauth.Key(d), data))
}

// explain turns the store's errors into diagnoses.
func (m *Manager) explain(d mailbox.Definition, err error) error {
	causes := []struct {
		is    error
		cause diagnosis.Cause
	}{
		{store.ErrNotFound, diagnosis.CauseAuthorizationMissing},
		{store.ErrDamaged, diagnosis.CauseStoreDamaged},
		{store.ErrKeyUnavailable, diagnosis.CauseStoreKeyUnavailable},
		{store.ErrLocked, diagnosis.CauseStoreLocked},
	}
	for _, c := range causes {
		if errors.Is(err, c.is) {
			args := i18n.Args{"mailbox": d.Address(), "user": d.User, "as": diagnosis.Evidence{}.Of(d).As}
			switch args["file"] = os.Getenv("MAILGRANT_KEY_FILE"); { // it alone is used, where it is set
			case errors.Is(err, store.ErrKeyFileOpen):
				args["key-file-open"] = "yes"
			case args["file"] != "" && errors.Is(err, store.ErrKeyUnavailable) && errors.Is(err, fs.ErrNotExist):
				args["key-file-missing"] = "yes"
			}
			diag := diagnosis.New(c.cause, diagnosis.PhaseToken, args)
			if c.is != store.ErrNotFound {
				diag.ServerText = err.Error()
			}
			return diag
		}
	}
	return err
}

// lock keeps other processes from renewing the same authorization. Who gives up
// waiting for one has been told nothing about it: that is the error of ctx.
func (m *Manager) lock(ctx context.Context, d mailbox.Definition) (func(), error) {
	waiting, cancel := context.WithTimeout(ctx, lockLimit)
	defer cancel()
	unlock, err := m.grant.Lock(waiting, oauth.Key(d))
	if err != nil && ctx.Err() != nil {
		return nil, ctx.Err()
	}
	return unlock, m.explain(d, err)
}

// Forget deletes the stored authorization of a definition and names the
// saved mailboxes that used it too.
func (m *Manager) Forget(ctx context.Context, d mailbox.Definition) (others []string, err error) {
	unlock, err := m.lock(ctx, d)
	if err != nil {
		return nil, err
	}
	defer unlock()
	if others, err = m.Sharing(d); err != nil {
		return nil, err
	}
	_, unread := m.find(d)
	if err = m.grant.Delete(oauth.Key(d)); err == nil && !errors.Is(unread, store.ErrNotFound) {
		m.log.Info("authorization: deleted", "mailbox", d.Name, "account", d.User)
	}
	return others, err
}

// Erase deletes all that is sealed of a mailbox: its secrets, and its
// authorization unless other mailboxes use that too; those it names.
func (m *Manager) Erase(ctx context.Context, d mailbox.Definition) (others []string, err error) {
	for _, kind := range SecretKinds {
		err = errors.Join(err, m.RemoveSecret(d, kind))
	}
	if err != nil || d.Authentication != mailbox.AuthOAuth2 {
		return nil, err
	}
	if others, err = m.Sharing(d); err == nil && len(others) == 0 {
		_, err = m.Forget(ctx, d)
	}
	return others, err
}

// Sealed reports whether anything is stored for a mailbox beside its definition.
func (m *Manager) Sealed(d mailbox.Definition) bool {
	if d.Authentication == mailbox.AuthOAuth2 {
		if _, err := m.find(d); !errors.Is(err, store.ErrNotFound) {
			return true
		}
	}
	return m.HasSecret(d, Password) || m.HasSecret(d, ClientSecret) || m.HasSecret(d, ProxyPassword)
}

// Sharing names the other saved mailboxes with the same authorization.
func (m *Manager) Sharing(d mailbox.Definition) (names []string, err error) {
	others, err := m.sharing(d)
	for _, other := range others {
		names = append(names, other.Name)
	}
	return names, err
}

func (m *Manager) sharing(d mailbox.Definition) (others []mailbox.Definition, err error) {
	all, err := m.Book.All()
	for _, other := range all {
		if other.Err == nil && other.Name != d.Name && other.Definition.Authentication == mailbox.AuthOAuth2 && oauth.Key(other.Definition) == oauth.Key(d) {
			others = append(others, other.Definition)
		}
	}
	return others, err
}
