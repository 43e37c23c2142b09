package cli

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	"mailgrant/app/practice"
	"mailgrant/internal/mailbox"
)

// TestTestListsItsExperiments: STARTTLS is set where the port speaks TLS; the
// report says what was tried, what it decides and what would be right.
func TestTestListsItsExperiments(t *testing.T) {
	_, file := tenant(t, func(d *mailbox.Definition) { d.Server(mailbox.IMAP).Security = mailbox.SecuritySTARTTLS })
	request(t, file, practice.Helpdesk.UPN).want(t, exitGood)
	result := run(t, "test", "--file", file, "--json").want(t, exitProblem).last(t)
	var spoken any
	for _, e := range at(result, "experiments").([]any) {
		if at(e, "id") == "speak-port" && at(e, "protocol") == "imap" {
			spoken = e
		}
	}
	if at(spoken, "result") != "tls" || at(spoken, "change", "security") != "tls" || at(spoken, "decides", 0) != "wrong-port-or-encryption" {
		t.Errorf("experiments: %v", at(result, "experiments"))
	}
	if found := diagnosesIn(result); !slices.Equal(found, []string{"wrong-port-or-encryption certain"}) {
		t.Errorf("%v", found)
	}
}

// TestRequestFindsThePortal: a portal answers in place of the sign-in service
// and redirects whatever is asked.
func TestRequestFindsThePortal(t *testing.T) {
	portal := httptest.NewServer(http.RedirectHandler("http://login.hotel.example/", http.StatusFound))
	t.Cleanup(portal.Close)
	_, file := tenant(t, func(d *mailbox.Definition) { d.OAuth.Authority = "https://" + portal.Listener.Addr().String() })
	events := run(t, "request", "--file", file, "--sign-in", "link", "--json").want(t, exitSignIn).lines(t)
	tried := events[0]
	if at(tried, "event") != "experiment" || at(tried, "id") != "proxy-and-portal" || at(tried, "result") != "portal" || at(tried, "decides", 0) != "sign-in-service-answer" {
		t.Errorf("tried %v", tried)
	}
	if found := diagnosesIn(events[len(events)-1]); !slices.Equal(found, []string{"sign-in-service-answer certain"}) {
		t.Errorf("%v", found)
	}
}
