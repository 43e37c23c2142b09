package mailtest

import (
	"context"
	"sync"
	"time"

	"mailgrant/internal/diagnosis"
	"mailgrant/internal/mailbox"
)

// shared is one credential for all protocols of a run whose tokens are for the
// same resource: asked for by the first that needs it, once.
type shared struct {
	ctx      context.Context // of the run: no protocol's time limit ends the others' credential
	cancel   context.CancelFunc
	fetch    CredentialFunc
	resource string

	once sync.Once
	done chan struct{}
	cred Credential
	err  error
}

// purse holds the credentials of a run by resource, as
// mailbox.Definition.TokenFor names them.
type purse map[string]*shared

// newPurse has one for each resource of a definition.
func newPurse(ctx context.Context, d mailbox.Definition, fetch CredentialFunc) purse {
	p := purse{}
	for _, resource := range append(d.OtherResources(), "") {
		ctx, cancel := context.WithCancel(ctx)
		p[resource] = &shared{ctx: ctx, cancel: cancel, fetch: fetch, resource: resource, done: make(chan struct{})}
	}
	return p
}

// sent is how long a credential may still be on its way when nobody waits for it
// any more. A renewal that was sent has used up the refresh token: its answer,
// for which oauth waits three seconds then, is worth more than a prompt end.
const sent = 4 * time.Second

// end ends them all; see shared.end.
func (p purse) end() {
	for _, s := range p {
		s.cancel()
	}
	for _, s := range p {
		s.end()
	}
}

func (s *shared) get(ctx context.Context) (Credential, error) {
	s.once.Do(func() { go s.run() })
	select {
	case <-s.done:
		return s.cred, s.err
	case <-ctx.Done():
		return Credential{}, context.Cause(ctx)
	}
}

func (s *shared) run() {
	defer close(s.done)
	if s.fetch == nil {
		s.err = diagnosis.New(diagnosis.CauseAuthorizationMissing, diagnosis.PhaseToken, nil)
		return
	}
	s.cred, s.err = s.fetch(s.ctx, s.resource)
}

// end returns when nothing runs any more: nobody needs the credential now. A
// fetch that does not heed its context is left behind.
func (s *shared) end() {
	s.cancel()
	s.once.Do(func() { s.err = context.Canceled; close(s.done) }) // nobody has asked
	select {
	case <-s.done:
	case <-time.After(sent):
	}
}

func (s *shared) known() (Credential, bool) {
	select {
	case <-s.done:
		return s.cred, s.err == nil
	default:
		return Credential{}, false
	}
}
