package assistant

import (
	"context"
	"log/slog"
	"maps"
	"net"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"mailgrant/app/authorization"
	"mailgrant/app/history"
	"mailgrant/app/practice"
	"mailgrant/app/products"
	"mailgrant/internal/diagnosis"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/redact"
	"mailgrant/mailtest"
	"mailgrant/oauth"
	"mailgrant/tests/practicetest"
)

var english = i18n.For(i18n.English)

// rig is a practice tenant with a manager.
type rig struct {
	*authorization.Manager
	tenant *practice.Tenant
	d      mailbox.Definition
}

func newRig(t *testing.T, faults ...string) *rig {
	t.Helper()
	return newRigWith(t, practice.Options{Faults: faults})
}

func newRigWith(t *testing.T, o practice.Options) *rig {
	t.Helper()
	dir := t.TempDir()
	t.Setenv("MAILGRANT_KEY_FILE", filepath.Join(dir, "key"))
	tenant := practicetest.Start(t, o)
	return &rig{authorization.New(filepath.Join(dir, "home"), english, slog.New(slog.DiscardHandler)), tenant, tenant.Definition()}
}

// look is everything that can be found out now.
func (r *rig) look(t *testing.T) Facts {
	t.Helper()
	pre, err := RunPreflight(t.Context(), r.Manager, r.d)
	if err != nil {
		t.Fatal(err)
	}
	status, err := r.Status(r.d)
	if err != nil {
		t.Fatal(err)
	}
	f := Facts{Mailbox: r.d, Preflight: pre.Checks, Tenant: pre.Tenant, Status: &status}
	if status.State == authorization.StateValid {
		f.Tests = TestsOf(r.test(t))
	}
	return f
}

func (r *rig) test(t *testing.T) *mailtest.Report {
	report := mailtest.NewReport(r.d, time.Now())
	for e := range mailtest.Run(t.Context(), mailtest.Config{Mailbox: r.d, Credential: r.Credential(r.d, nil)}) {
		report.Add(e)
	}
	return report
}

func (r *rig) signIn(t *testing.T) {
	t.Helper()
	if _, err := r.Request(t.Context(), r.d, authorization.Options{Opener: practice.Browser(practice.Helpdesk.UPN)}); err != nil {
		t.Fatal(err)
	}
}

// states is "id:state" of every item in order.
func states(items []Item) string {
	var all []string
	for _, i := range items {
		all = append(all, i.ID+":"+string(i.State))
	}
	return strings.Join(all, " ")
}

func TestEveryItemTicksByProofAlone(t *testing.T) {
	r := newRig(t)
	if got, want := states(Checklist(Facts{Mailbox: r.d}, english)), "tenant:unknown registration:unknown permissions:unknown mail-apps:unknown test:unknown product:unknown"; got != want {
		t.Errorf("knowing nothing: %s; want %s", got, want)
	}
	for _, client := range []string{"", "abc-123"} {
		d := r.d.Clone()
		d.OAuth.ClientID = client
		if got := Checklist(Facts{Mailbox: d}, english)[1]; got.State != ToDo {
			t.Errorf("the application %q: %s", client, got.State)
		}
	}
	d := r.d.Clone()
	d.OAuth.Tenant = ""
	if got := Checklist(Facts{Mailbox: d}, english)[0]; got.State != ToDo || !strings.Contains(strings.Join(got.Path, ""), "“Tenant”") {
		t.Errorf("without a tenant: %+v", got)
	}
	d.OAuth.AccountType = mailbox.AccountOrganizations
	if got := Checklist(Facts{Mailbox: d}, english)[0]; got.State != Unknown || strings.Contains(strings.Join(got.Path, ""), "“Tenant”") {
		t.Errorf("without a field for it: %+v", got)
	}
	if got, want := states(Checklist(r.look(t), english)), "tenant:done registration:done permissions:unknown mail-apps:unknown test:to-do product:unknown"; got != want {
		t.Errorf("after the preflight: %s; want %s", got, want)
	}
	r.signIn(t)
	if got, want := states(Checklist(r.look(t), english)), "tenant:done registration:done permissions:done mail-apps:done test:done product:unknown"; got != want {
		t.Errorf("after sign-in and test: %s; want %s", got, want)
	}
	for fault, want := range map[string]string{
		practice.FaultPOP3Off:        "tenant:done registration:done permissions:done mail-apps:to-do test:to-do product:unknown",
		practice.FaultSMTPOffMailbox: "tenant:done registration:done permissions:done mail-apps:to-do test:to-do product:unknown",
		practice.FaultSMTPOffTenant:  "tenant:done registration:done permissions:done mail-apps:to-do test:to-do product:unknown",
	} {
		if err := r.tenant.SetFaults([]string{fault}); err != nil {
			t.Fatal(err)
		}
		items := Checklist(r.look(t), english)
		if got := states(items); got != want || items[3].Problem == nil || items[3].Command == "" {
			t.Errorf("%s: %s; want %s (%+v)", fault, got, want, items[3])
		}
	}
}

// What a test has proved is proved after a restart too, until the authorization
// is another one; a test of one protocol proves no other.
func TestKeptTestsProve(t *testing.T) {
	r := newRig(t)
	r.signIn(t)
	f := r.look(t)
	past := []history.Entry{history.Of(r.test(t))}
	f.Tests = TestsKept(r.d, past)
	items := Checklist(f, english)
	if got := states(items); !strings.HasSuffix(got, "mail-apps:done test:done product:unknown") || !strings.HasPrefix(items[4].Proof, "proved by the test of ") {
		t.Errorf("after a restart: %s, %q", got, items[4].Proof)
	}
	for p := range past[0].Results {
		if p != mailtest.IMAP {
			delete(past[0].Results, p)
		}
	}
	f.Tests = TestsKept(r.d, past)
	if got := states(Checklist(f, english)); !strings.HasSuffix(got, "mail-apps:unknown test:unknown product:unknown") {
		t.Errorf("IMAP alone: %s", got)
	}
	f = r.look(t)
	f.Status.Issued = f.Status.Issued.Add(time.Hour)
	if got := states(Checklist(f, english)); !strings.HasSuffix(got, "mail-apps:unknown test:unknown product:unknown") {
		t.Errorf("with another authorization: %s", got)
	}
}

func TestAMissingPermissionIsToDo(t *testing.T) {
	r := newRig(t, practice.FaultMissingScope)
	r.signIn(t)
	items := Checklist(r.look(t), english)
	if i := items[2]; i.ID != ItemPermissions || i.State != ToDo || !strings.Contains(i.Proof, "POP.AccessAsUser.All") {
		t.Errorf("%+v", i)
	}
}

func TestConsentTicksThePermissions(t *testing.T) {
	r := newRig(t)
	f := Facts{Mailbox: r.d, Consent: &oauth.ConsentResult{Granted: oauth.Scopes(r.d)}}
	if i := Checklist(f, english)[2]; i.State != Done {
		t.Errorf("%+v", i)
	}
	f.Consent.Granted = f.Consent.Granted[:1]
	if i := Checklist(f, english)[2]; i.State != Unknown {
		t.Errorf("half a consent: %+v", i)
	}
}

// Reading a shared mailbox is proved by the test, sending for it only by a
// message that came back.
func TestARoundTripProvesSendAs(t *testing.T) {
	r := newRig(t)
	r.signIn(t)
	r.d.SharedMailbox, r.d.Sender = practice.Info.Address, practice.Info.Address
	f := r.look(t)
	shared := func() Item {
		for _, i := range Checklist(f, english) {
			if i.ID == ItemShared {
				return i
			}
		}
		t.Fatal("no item")
		return Item{}
	}
	if i := shared(); i.State != Unknown || i.Proof == "" {
		t.Errorf("read only: %+v", i)
	}
	trip := mailtest.NewReport(r.d, time.Now())
	for e := range mailtest.RoundTrip(t.Context(), mailtest.Config{Mailbox: r.d, Credential: r.Credential(r.d, nil)}) {
		trip.Add(e)
	}
	maps.Copy(f.Tests, TestsOf(trip))
	if i := shared(); i.State != Done {
		t.Errorf("sent as well: %+v", i)
	}
}

func TestWrongValuesAreToDo(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*mailbox.OAuth)
		item   int
		field  string
	}{
		"tenant":       {func(o *mailbox.OAuth) { o.Tenant = "nowhere.test" }, 0, "oauth.tenant"},
		"application":  {func(o *mailbox.OAuth) { o.ClientID = "00000000-1111-2222-3333-444444444444" }, 1, "oauth.client_id"},
		"disabled":     {func(o *mailbox.OAuth) { o.ClientID = practice.DisabledClientID }, 1, "oauth.client_id"},
		"redirect":     {func(o *mailbox.OAuth) { o.Redirect = "http://localhost/elsewhere" }, 1, "oauth.redirect"},
		"account type": {func(o *mailbox.OAuth) { o.AccountType, o.Tenant = mailbox.AccountOrganizations, "" }, 1, "oauth.account_type"},
	} {
		r := newRig(t)
		c.change(r.d.OAuth)
		pre, err := RunPreflight(t.Context(), r.Manager, r.d)
		if err != nil {
			t.Fatal(err)
		}
		if i := Checklist(Facts{Mailbox: r.d, Preflight: pre.Checks}, english)[c.item]; i.State != ToDo || i.Problem == nil {
			t.Errorf("%s: %+v", name, i)
		}
		var found bool
		for _, f := range pre.Results(english) {
			found = found || f.Field == c.field && f.State == oauth.CheckFailed && f.Text != ""
		}
		if !found {
			t.Errorf("%s: nothing stands at %s", name, c.field)
		}
	}
}

func TestPortsAreFoundWithTheirFields(t *testing.T) {
	r := newRig(t)
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := closed.Addr().(*net.TCPAddr).Port
	_ = closed.Close()
	r.d.Server(mailbox.IMAP).Port = port
	r.d.Server(mailbox.POP3).Security = mailbox.SecuritySTARTTLS
	pre, err := RunPreflight(t.Context(), r.Manager, r.d)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, f := range pre.Results(english) {
		got[f.ID] = f.Field + " " + string(f.State)
	}
	if got["imap"] != "imap.port failed" || !strings.HasPrefix(got["pop3"], "pop3.security") || got["smtp"] != "smtp.host passed" {
		t.Errorf("%v", got)
	}
}

func TestApplicationWithoutAUser(t *testing.T) {
	r := newRig(t)
	r.d.OAuth.AccountType, r.d.OAuth.ClientID = mailbox.AccountApplication, practice.WebClientID
	items := Checklist(Facts{Mailbox: r.d}, english)
	if got, want := states(items), "tenant:unknown registration:unknown certificate:to-do application-permissions:unknown service-principal:unknown application-access:unknown mail-apps:unknown test:unknown product:unknown"; got != want {
		t.Errorf("%s; want %s", got, want)
	}
	if !strings.Contains(items[3].Values[0].Value, "IMAP.AccessAsApp") || !strings.HasPrefix(items[4].Command, "Connect-MgGraph -Environment Global -Scopes Application.Read.All\nNew-ServicePrincipal -AppId '"+practice.WebClientID+"'") ||
		strings.Contains(strings.Join(items[1].Path, ""), "below; Redirect") || strings.Contains(strings.Join(items[1].Path, ""), "Redirect URI") {
		t.Errorf("%+v\n%s", items[3], items[4].Command)
	}
}

// An application's steps tick by its secret, its token and the test, and none
// of them without.
func TestAnApplicationsItemsTickByProofAlone(t *testing.T) {
	const begin = "tenant:done registration:done "
	for name, c := range map[string]struct {
		secret string
		barred bool
		want   string
	}{
		"wrong secret": {"wrong", false, begin + "certificate:to-do application-permissions:unknown service-principal:unknown application-access:unknown mail-apps:unknown test:to-do product:unknown"},
		"no right":     {practice.WebClientSecret, true, begin + "certificate:done application-permissions:done service-principal:done application-access:to-do "},
		"all is well":  {practice.WebClientSecret, false, begin + "certificate:done application-permissions:done service-principal:done application-access:done mail-apps:done test:done product:unknown"},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRigWith(t, practice.Options{AppBarred: c.barred})
			r.d.OAuth.AccountType, r.d.OAuth.ClientID = mailbox.AccountApplication, practice.WebClientID
			if err := r.SetSecret(r.d, authorization.ClientSecret, redact.NewSecret(c.secret)); err != nil {
				t.Fatal(err)
			}
			_, _ = r.Request(t.Context(), r.d, authorization.Options{}) // with the wrong secret there is none
			f := r.look(t)
			f.Secret = true
			if got := states(Checklist(f, english)); !strings.HasPrefix(got, c.want) {
				t.Errorf("%s\nwant %s", got, c.want)
			}
		})
	}
}

func TestTheProductChangesTheRegistration(t *testing.T) {
	r := newRig(t)
	profile, _ := products.Get("freescout")
	card := profile.For(r.d, "desk.contoso.test", english)
	items := Checklist(Facts{Mailbox: r.d, Product: &card}, english)
	text := ""
	for _, v := range items[1].Values {
		text += v.Name + "=" + v.Value + "\n"
	}
	for _, want := range []string{"Multitenant", "https://desk.contoso.test/mailbox/oauth", "Web"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s in\n%s", want, text)
		}
	}
	if last := items[len(items)-1]; last.ID != ItemProduct || !strings.Contains(last.Title, "FreeScout") {
		t.Errorf("%+v", last)
	}
}

// elsewhere are mailboxes that are not those of an organization at Microsoft.
func elsewhere() map[string]mailbox.Definition {
	all := map[string]mailbox.Definition{}
	for name, o := range map[string]mailbox.OAuth{
		"personal": {Provider: mailbox.ProviderMicrosoft, AccountType: mailbox.AccountConsumers},
		"google":   {Provider: mailbox.ProviderGoogle},
		"other":    {Provider: mailbox.ProviderCustom, Issuer: "https://id.shop.test"},
	} {
		d := mailbox.Definition{Name: "a", Sender: "desk@shop.test", OAuth: &o, Servers: o.Presets()}
		all[name] = d.Normalize()
	}
	return all
}

// Personal accounts and other providers have no tenant, no administrator and no
// Exchange Online: their steps are their own, and there is no script.
func TestStepsOfOtherProviders(t *testing.T) {
	for name, want := range map[string]struct{ items, says string }{
		"personal": {"registration:to-do permissions:unknown mail-apps:unknown test:unknown product:unknown", "Forwarding and IMAP"},
		"google":   {"registration:to-do permissions:unknown mail-apps:unknown test:unknown product:unknown", "Desktop app"},
		"other":    {"registration:to-do permissions:unknown test:unknown product:unknown", "http://localhost"},
	} {
		d := elsewhere()[name]
		items := Checklist(Facts{Mailbox: d}, english)
		if got := states(items); got != want.items {
			t.Errorf("%s: %s; want %s", name, got, want.items)
		}
		var text strings.Builder
		for _, i := range items {
			text.WriteString(strings.Join(append(i.Path, i.Why, i.Command), "\n"))
		}
		if !strings.Contains(text.String(), want.says) {
			t.Errorf("%s does not speak of %s", name, want.says)
		}
		for _, wrong := range []string{"Set-CASMailbox", "Exchange", "admin center > Users", "Grant admin consent"} {
			if strings.Contains(text.String(), wrong) {
				t.Errorf("%s speaks of %s", name, wrong)
			}
		}
		if PowerShell(d, nil, english) != "" {
			t.Errorf("%s has a script for an organization", name)
		}
	}
}

// Every text exists in both languages, with nothing left to fill in.
func TestTextsAreComplete(t *testing.T) {
	r := newRig(t)
	r.d.SharedMailbox = "info@contoso.test"
	shared := r.d.Clone()
	r.d.SharedMailbox, r.d.OAuth.AccountType = "", mailbox.AccountApplication
	for _, lang := range i18n.Languages {
		for _, d := range append(slices.Collect(maps.Values(elsewhere())), shared, r.d) {
			for _, i := range Checklist(Facts{Mailbox: d, Tenant: &oauth.Tenant{ID: "x", Known: true}}, i18n.For(lang)) {
				all := append(append([]string{i.Title, i.Why, i.Link + i.Proof}, i.Path...), i.ID)
				for _, v := range i.Values {
					all = append(all, v.Name, v.Value)
				}
				if text := strings.Join(all, "\n"); strings.ContainsAny(text, "⟨{}") {
					t.Errorf("%s %s: %s", lang, i.ID, text)
				}
			}
		}
	}
}

func TestCertificate(t *testing.T) {
	c, err := NewCertificate("Mailgrant helpdesk@contoso.test", time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if !oauth.IsCertificate(c.Secret) || oauth.CheckCertificate(c.Secret) != nil {
		t.Error("the sealed part is no usable certificate")
	}
	if strings.Contains(string(c.Public), "PRIVATE") || !strings.HasPrefix(string(c.Public), "-----BEGIN CERTIFICATE") || len(c.Thumbprint) != 40 {
		t.Errorf("public part %s, thumbprint %s", c.Public, c.Thumbprint)
	}
}

func TestOtherProvidersByTheirOwnRecords(t *testing.T) {
	none := func(context.Context, mailbox.Definition, string) (string, error) { return "", context.Canceled }
	f := Finder{
		Log: slog.New(slog.DiscardHandler), TenantOf: none,
		LookupMX: func(context.Context, string) ([]*net.MX, error) { return nil, nil },
		LookupSRV: func(_ context.Context, service, _, _ string) (string, []*net.SRV, error) {
			return "", map[string][]*net.SRV{"imaps": {{Target: "mail.else.test.", Port: 993}}, "submission": {{Target: "mail.else.test.", Port: 587}}, "pop3s": {{Target: "."}}}[service], nil
		},
	}
	d, err := f.Propose(t.Context(), mailbox.Definition{Sender: "a@else.test"})
	if err != nil || d.Server(mailbox.IMAP) == nil || d.Server(mailbox.IMAP).Host != "mail.else.test" || d.Server(mailbox.SMTP) == nil || d.Server(mailbox.SMTP).Security != mailbox.SecuritySTARTTLS || d.Server(mailbox.POP3) != nil || d.OAuth != nil || d.Authentication != mailbox.AuthPassword {
		t.Errorf("%+v", d)
	}
}

// How far a clock is off tells a wrong time zone from a clock that drifts.
func TestAWrongClockSaysByHowMuch(t *testing.T) {
	wrong := diagnosis.New(diagnosis.CauseClockSkew, diagnosis.PhaseAuthorize, nil)
	check := oauth.Check{ID: oauth.CheckClock, State: oauth.CheckFailed, Facts: i18n.Args{"offset": "1h0m0s"}, Diagnosis: &wrong}
	if f := resultOf(check, english); !strings.Contains(f.Text, "1h0m0s") || f.Cause != diagnosis.CauseClockSkew {
		t.Errorf("%+v", f)
	}
}

// Only a service that answered was reached by a proxy.
func TestAProxyThatLetsNothingThroughReachesNothing(t *testing.T) {
	for state, want := range map[oauth.CheckState]bool{oauth.CheckPassed: true, oauth.CheckFailed: false} {
		d := diagnosis.New(diagnosis.CauseProxyAuthRequired, diagnosis.PhaseAuthorize, nil)
		all := Preflight{Checks: []oauth.Check{{ID: oauth.CheckService, State: state, Diagnosis: &d}}, Ports: mailtest.NewReport(mailbox.Definition{}, time.Time{}), Proxy: "http://proxy.test:3128"}.Results(english)
		if got := slices.ContainsFunc(all, func(r CheckResult) bool { return r.ID == "proxy" }); got != want {
			t.Errorf("%s: told %t", state, got)
		}
	}
}
