package presenter

import (
	"slices"

	"mailgrant/app/authorization"
	"mailgrant/internal/diagnosis"
)

// State is everything the window shows. It is a value: the view compares
// nothing and decides nothing.
type State struct {
	Mailboxes []string       // names in the list
	Standing  []Line         // how the authorization of each stands
	Selected  int            // -1: none
	Name      string         // of the selected one, without a mark
	Overview  *OverviewState // nil: not shown
	Overviews bool           // there is one
	Queue     *QueueState    // nil: no mailboxes sign in one after another
	Takeover  *TakeoverState // nil: no files are being taken over
	Welcome   *Welcome       // asks for the sender of a new mailbox instead of the two halves
	Point     Field          // the field to go to now, because it is wrong; "" = stay
	Lost      bool           // what was open is gone, though the user did not close it: the cursor is not to go on in what is shown now
	Opened    bool           // another mailbox is open than was shown before
	SignedIn  bool           // the selected one has a newer authorization than was shown before
	Form      FormState
	Auth      AuthState
	Test      TestState
	Product   ProductState
	Assistant AssistantState
	Panels    Panels
	Practice  *PracticeState // nil: not in practice
	Notice    *Notice        // one line below the toolbar
	Language  Language
	Renewal   *Renewal // nil: there is no task scheduler
}

// Mark is a status that is shown as an icon; a word always stands beside it.
type Mark int

// The marks.
const (
	MarkNone Mark = iota
	MarkPending
	MarkRunning
	MarkGood
	MarkWarning
	MarkBad
	MarkSkipped
	MarkTried   // an experiment came to a result, whichever
	MarkOutside // somebody else's to do, outside Mailgrant
)

// Line is a status in words.
type Line struct {
	Mark Mark
	Text string
}

// Fact is a value with its name.
type Fact struct{ Name, Value string }

// Welcome asks for a sender address.
type Welcome struct {
	Error       string
	CanCancel   bool   // there are mailboxes to go back to
	Guide       string // page on what has to be prepared; "" in practice, where nothing has to be
	CanPractise bool   // it can all be tried without Microsoft first
}

// FormState is the left half.
type FormState struct {
	Form       Form
	Errors     map[Field]string
	Notes      map[Field]string // hints at a field that are no errors
	Checks     map[Field][]Line // what was found out about a field
	Draft      bool             // it is not saved yet, because something is missing or wrong
	CanDiscard bool             // the mailbox was saved before it was changed
	OAuth      bool             // the OAuth panel is active
	Microsoft  bool             // cloud, account type and tenant matter
	Custom     bool             // the issuer matters
	NeedTenant bool
	Certifies  bool                                // a certificate may be the client secret
	Searching  bool                                // the tenant or the provider is being looked up
	Secrets    map[authorization.SecretKind]bool   // which are stored
	Refused    map[authorization.SecretKind]string // why what was typed or chosen is not
	Credential string                              // which client secret or certificate is in use; "": none
	Ways       []string                            // to sign in that are allowed
	Way        string                              // that will be taken
}

// AuthState is the card Authorization.
type AuthState struct {
	Applies     bool // the mailbox uses OAuth
	Status      Line
	Hint        string // what to do next, where nothing is stored
	Permissions []Line
	Facts       []Fact
	Life        []Fact // all that is known of the authorization and its end
	Tried       []Line // experiments after a failed sign-in, in order
	Finding     *Finding
	Waiting     *Waiting
	Busy        string // what is going on, "" = nothing
	CanRequest  bool
	Primary     bool // requesting is the next thing to do
	CanRenew    bool
	CanForget   bool
	CanConsent  bool // an administrator may consent for the organization
}

// Waiting is a sign-in that waits for the user.
type Waiting struct {
	Account   string // to sign in as
	Consent   bool   // an administrator is to consent; Account is empty
	Left      string // time left, "" while the answer is checked
	Hint      string // what the browser does, "" while a way is proposed
	Service   Line   // the sign-in service, where it is none that Mailgrant knows
	Code      string // to be entered on another device
	CodeAt    string // where
	CanReopen bool   // a browser may be opened once more
	CanOpen   bool   // there is an address to open and copy
	Copied    string // that it was copied, "" = it was not
	Address   string // that address, to be read and selected; "" = none
	Way       string // proposed now, one of mailbox.SignIn…, "" = none
	WayReason string
	Ways      []string // others that can be chosen
	PasteOnly bool     // the answer has to be pasted
	PasteNote string   // what was wrong with the pasted text
	Checking  bool     // the answer is there
}

// TestState is the card Mailbox test.
type TestState struct {
	Hint      string // shown while there is no result
	Summary   Line
	Opened    Line // whose inbox, where it may be another than was meant
	Protocols []ProtocolState
	Findings  []Finding     // those that belong to no single protocol
	History   *HistoryState // nil: there is none
	Running   bool
	CanTest   bool
	CanCancel bool
	CanReport bool // there is a result to be saved
	CanWatch  bool // it may work later
	Watch     *WatchState

	CanRoundTrip bool   // a message may be sent to the mailbox itself
	From, To     string // its way, to be agreed to
	RoundTrip    *RoundTripState
	Primary      bool

	Next *NextStep // nil: something is left to do here
}

// NextStep is what comes when everything works.
type NextStep struct {
	Mark   Mark
	Text   string
	Action Action // none while something runs
}

// ProtocolState is one protocol of a test.
type ProtocolState struct {
	Mark    Mark
	Name    string
	Where   string // host:port
	Safety  string // TLS, STARTTLS or none
	Result  string // a word for the mark and the time it took
	Steps   []Line
	Tried   []Line // experiments after a failure, in order
	Note    string // why it failed, if that is told elsewhere
	Finding *Finding
	Actions []Action // where the finding that they belong to is told elsewhere
}

// Finding is a diagnosis in words.
type Finding struct {
	Mark        Mark
	Title       string
	Explanation string
	Fix         []string
	Links       []string
	Command     string
	Words       string // the server's own
	Pasted      bool   // they come from a text that the user gave to be explained
	Several     bool   // of that text others tell too: the words say which this one is about
	Actions     []Action

	Certainty string                  // how sure the cause is, in a sentence; "" if it is certain
	Check     string                  // how to tell it from the others
	Others    []diagnosis.Alternative // what else is possible
	Practice  string                  // how it is mended in practice

	note     string // stands at the status while the finding is shown
	renewing bool   // it is of a renewal: a later one that works refutes it
}

// offers tells whether the next thing to do is one of the finding's actions.
func (f *Finding) offers() bool {
	return f != nil && slices.ContainsFunc(f.Actions, func(a Action) bool { return a.Primary })
}

// Action is something that a finding offers to do.
type Action struct {
	ID      ActionID
	Text    string
	Primary bool
}

// ActionID names an action.
type ActionID string

// The actions.
const (
	ActionPrivateWindow ActionID = "private-window" // sign in again in a private window
	ActionUseAccount    ActionID = "use-account"    // the account that signed in is the mailbox: make it the user
	ActionUseShared     ActionID = "use-shared"     // the account that signed in has access to the mailbox: make it the user of a shared one
	ActionRequest       ActionID = "request"        // request a new authorization
	ActionAllowHost     ActionID = "allow-host "    // let the token go to the host whose name follows
	ActionAllowService  ActionID = "allow-service"  // sign in at this service
	ActionConsent       ActionID = "consent"        // let an administrator consent
	ActionCertificate   ActionID = "certificate"    // make one for the application; the view asks where to
	ActionTest          ActionID = "test"           // test the mailbox again
	ActionProduct       ActionID = "product"        // show the card of the server product; the view does it
	ActionCheckProduct  ActionID = "check-product"  // check whether the product can use the mailbox
	ActionProxySecret   ActionID = "proxy-password" // type in the proxy's password; the view does it
)

// PracticeState is the bar that says that nothing is real.
type PracticeState struct {
	Faults []Fault
	Real   bool // but for the mailbox that is open, which somebody imported or entered
}

// Fault is a switch of the practice tenant.
type Fault struct {
	ID, Text string
	On       bool
}

// Notice is one line that goes away by itself or with a click.
type Notice struct {
	Text  string
	Link  string // can be copied; "" = none
	Undo  bool   // offers to take back what it tells
	Bad   bool
	of    *entry // that Undo brings back
	wrong bool   // tells of fields that are wrong: it goes with the last of them
}
