package presenter_test

import (
	"strings"
	"testing"

	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/provider"
	"mailgrant/ui/presenter"
)

// What is chosen has words in every language, and no code of a file is shown.
func TestEveryChoiceHasWords(t *testing.T) {
	choices := map[presenter.Field][]string{
		presenter.FieldAuthentication: {mailbox.AuthOAuth2, mailbox.AuthPassword},
		presenter.FieldAccountType:    {mailbox.AccountTenant, mailbox.AccountOrganizations, mailbox.AccountCommon, mailbox.AccountConsumers, mailbox.AccountApplication},
		presenter.FieldSignIn:         {mailbox.SignInPrivateWindow, mailbox.SignInDefaultBrowser, mailbox.SignInLink, mailbox.SignInDeviceCode},
		presenter.FieldPrompt:         {mailbox.PromptLogin, mailbox.PromptSelectAccount},
	}
	for _, p := range mailbox.Protocols() {
		choices[presenter.SecurityOf(p)] = []string{mailbox.SecurityTLS, mailbox.SecuritySTARTTLS, mailbox.SecurityNone}
	}
	for _, language := range i18n.Languages {
		texts := i18n.For(language)
		for field, values := range choices {
			for _, value := range values {
				if got := presenter.Words(texts, field, value); got == value && got != "none" { // English has this word
					t.Errorf("%s: %s = %s has no words", language, field, value)
				}
			}
		}
		for _, p := range provider.Offered() {
			if got := presenter.ProviderWords(texts, p.ID, p.Cloud); got == "" || got == p.ID || got == p.Cloud || strings.Contains(got, "⟨") {
				t.Errorf("%s: %s/%s is called %q", language, p.ID, p.Cloud, got)
			}
		}
	}
}

// What others have saved is told as the window shows it.
func TestANoteSaysWhatTheChoiceShows(t *testing.T) {
	a, b, _ := two(t, named("Jane"))
	b.Presenter.Edit(presenter.FieldSignIn, mailbox.SignInLink)
	b.Presenter.ChooseProvider(mailbox.ProviderMicrosoft, mailbox.CloudChina)
	all(b)
	a.Presenter.ChooseProvider(mailbox.ProviderMicrosoft, mailbox.CloudUSDoD)
	change(a, presenter.FieldSignIn, mailbox.SignInDeviceCode)
	for field, want := range map[presenter.Field]string{
		presenter.FieldSignIn:   "“Link to copy”",
		presenter.FieldProvider: "“Microsoft 365 operated by 21Vianet”",
	} {
		if note := a.Presenter.State().Form.Notes[field]; !strings.Contains(note, want) {
			t.Errorf("%s: %q; want %q in it", field, note, want)
		}
	}
}
