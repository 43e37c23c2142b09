package redact

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"
)

// entraSecret has the form of those that Microsoft Entra gives out.
const entraSecret = "Abc8Q~xYz0123456789abcdefghijklmnopqrst"

const canary = "c4n4ry-S3cret-Value-0123456789"

func TestSecretShowsNowhere(t *testing.T) {
	s := NewSecret(canary)
	var log strings.Builder
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "secret", s, "struct", struct{ S Secret }{s})
	asJSON, err := json.Marshal(map[string]any{"a": s, "b": []Secret{s}})
	if err != nil {
		t.Fatal(err)
	}
	shown := []string{log.String(), string(asJSON), s.String(), fmt.Sprintf("%v %+v %#v %s %q %x %d", s, s, s, s, s, s, s), fmt.Sprintf("%+v", struct{ S Secret }{s}), fmt.Sprint(&s)}
	for _, text := range shown {
		if strings.Contains(text, canary) || strings.Contains(text, fmt.Sprintf("%x", canary)) {
			t.Errorf("the secret shows in %q", text)
		}
	}
	if s.Reveal() != canary || s.Empty() || !NewSecret("").Empty() {
		t.Error("Reveal or Empty is wrong")
	}
}

func TestTextMasksCredentials(t *testing.T) {
	jwt := "eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9.eyJhdWQiOiJodHRwczovL291dGxvb2sub2ZmaWNlLmNvbSJ9.c2lnbmF0dXJl"
	sasl := base64.StdEncoding.EncodeToString([]byte("user=helpdesk@contoso.com\x01auth=Bearer " + jwt + "\x01\x01"))
	oauthbearer := base64.StdEncoding.EncodeToString([]byte("n,a=helpdesk@contoso.com,\x01auth=Bearer " + canary + "\x01\x01"))
	cases := []struct{ text, secret, keep string }{
		{"token was " + jwt + " today", jwt[30:60], "token was"},
		{"GET /?code=0.AXoA" + canary + "&state=xyz HTTP/1.1", canary, "HTTP/1.1"},
		{"http://localhost/?code=" + canary + "&session_state=1", canary, "http://localhost/?code="},
		{`{"error":"x","refresh_token":"` + canary + `","n":1}`, canary, `"error":"x"`},
		{`{"access_token" : "` + canary + `"}`, canary, "access_token"},
		{`malformed HTTP response "{\"refresh_token\":\"` + canary + `\",\"n\":1}"`, canary, "malformed HTTP response"},
		{"client_secret=" + url.QueryEscape(canary+"/+") + "&grant_type=x", canary, "grant_type=x"},
		{"AUTH XOAUTH2 " + sasl, sasl[20:60], "AUTH XOAUTH2"},
		{"A1 AUTHENTICATE XOAUTH2 " + sasl, sasl[20:60], "A1 AUTHENTICATE"},
		{sasl, sasl[20:60], ""},
		{oauthbearer, oauthbearer[20:50], ""},
		{"a1 LOGIN helpdesk@contoso.com " + canary, canary, "helpdesk@contoso.com"},
		{"PASS " + canary, canary, "PASS"},
		{"Authorization: Bearer " + canary, canary, "Authorization"},
		{"Authorization: Basic " + base64.StdEncoding.EncodeToString([]byte("u:"+canary)), base64.StdEncoding.EncodeToString([]byte("u:" + canary)), "Authorization"},
		{"rt=M.C105_BAY.0.U.-" + canary, canary, "rt="},
		{"Geheimer Clientschlüssel: " + entraSecret + "\nIMAP: 993", entraSecret[6:], "IMAP: 993"},
		{"the secret GOCSPX-" + canary + " of the client", canary, "of the client"},
		{"google ya29." + canary + " end", canary, "end"},
		{"m.login('helpdesk@contoso.com', '" + canary + "')", canary, "m.login('helpdesk@contoso.com'"},
		{"prose " + strings.Repeat("Ab3_-/+=", 20), "Ab3_-/+=", "prose"},
		{strings.Repeat("prose ", 200) + strings.Repeat("A1b2", 2000), strings.Repeat("A1b2", 40), "prose"},
	}
	for _, c := range cases {
		got := Text(c.text)
		if strings.Contains(got, c.secret) {
			t.Errorf("Text(%.60q…) shows the secret: %.200q", c.text, got)
		}
		if masked, want := Mask(c.text), everyShape(c.text); masked != want {
			t.Errorf("Mask(%.60q…) = %.200q, not %.200q", c.text, masked, want)
		}
		if !strings.Contains(got, c.keep) {
			t.Errorf("Text(%.60q…) = %q; lost %q", c.text, got, c.keep)
		}
	}
}

// everyShape is Mask, without looking first for the words of a shape.
func everyShape(s string) string {
	s = strings.ToValidUTF8(ofRun.Mask(s), "\uFFFD")
	for _, shape := range secretShapes {
		s = shape.mask(s)
	}
	return longRun().ReplaceAllString(s, mask)
}

func TestWordsMissNoShape(t *testing.T) {
	odd := strings.NewReplacer("s", "ſ", "S", "ſ", "k", "\u212A", "K", "\u212A")
	for _, name := range strings.Fields("access_token= refresh_token= id_token= client_secret= client_assertion= code_verifier= device_code= passwd= password= assertion= code= session_state= pwd= kennwort= accesstoken= id-token= ConvertTo-SecureString= auth=bearer authorization:bearer authorization:basic bearer PASS") {
		for _, text := range []string{name, strings.ToUpper(name), strings.ToLower(name), odd.Replace(name)} {
			text += " x" + text + canary + " " + text + " " + canary
			if got, want := Mask(text), everyShape(text); got != want {
				t.Errorf("Mask(%q) = %q, not %q", text, got, want)
			}
		}
	}
}

// Whoever asks what an error means pastes what stands around it: a line of a
// program, a setting, a dialog.
func TestTextMasksPasswords(t *testing.T) {
	for _, text := range []string{
		"m.login('helpdesk@contoso.com', '%s')",
		`  File "x.py", line 5: smtp.login(user, "%s")`,
		`{"trace":"m.login(\"helpdesk@contoso.com\", \"%s\")"}`,
		`transport.connect("smtp.office365.com", "helpdesk@contoso.com", "%s");`,
		"#0 x.php(12): imap_open('{outlook.office...', 'helpdesk@contos...', '%s', 0, 1)",
		"#1 SMTP->authenticate('helpdesk@contos...', '%s', 'LOGIN', Object(OAuth))",
		`client.Authenticate(account(), "%s");`,
		`new NetworkCredential("helpdesk@contoso.com", "%s")`,
		`smtp.PlainAuth("", "helpdesk@contoso.com", "%s", "smtp.office365.com")`,
		"m.login('helpdesk@contoso.com', '%s", // cut off
		"$mail->Password = '%s';", "'password' => '%s',", "config['smtp_password'] = '%s'",
		"auth: { user: 'helpdesk@contoso.com', pass: '%s' }",
		"MAIL_PASSWORD=%s", "password='%s'", "pwd=%s;", `"password" : "%s"`, `clientSecret: "%s"`, `Client Secret: "%s"`, "OAUTH_SECRET='%s'",
		"smtp://helpdesk%%40contoso.com:%s@smtp.office365.com:587",
		"curl -v -u helpdesk@contoso.com:%s imaps://outlook.office365.com", "swaks --auth-password %s --tls",
		`curl --user "helpdesk@contoso.com:%s" imaps://outlook.office365.com`,
		`ConvertTo-SecureString "%s" -AsPlainText -Force`, `Connect-Mail -Password "%s"`,
		"<password>%s</password>", `<add key="smtpPassword" value="%s" />`,
		"Password: %s", "Kennwort: %s",
		`a1 LOGIN "helpdesk@contoso.com" "%s"`, `b'LOGIN helpdesk@contoso.com "%s"'`,
	} {
		passwords := []string{"Sommer2024!", "%Te-ra.x9"}
		if strings.ContainsAny(text, `"'`) && !strings.Contains(text, "pwd") {
			passwords = append(passwords, "blau (grün), gelb")
		}
		for _, password := range passwords {
			pasted := fmt.Sprintf(text, password)
			got := Text(pasted)
			for _, part := range strings.FieldsFunc(password, func(r rune) bool { return strings.ContainsRune(" (),", r) }) {
				if strings.Contains(got, part) {
					t.Errorf("Text(%q) = %q", pasted, got)
				}
			}
		}
	}
	asked := "S: 334 UGFzc3dvcmQ6\nC: " + base64.StdEncoding.EncodeToString([]byte("Sommer2024!")) + "\nS: 535 5.7.3 no"
	if got, want := Text(asked), "S: 334 UGFzc3dvcmQ6\nC: [redacted]\nS: 535 5.7.3 no"; got != want {
		t.Errorf("Text(%q) = %q", asked, got)
	}
}

func TestTextLeavesServerWordsAlone(t *testing.T) {
	for _, text := range []string{
		"535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Mailbox. Visit https://aka.ms/smtp_auth_disabled for more information. [BN9PR03CA0001.namprd03.prod.outlook.com 2026-11-23T20:00:00.000Z 08DE2A]",
		"AADSTS50011: The redirect URI 'http://localhost:51234' specified in the request does not match. Trace ID: 0c3f6b1e-0000-4a5b-8c6d-000000000000 Correlation ID: 7d3ad1a6-1111-4bcd-9aaa-000000000000 Timestamp: 2026-11-23 20:00:00Z",
		"NO AUTHENTICATE failed.",
		"a1 NO LOGIN failed. Please try later.",
		"-ERR Authentication failure: unknown user name or bad password.",
		"error code: 500, password expired; login failed",
		"+OK Pre-login capabilities listed, post-login capabilities have more.",
		`{"error":{"code":"ErrorAccessDenied","message":"Access is denied. Check credentials and try again."}}`,
		`{"error_codes":[700016],"error_uri":"https://login.microsoftonline.com/error?code=700016"}`,
		`{ code: 'ECONNECTION', response: "535 5.7.3", command: 'AUTH XOAUTH2' }`,
		`"code":"CERT_HAS_EXPIRED"`, `code: "AADSTS700016"`, `\"code\":\"InvalidAuthenticationToken\"`,
		"Logon failure: unknown user name or bad password: [AM0PR01CA0042.eurprd01.prod.exchangelabs.com 2026-11-23T20:00:00.000Z]",
		"Password: AADSTS50126: Error validating credentials due to invalid username or password.",
		"bad password: 535 5.7.3 Authentication unsuccessful",
		"spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=contoso.com; dkim=pass; dmarc=bypass",
		`{"error": "bad password", "amr":["pwd","mfa"], "at": "imap://outlook.office365.com:993/x@y"}`,
		`File "/usr/lib/python3.12/imaplib.py", line 612, in login` + "\n    raise self.error(dat[-1])",
		`* CAPABILITY IMAP4 IMAP4rev1 AUTH=PLAIN AUTH=XOAUTH2 SASL-IR UIDPLUS ID UNSELECT CHILDREN IDLE NAMESPACE LITERAL+`,
	} {
		if got := Text(text); got != text {
			t.Errorf("Text changed\n%q to\n%q", text, got)
		}
	}
}

func TestTextEscapes(t *testing.T) {
	got := Text("a\x1b[2Jb\u202Ec\u2066d\x00e\x7ff\u200Bg\nh\ti\r\nj\u2028k\xffl")
	if strings.ContainsAny(got, "\x1b\x00\x7f\r\u202E\u2066\u200B\u2028") {
		t.Errorf("unescaped: %q", got)
	}
	for _, want := range []string{`\u001B[2J`, `\u202E`, "g\nh\ti\nj", "�"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q lacks %q", got, want)
		}
	}
	if got := Line("a\nb"); got != `a\nb` {
		t.Errorf("Line = %q", got)
	}
}

func TestTextEnds(t *testing.T) {
	got := Text(strings.Repeat("ä ", 10*MaxText))
	if len(got) > MaxText || !utf8.ValidString(got) || !strings.HasSuffix(got, "…") {
		t.Errorf("%d bytes, valid %t", len(got), utf8.ValidString(got))
	}
}

func FuzzText(f *testing.F) {
	f.Add("PASS secret", "eyJhbGciOi")
	f.Fuzz(func(t *testing.T, a, b string) {
		got := Text(a + " Bearer " + canary + " " + b)
		if len(a) < scan/2 && strings.Contains(got, canary) {
			t.Errorf("%q shows the secret", got)
		}
		if got, want := Mask(a+b), everyShape(a+b); got != want {
			t.Errorf("Mask = %q, not %q", got, want)
		}
		if len(got) > MaxText || !utf8.ValidString(got) {
			t.Errorf("%d bytes, valid %t", len(got), utf8.ValidString(got))
		}
	})
}

func TestJSONKeepsTheValue(t *testing.T) {
	value := map[string]string{"name": "a\u202Eb\u0085c\u2028d\U000E0001e\x7f\x1b ä€😀"}
	raw, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	shown := JSON(append(raw, '\n'))
	for _, r := range string(shown) {
		if r != '\n' && misleading(r) {
			t.Errorf("%q is there raw: %q", r, shown)
		}
	}
	var again map[string]string
	if err := json.Unmarshal(shown, &again); err != nil || again["name"] != value["name"] {
		t.Errorf("%q became %q: %v", value, again, err)
	}
}
