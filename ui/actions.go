package ui

import (
	"mailgrant/internal/i18n"
	"mailgrant/ui/presenter"
)

// Actions is what the user can do in the window, named after what was done.
// The presenter does it; the view only tells it.
type Actions interface {
	// Of the list of mailboxes.
	Select(i int)
	NewMailbox()
	Create(sender string)
	Duplicate()
	Rename(name string) (wrong string)
	Delete()
	Undo()

	// Of the table of all mailboxes.
	ShowOverview()
	FilterOverview(words string)
	OnlyBroken()
	SortOverview(by presenter.Column)
	TestAll()
	ShowQueue()
	StartQueue()
	SkipTurn()

	// Of the left half.
	Edit(field presenter.Field, value string)
	Choose(field presenter.Field, value string)
	Leave(field presenter.Field)
	ChooseProvider(provider, cloud string)
	Discard()
	FindTenant()
	SetSecret(kind presenter.Secret, value string, failed func())
	RemoveSecret(kind presenter.Secret)
	SetCertificate(pem []byte)
	ShowMore(open bool)

	// Of the card Authorization and of a sign-in.
	Request()
	Renew()
	SharedBy() string
	Forget()
	Consent()
	OpenAgain()
	CopyLink()
	UseWay(way string)
	Paste(text string)

	// Of the card Mailbox test.
	Test()
	Watch()
	TryNow()
	RoundTrip()

	// Of the setup assistant and of the card for the product.
	ShowAssistant(open bool)
	Preflight()
	CopyScript(az bool)
	NewCertificate(file string, write func(public []byte) error)
	ChooseProduct(id string)
	SetProductHost(host string)
	CheckProduct()
	AskRenewal()
	SwitchRenewal(on bool)

	// That read or write a file which the user named.
	ImportFiles(files ...string)
	TakeOver()
	ExportAll(file string) (read func() ([]byte, error))
	Export() (name string, export func(file string) (read func() ([]byte, error)), ok bool)
	ReportName() string
	Report(file string, c presenter.ReportChoice) ([]byte, bool)
	FileFailed(err error)
	FileWritten(path string)

	// That several parts of the window offer.
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
