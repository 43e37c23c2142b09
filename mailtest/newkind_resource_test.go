package mailtest_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"mailgrant/app/authorization"
	"mailgrant/app/practice"
	"mailgrant/internal/diagnosis"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/redact"
	"mailgrant/mailtest"
)

const (
	graph         = "https://graph.microsoft.com/"
	graphAudience = "00000003-0000-0000-c000-000000000000"
)

// sieveDesk is a mailbox whose Sieve server takes tokens for Graph.
type sieveDesk struct {
	*authorization.Manager
	t *testing.T
	d mailbox.Definition

	mu   sync.Mutex
	seen []string // tokens at the Sieve server
}

func newSieveDesk(t *testing.T, application bool, scope string) *sieveDesk {
	dir := t.TempDir()
	t.Setenv("MAILGRANT_KEY_FILE", filepath.Join(dir, "key"))
	t.Cleanup(mailtest.RegisterSieve())
	t.Cleanup(mailtest.SieveTakes(scope))
	s := &sieveDesk{
		Manager: authorization.New(filepath.Join(dir, "home"), i18n.For(i18n.English), slog.New(slog.DiscardHandler)),
		t:       t, d: startTenant(t).Definition(),
	}
	if application {
		s.d.OAuth.AccountType, s.d.OAuth.ClientID = mailbox.AccountApplication, practice.WebClientID
		if err := s.SetSecret(s.d, authorization.ClientSecret, redact.NewSecret(practice.WebClientSecret)); err != nil {
			t.Fatal(err)
		}
	}
	s.addSieve()
	return s
}

func (s *sieveDesk) addSieve() {
	s.d.SetServer(mailtest.Sieve, &mailbox.Server{Host: "localhost", Security: mailbox.SecurityNone, Port: sieveServer(s.t, "XOAUTH2", func(said string) bool {
		_, token, _ := strings.Cut(strings.TrimRight(said, "\x01"), "auth=Bearer ")
		s.mu.Lock()
		defer s.mu.Unlock()
		s.seen = append(s.seen, token)
		c := diagnosis.ClaimsOf(token)
		return c != nil && slices.Equal(c.Audience, []string{graphAudience}) && slices.Contains(slices.Concat(c.Scopes, c.Roles), "Mail.Read")
	})})
}

func (s *sieveDesk) signIn() {
	s.t.Helper()
	if _, err := s.Request(s.t.Context(), s.d, authorization.Options{Opener: practice.Browser(practice.Helpdesk.UPN)}); err != nil {
		s.t.Fatal(err)
	}
}

func (s *sieveDesk) test() *mailtest.Report {
	return test(s.t, mailtest.Config{Mailbox: s.d, Credential: s.Credential(s.d, nil), Experiments: s.Experiments(s.d, nil)})
}

// A protocol whose servers take tokens for another resource names its scopes,
// and gets tokens of its own from the same authorization.
func TestANewKindOfTestHasItsOwnToken(t *testing.T) {
	for name, application := range map[string]bool{"user": false, "application": true} {
		t.Run(name, func(t *testing.T) {
			s := newSieveDesk(t, application, graph+"Mail.Read")
			s.signIn()
			for range 2 {
				if r := s.test(); !r.OK() {
					t.Fatalf("%s; %+v", states(r, mailtest.Sieve), r.Diagnoses())
				}
			}
			if len(s.seen) != 2 || s.seen[0] != s.seen[1] {
				t.Errorf("%d tokens, which last and are not the same", len(s.seen))
			}
			r := s.test()
			if got := step(t, r, mailtest.Sieve, mailtest.StepAuthenticate).Facts[mailtest.FactResource]; got != graph {
				t.Errorf("the report says that the token is for %v", got)
			}
			if got, told := step(t, r, mailtest.IMAP, mailtest.StepAuthenticate).Facts[mailtest.FactResource]; told {
				t.Errorf("the report tells of %v for IMAP", got)
			}
			// Each renewal spends the refresh token that the one before it gave.
			for _, resource := range []string{graph, "", graph, graph, "", graph} {
				if _, err := s.Experiments(s.d, nil).Renew(t.Context(), resource); err != nil {
					t.Fatalf("renewal for %q: %v", resource, err)
				}
			}
			r = s.test()
			last := s.seen[len(s.seen)-1]
			if !r.OK() || last == s.seen[0] {
				t.Errorf("after renewals: %+v", r.Diagnoses())
			}
			written, err := json.Marshal(r.JSON(i18n.For(i18n.English)))
			if err != nil || strings.Contains(string(written)+fmt.Sprint(r.Diagnoses()), last) {
				t.Errorf("the report holds the token (%v)", err)
			}
		})
	}
}

// What the sign-in service refuses for one resource is told there, by its name,
// and ends nothing else.
func TestARefusedResourceHasACause(t *testing.T) {
	for name, c := range map[string]struct {
		application bool
		scope       string
		before      bool // the sign-in was before the mailbox had the server
		want        diagnosis.Cause
	}{
		"not agreed to":                  {false, graph + "Mail.Read", true, "consent-missing"},
		"not in the tenant, application": {true, "https://manage.contoso.test/Read", false, "resource-not-found-in-tenant"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSieveDesk(t, c.application, c.scope)
			whole := s.d
			if c.before {
				s.d.SetServer(mailtest.Sieve, nil)
			}
			s.signIn()
			s.d = whole
			r := s.test()
			e := step(t, r, mailtest.Sieve, mailtest.StepAuthenticate)
			if e.State != mailtest.Skipped || e.Diagnosis == nil || e.Diagnosis.Cause != c.want || e.Diagnosis.Phase != diagnosis.PhaseRefresh {
				t.Errorf("%s: %+v", e.State, e.Diagnosis)
			}
			for _, p := range []mailtest.Protocol{mailtest.IMAP, mailtest.POP3, mailtest.SMTP} {
				if res := r.Result(p); !res.OK() {
					t.Errorf("%s: %s", p, states(r, p))
				}
			}
			if status, err := s.Status(s.d); err != nil || status.State != authorization.StateValid || len(s.seen) > 0 {
				t.Errorf("%+v, %v, %d tokens", status, err, len(s.seen))
			}
			if _, err := s.RefreshUnlessSince(t.Context(), s.d, time.Now()); err != nil {
				t.Errorf("the mail servers' renewal: %v", err)
			}
		})
	}
}
