package ui

import (
	"mailgrant/internal/i18n"
	"mailgrant/ui/presenter"
)

// Actions is what the user can do in the window, named after what was done.
// The presenter does it; the view only tells it.
type Actions interface {
	listActions
	overviewActions
	formActions
	authActions
	testActions
	setupActions
	fileActions
	generalActions
}

// listActions are those of the list of mailboxes.
type listActions interface {
	Select(i int)
	NewMailbox()
	Create(sender string)
	Duplicate()
	Rename(name string) (wrong string)
	Delete()
	Undo()
}

// overviewActions are those of the table of all mailboxes.
type overviewActions interface {
	ShowOverview()
	FilterOverview(words string)
	SortOverview(by presenter.Column)
	TestAll()
	ShowQueue()
	StartQueue()
	SkipTurn()
}

// formActions are those of the left half.
type formActions interface {
	Edit(field presenter.Field, value string)
	Choose(field presenter.Field, value string)
	Leave(field presenter.Field)
	ChooseProvider(provider, cloud string)
	FindTenant()
	SetSecret(kind presenter.Secret, value string) bool
	RemoveSecret(kind presenter.Secret)
	SetCertificate(pem []byte)
	ShowMore(open bool)
}

// authActions are those of the card Authorization and of a sign-in.
type authActions interface {
	Request()
	Renew()
	Forget()
	Consent()
	OpenAgain()
	CopyLink()
	UseWay(way string)
	Paste(text string)
}

// testActions are those of the card Mailbox test.
type testActions interface {
	Test()
	Watch()
	TryNow()
	RoundTrip()
}

// setupActions are those of the setup assistant and of the card for the
// product.
type setupActions interface {
	ShowAssistant(open bool)
	Preflight()
	CopyScript(az bool)
	NewCertificate(file string, write func(public []byte) error)
	ChooseProduct(id string)
	SetProductHost(host string)
	CheckProduct()
	AskRenewal()
	SwitchRenewal(on bool)
}

// fileActions are those that read or write a file which the user named.
type fileActions interface {
	ImportFiles(files ...string)
	TakeOver()
	ExportAll(file string) (read func() ([]byte, error))
	Export() (name string, data []byte, ok bool)
	ReportName() string
	Report(file string, c presenter.ReportChoice) ([]byte, bool)
	FileFailed(err error)
	FileWritten(name string)
}

// generalActions are those that several parts of the window offer.
type generalActions interface {
	Act(id presenter.ActionID)
	Cancel()
	CopyText(text string)
	OpenLink(link string)
	ShowAccounts()
	Explain(text string, tell func(presenter.Explanation))
	ExplainFile(path string, tell func(presenter.Explanation))
	Beside(work func() (then func()))
	SetFault(id string, on bool)
	Practise()
	ChooseLanguage(l i18n.Language)
	Dismiss()
}

// Bind lets the window's widgets tell somebody what the user does.
func (v *View) Bind(do Actions) { v.do = do }
