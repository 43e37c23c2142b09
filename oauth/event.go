package oauth

import (
	"time"

	"mailgrant/internal/diagnosis"
)

// Event is something that happened during a sign-in. It is one of the types
// below.
type Event interface{ event() }

// SignInStarted is the first event of a sign-in by browser; it comes before
// any browser is started.
type SignInStarted struct {
	URL          string // the short address to open; gone once the answer is taken
	AuthorizeURL string // where it leads
	RedirectURI  string
	Account      string    // to sign in as
	Expires      time.Time // end of the waiting
	Authority    string    // host of the sign-in service
	Foreign      bool      // it is none that Mailgrant knows: show Authority
	PasteOnly    bool      // the answer stays in the browser and has to be pasted
}

// DeviceCode asks the user to enter a code on another device.
type DeviceCode struct {
	UserCode        string
	VerificationURI string
	Expires         time.Time // end of the waiting
	Authority       string
	Foreign         bool
}

// BrowserStarted says that a browser was started; whether it came up is only
// known from BrowserFetched.
type BrowserStarted struct {
	Way     string // mailbox.SignInPrivateWindow or mailbox.SignInDefaultBrowser
	Browser string // its name, "" for the system's default
}

// BrowserFetched says that a browser has fetched the short address.
type BrowserFetched struct{}

// NextWay proposes another way to sign in. Nothing has been opened.
type NextWay struct {
	Way     string // one of mailbox.SignIn…
	Refused bool   // because the service refused the one before; else no browser came up
}

// PasteRefused says that a pasted text was neither the answer nor a known
// error; the sign-in goes on.
type PasteRefused struct{ Reason diagnosis.Diagnosis }

// AnswerTaken says that the answer has come and is being verified.
type AnswerTaken struct{}

// Tried says what was tried after a failure, in order to decide between causes.
type Tried struct {
	ID      diagnosis.Experiment
	Result  string // one of diagnosis.Outcomes[ID]; "" where it decides nothing
	Decides []diagnosis.Cause
	Took    time.Duration
}

func (SignInStarted) event()  {}
func (DeviceCode) event()     {}
func (BrowserStarted) event() {}
func (BrowserFetched) event() {}
func (NextWay) event()        {}
func (PasteRefused) event()   {}
func (AnswerTaken) event()    {}
func (Tried) event()          {}

func (r Request) emit(e Event) {
	if r.OnEvent != nil {
		r.OnEvent(e)
	}
}
