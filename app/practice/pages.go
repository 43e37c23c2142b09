package practice

import (
	"maps"
	"slices"
	"strconv"

	"mailgrant/internal/mailbox"
	"mailgrant/internal/markup"
)

// pages are the bodies by the name in view.Page.
var pages = map[string]func(*markup.Page, view){
	"sign-in":     signInPage,
	"consent":     consentPage,
	"pick":        pickPage,
	"device":      devicePage,
	"device-done": deviceDonePage,
	"error":       incidentPage,
	"post":        postPage,
	"native":      nativePage,
	"front":       frontPage,
}

// html is the whole page.
func (v view) html() string {
	var p markup.Page
	p.Add(`<!doctype html>
<html lang="%s">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>%s</title><link rel="stylesheet" href="/pages.css"></head>
<body>
<main`, string(v.Lang), v.T("title"))
	p.If(v.Page == "front", ` class="wide"`)
	p.Add(`>
<p class="banner">%s</p>
`, v.T("banner"))
	pages[v.Page](&p, v)
	p.Add("</main>\n</body>\n</html>\n")
	return p.String()
}

func problem(p *markup.Page, v view) {
	p.If(v.Problem != "", `<p class="problem" role="alert" id="problem">%s</p>`, v.Problem)
}

func credentials(p *markup.Page, v view) {
	p.Add(`<label for="login">%s</label>
<input id="login" name="login" type="text" autocomplete="username" autocapitalize="none" spellcheck="false" value="%s"`, v.T("account"), v.Login)
	p.If(v.Login == "", " autofocus")
	p.Add(`>
<label for="passwd">%s</label>
<input id="passwd" name="passwd" type="password" autocomplete="current-password"`, v.T("password"))
	p.If(v.Login != "", " autofocus")
	p.Add(">\n")
}

// buttons end a form: to go on, or to cancel.
func buttons(p *markup.Page, v view, goOn string) {
	p.Add(`<div class="row"><button type="submit">%s</button><button class="quiet" type="submit" name="cancel" value="1">%s</button></div>
</form>
`, v.T(goOn), v.T("cancel"))
}

func signInPage(p *markup.Page, v view) {
	p.Add(`<h1>%s</h1>
<p class="quiet-text">%s %s</p>
`, v.T("sign-in"), v.T("for"), v.App)
	problem(p, v)
	p.Add(`<form method="post">` + "\n")
	credentials(p, v)
	buttons(p, v, "sign-in")
	p.Add(`<p class="quiet-text"><a href="/" target="_blank">%s</a></p>
`, v.T("passwords"))
}

func consentPage(p *markup.Page, v view) {
	p.Add(`<h1>%s</h1>
<p>%s: IMAP.AccessAsUser.All, POP.AccessAsUser.All, SMTP.Send</p>
<p class="quiet-text">%s</p>
`, v.T("consent"), v.App, v.T("consent-who"))
	problem(p, v)
	p.Add(`<form method="post">` + "\n")
	credentials(p, v)
	buttons(p, v, "accept")
}

func pickPage(p *markup.Page, v view) {
	p.Add(`<h1>%s</h1>
<form method="post">
<button class="account" type="submit" name="picked" value="%s">%s<br><span class="quiet-text">%s · %s</span></button>
<button class="account" type="submit" name="other" value="1">%s</button>
<div class="row"><button class="quiet" type="submit" name="cancel" value="1">%s</button></div>
</form>
`, v.T("pick"), v.SignedIn.UPN, v.SignedIn.Name, v.SignedIn.UPN, v.T("signed-in"), v.T("other"), v.T("cancel"))
}

func devicePage(p *markup.Page, v view) {
	p.Add("<h1>%s</h1>\n", v.T("device"))
	problem(p, v)
	p.Add(`<form method="post">
<label for="otc">%s</label>
<input id="otc" name="otc" type="text" autocomplete="off" autocapitalize="characters" spellcheck="false" value="%s">
`, v.T("code"), v.UserCode)
	credentials(p, v)
	buttons(p, v, "sign-in")
}

func deviceDonePage(p *markup.Page, v view) {
	p.Add("<h1>%s</h1>\n<p>%s</p>\n", v.T("device-done"), v.T("close"))
}

func incidentPage(p *markup.Page, v view) {
	p.Add(`<h1>%s</h1>
<p>Sorry, but we’re having trouble signing you in.</p>
<p class="problem" id="error">%s</p>
<p class="quiet-text">Trace ID: %s<br>Correlation ID: %s<br>Timestamp: %s</p>
`, v.T("sign-in"), v.Incident.Error(), v.Incident.Trace, v.Incident.Correlation, v.Incident.Timestamp)
}

// postPage answers by form_post. Its address is one of an app's registration.
func postPage(p *markup.Page, v view) {
	p.Add(`<form method="post" action="%s" id="answer">
`, v.Address)
	for _, name := range slices.Sorted(maps.Keys(v.Fields)) {
		for _, value := range v.Fields[name] {
			p.Add(`<input type="hidden" name="%s" value="%s">
`, name, value)
		}
	}
	p.Add(`<button type="submit">%s</button>
</form>
<script nonce="%s">document.getElementById("answer").submit()</script>
`, v.T("continue"), v.Nonce)
}

func nativePage(p *markup.Page, v view) {
	p.Add(`<h1>%s</h1>
<p>%s</p>
<pre id="answer">%s</pre>
`, v.T("native"), v.T("native-how"), v.Address)
}

func frontPage(p *markup.Page, v view) {
	p.Add(`<h1>%s</h1>
<p>%s</p>
<h2>%s</h2>
<table>
<tr><th>%s</th><th>%s</th><th>%s</th><th>%s</th></tr>
`, v.T("front"), v.T("front-what"), v.T("accounts"), v.T("account"), v.T("password"), v.T("address"), v.T("rights"))
	for _, a := range v.Accounts {
		accountRow(p, v, a)
	}
	p.Add(`</table>
<h2>%s</h2>
<form method="post" action="/control">
`, v.T("faults"))
	for _, f := range v.Faults {
		p.Add(`<label class="switch"><input type="checkbox" name="fault" value="%s"`, f.ID)
		p.If(f.On, " checked")
		p.Add(`><span>%s <code>%s</code></span></label>
`, f.Text, f.ID)
	}
	p.Add(`<div class="row"><button type="submit">%s</button></div>
</form>
<h2>%s</h2>
<table>
`, v.T("apply"), v.T("values"))
	d := v.Definition
	p.Add(`<tr><th>Application (client) ID</th><td><code>%s</code></td></tr>
<tr><th>Tenant</th><td><code>%s</code></td></tr>
<tr><th>Authority</th><td><code>%s</code></td></tr>
<tr><th>IMAP</th><td><code>%s</code> TLS</td></tr>
<tr><th>POP3</th><td><code>%s</code> TLS</td></tr>
<tr><th>SMTP</th><td><code>%s</code> STARTTLS</td></tr>
</table>
`, d.OAuth.ClientID, d.OAuth.Tenant, v.URL, at(d.Server(mailbox.IMAP)), at(d.Server(mailbox.POP3)), at(d.Server(mailbox.SMTP)))
}

func accountRow(p *markup.Page, v view, a Account) {
	p.Add("<tr><td>%s</td><td>", a.UPN)
	p.If(a.Password != "", "<code>%s</code>", a.Password)
	p.If(a.Password == "", "%s", v.T("no-sign-in"))
	address := a.Address
	if address == "" {
		address = "–"
	}
	p.Add("</td><td>%s</td><td>", address)
	for _, other := range a.FullAccess {
		p.Add("%s %s", v.T("full-access"), other)
	}
	p.If(a.Admin, "%s", v.T("admin"))
	p.Add("</td></tr>\n")
}

func at(s *mailbox.Server) string { return s.Host + ":" + strconv.Itoa(s.Port) }
