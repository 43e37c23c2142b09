package oauth

import (
	"net/url"
	"strings"
	"testing"

	"mailgrant/internal/diagnosis"
	"mailgrant/internal/mailbox"
)

func TestReadPasted(t *testing.T) {
	const state = "the-state-of-this-sign-in"
	const answerOf = "http://localhost:5000/?code=0.AXcode&state=" + state
	cases := []struct {
		name, text string
		want       string // answer, failure or refused
	}{
		{"address", answerOf, "answer"},
		{"with blanks around", " \r\n" + answerOf + "&session_state=1\n", "answer"},
		{"in angle brackets", "<" + answerOf + ">", "answer"},
		{"in quotes", `"` + answerOf + `"`, "answer"},
		{"broken into lines", answerOf[:40] + "\r\n" + answerOf[40:], "answer"},
		{"with &amp;", strings.ReplaceAll(answerOf, "&", "&amp;"), "answer"},
		{"query alone", "code=0.AXcode&state=" + state, "answer"},
		{"query with question mark", "?code=0.AXcode&state=" + state, "answer"},
		{"in a fragment", "http://localhost:5000/#code=0.AXcode&state=" + state, "answer"},
		{"nativeclient", "https://login.microsoftonline.com/common/oauth2/nativeclient?code=0.AXcode&state=" + state + "#", "answer"},
		{"within a sentence", "It shows " + answerOf + " and nothing else", "answer"},
		{"an error of ours", "http://localhost:5000/?error=access_denied&error_description=x&state=" + state, "answer"},
		{"another state", "http://localhost:5000/?code=0.AXcode&state=old", "refused"},
		{"another state with an error", "http://localhost:5000/?error=access_denied&state=old", "refused"},
		{"no state", "http://localhost:5000/?code=0.AXcode&session_state=1", "refused"},
		{"state twice", answerOf + "&state=" + state, "refused"},
		{"error page", "Sorry, but we're having trouble signing you in.\nAADSTS50011: The redirect URI 'http://localhost' specified in the request does not match.", "failure"},
		{"error address", "https://login.microsoftonline.com/common/oauth2/nativeclient?error=invalid_request&error_description=AADSTS50011%3A+x", "failure"},
		{"error without number", "http://localhost/?error=server_error", "failure"},
		{"something else", "hello", "refused"},
		{"nothing", "  ", "refused"},
		{"a cut percent sign", "http://localhost:5000/?code=%&state=old", "refused"},
		{"the sign-in page's own address", "https://login.microsoftonline.com/x/oauth2/v2.0/authorize?client_id=1&response_type=code&state=" + state, "refused"},
		{"long", "http://localhost/?x=" + strings.Repeat("a", 2*maxPasted), "refused"},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			d := newOffline().definition()
			p := readPasted(tc.text, d, state)
			got := "none"
			switch {
			case p.answer != nil:
				got = "answer"
				if p.answer.failure == "" && p.answer.code.Reveal() != "0.AXcode" {
					t.Errorf("code %q", p.answer.code.Reveal())
				}
			case p.failure != nil:
				got = "failure"
			case p.refused != nil:
				got = "refused"
				if strings.Contains(p.refused.ServerText, "0.AXcode") {
					t.Error("the refusal repeats the code")
				}
			}
			if got != tc.want {
				t.Errorf("%s, want %s", got, tc.want)
			}
		})
	}
}

func TestPastedAnswerCompletes(t *testing.T) {
	noLeaks(t)
	const native = "https://login.microsoftonline.com/common/oauth2/nativeclient"
	for _, redirect := range []string{mailbox.RedirectLocalhost, native} {
		t.Run(redirect, func(t *testing.T) {
			f := newFake(t)
			w := startWaiting(t, f, func(r *Request) { r.Mailbox.OAuth.Redirect = redirect })
			if w.started.PasteOnly != (redirect == native) {
				t.Errorf("%+v", w.started)
			}
			w.pasted <- "not an answer"
			w.pasted <- "http://localhost/?code=x&state=of-an-old-window"
			w.pasted <- w.started.RedirectURI + "/?" + url.Values{"code": {w.code()}, "state": {w.state}}.Encode()
			if err := <-w.result; err != nil {
				t.Fatal(err)
			}
			refused := eventsOf[PasteRefused](w.events)
			if len(refused) != 2 || refused[1].Reason.Cause != diagnosis.CauseAnswerNotOurs {
				t.Errorf("%+v", refused)
			}
			if len(eventsOf[AnswerTaken](w.events)) != 1 {
				t.Errorf("%+v", w.events.events)
			}
		})
	}
}

func TestPastedErrorEnds(t *testing.T) {
	noLeaks(t)
	w := startWaiting(t, newFake(t))
	w.pasted <- "AADSTS700016: Application with identifier '1' was not found in the directory 'Contoso'."
	err := <-w.result
	d, ok := err.(diagnosis.Diagnosis)
	if !ok || !strings.Contains(d.ServerText, "AADSTS700016") {
		t.Errorf("%#v", err)
	}
}

// A closed channel is a user who has no more to paste.
func TestPastedChannelCloses(t *testing.T) {
	w := startWaiting(t, newFake(t))
	close(w.pasted)
	w.stillWaits()
}

// The browser was faster: the pasted answer is dropped, not redeemed again.
func TestPastedAfterTheBrowser(t *testing.T) {
	at := authRequest{state: "s"}
	f := &flow{authRequest: at, web: newWeb(at, "1"), request: Request{Mailbox: newOffline().definition()}}
	f.request.OnEvent = func(e Event) { t.Errorf("event %+v", e) }
	if !f.web.take() {
		t.Fatal("not the first")
	}
	if _, err, over := f.paste("?code=c&state=s"); over || err != nil {
		t.Errorf("over %t, %v", over, err)
	}
}
