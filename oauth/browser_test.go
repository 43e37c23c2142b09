package oauth

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"mailgrant/internal/diagnosis"
	"mailgrant/internal/mailbox"
)

func commands(launches []launch) string {
	var lines []string
	for _, l := range launches {
		lines = append(lines, l.browser+": "+strings.Join(l.command, " "))
	}
	return strings.Join(lines, "\n")
}

func TestPlan(t *testing.T) {
	all := map[string][]string{"edge": {"msedge.exe"}, "chrome": {"chrome.exe"}, "firefox": {"firefox.exe"}}
	private, normal := mailbox.SignInPrivateWindow, mailbox.SignInDefaultBrowser
	cases := []struct {
		name  string
		way   string
		facts browserFacts
		want  string
	}{
		{"default first", private, browserFacts{standard: "firefox", installed: all}, "Firefox: firefox.exe -private-window\nMicrosoft Edge: msedge.exe --inprivate --new-window\nGoogle Chrome: chrome.exe --incognito --new-window"},
		{"default not known", private, browserFacts{installed: map[string][]string{"chrome": {"chrome.exe"}}}, "Google Chrome: chrome.exe --incognito --new-window"},
		{"default not installed", private, browserFacts{standard: "opera", installed: map[string][]string{"brave": {"brave.exe"}}}, "Brave: brave.exe --incognito --new-window"},
		{"policy forbids the default's", private, browserFacts{standard: "edge", installed: all, forbidden: map[string]bool{"edge": true}}, "Google Chrome: chrome.exe --incognito --new-window\nFirefox: firefox.exe -private-window"},
		{"policies forbid all", private, browserFacts{standard: "edge", installed: all, forbidden: map[string]bool{"edge": true, "chrome": true, "firefox": true}}, ""},
		{"none installed", private, browserFacts{}, ""},
		{"with arguments", private, browserFacts{installed: map[string][]string{"vivaldi": {"/usr/bin/open", "-na", "Vivaldi", "--args"}}}, "Vivaldi: /usr/bin/open -na Vivaldi --args --incognito --new-window"},
		{"opera", private, browserFacts{installed: map[string][]string{"opera": {"opera.exe"}}}, "Opera: opera.exe --private --new-window"},
		{"chromium", private, browserFacts{installed: map[string][]string{"chromium": {"chromium"}}}, "Chromium: chromium --incognito --new-window"},
		{"normal window", normal, browserFacts{standard: "edge", installed: all}, "Microsoft Edge: "},
		{"normal window, not known", normal, browserFacts{}, ": "},
		{"a link starts nothing", mailbox.SignInLink, browserFacts{installed: all}, ""},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			if got := commands(plan(tc.way, tc.facts)); got != tc.want {
				t.Errorf("got\n%s\nwant\n%s", got, tc.want)
			}
		})
	}
}

// The plan must not write into the facts' slices.
func TestPlanLeavesFactsAlone(t *testing.T) {
	program := make([]string, 1, 8)
	program[0] = "x"
	facts := browserFacts{installed: map[string][]string{"edge": program, "chrome": program}}
	if got := commands(plan(mailbox.SignInPrivateWindow, facts)); !strings.Contains(got, "--inprivate") || !strings.Contains(got, "--incognito") {
		t.Error(got)
	}
}

const choices = `SOFTWARE\Microsoft\Windows\Shell\Associations\UrlAssociations\https\`

func TestWindowsFacts(t *testing.T) {
	const (
		edge    = `C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe`
		firefox = `C:\Program Files\Mozilla Firefox\firefox.exe`
		appPath = `\Microsoft\Windows\CurrentVersion\App Paths\`
	)
	cases := []struct {
		name     string
		registry map[string]string
		missing  string
		standard string
		plan     string
	}{
		{"edge and firefox", map[string]string{
			`HKCU ` + choices + `UserChoice ProgId`:                "FirefoxURL-308046B0AF4A39CB",
			`HKCR FirefoxURL-308046B0AF4A39CB\shell\open\command `: `"` + firefox + `" -osint -url "%1"`,
			`HKLM SOFTWARE` + appPath + `msedge.exe `:              edge,
		}, "", "firefox", "Firefox: " + firefox + " -private-window\nMicrosoft Edge: " + edge + " --inprivate --new-window"},
		{"the later choice counts", map[string]string{
			`HKCU ` + choices + `UserChoice ProgId`:              "FirefoxURL",
			`HKCU ` + choices + `UserChoiceLatest\ProgId ProgId`: "MSEdgeHTM",
			`HKCR FirefoxURL\shell\open\command `:                `"` + firefox + `" "%1"`,
			`HKCR MSEdgeHTM\shell\open\command `:                 `"` + edge + `" --single-argument %1`,
		}, "", "edge", "Microsoft Edge: " + edge + " --inprivate --new-window"},
		{"32 bit and user", map[string]string{
			`HKLM SOFTWARE\WOW6432Node` + appPath + `chrome.exe `: `"C:\c\chrome.exe"`,
			`HKCU SOFTWARE` + appPath + `brave.exe `:              `C:\b\brave.exe`,
		}, "", "", "Google Chrome: C:\\c\\chrome.exe --incognito --new-window\nBrave: C:\\b\\brave.exe --incognito --new-window"},
		{"the program is gone", map[string]string{`HKLM SOFTWARE` + appPath + `msedge.exe `: edge}, edge, "", ""},
		{"another program under the name", map[string]string{`HKCU SOFTWARE` + appPath + `chrome.exe `: `C:\evil\cmd.exe`}, "", "", ""},
		{"default is no browser we know", map[string]string{
			`HKCU ` + choices + `UserChoice ProgId`:   "IE.HTTPS",
			`HKCR IE.HTTPS\shell\open\command `:       `"C:\Program Files\Internet Explorer\iexplore.exe" %1`,
			`HKLM SOFTWARE` + appPath + `msedge.exe `: edge,
		}, "", "", "Microsoft Edge: " + edge + " --inprivate --new-window"},
		{"policy of the machine", map[string]string{
			`HKLM SOFTWARE` + appPath + `msedge.exe `:                         edge,
			`HKLM SOFTWARE\Policies\Microsoft\Edge InPrivateModeAvailability`: "1",
		}, "", "", ""},
		{"policy of the user", map[string]string{
			`HKLM SOFTWARE` + appPath + `firefox.exe `:                      firefox,
			`HKCU SOFTWARE\Policies\Mozilla\Firefox DisablePrivateBrowsing`: "1",
		}, "", "", ""},
		{"newer policy of Firefox", map[string]string{
			`HKLM SOFTWARE` + appPath + `firefox.exe `:                               firefox,
			`HKLM SOFTWARE\Policies\Mozilla\Firefox PrivateBrowsingModeAvailability`: "1",
		}, "", "", ""},
		{"policy forces private windows", map[string]string{
			`HKLM SOFTWARE` + appPath + `chrome.exe `:                        `C:\c\chrome.exe`,
			`HKLM SOFTWARE\Policies\Google\Chrome IncognitoModeAvailability`: "2",
		}, "", "", "Google Chrome: C:\\c\\chrome.exe --incognito --new-window"},
		{"nothing", nil, "", "", ""},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			facts := windowsFacts(func(root, key, value string) (string, bool) {
				v, ok := tc.registry[root+" "+key+" "+value]
				return v, ok
			}, func(program string) bool { return program != tc.missing })
			if facts.standard != tc.standard {
				t.Errorf("default %q, want %q", facts.standard, tc.standard)
			}
			if got := commands(plan(mailbox.SignInPrivateWindow, facts)); got != tc.plan {
				t.Errorf("got\n%s\nwant\n%s", got, tc.plan)
			}
		})
	}
}

func TestProgramOf(t *testing.T) {
	for command, want := range map[string]string{
		`"C:\Program Files\a b\x.exe" -url "%1"`: `C:\Program Files\a b\x.exe`,
		`C:\Program Files\a b\X.EXE %1`:          `C:\Program Files\a b\X.EXE`,
		`C:\x.exe`:                               `C:\x.exe`,
		`"C:\x.exe`:                              `C:\x.exe`,
		``:                                       ``,
	} {
		if got := programOf(command); got != want {
			t.Errorf("%s: %q", command, got)
		}
	}
}

func TestKindOfDesktop(t *testing.T) {
	for file, want := range map[string]string{
		"firefox.desktop\n": "firefox", "firefox_firefox.desktop": "firefox", "org.mozilla.firefox.desktop": "firefox",
		"google-chrome.desktop": "chrome", "com.google.Chrome.desktop": "chrome", "microsoft-edge.desktop": "edge",
		"com.microsoft.Edge.desktop": "edge", "chromium_chromium.desktop": "chromium", "brave-browser.desktop": "brave",
		"org.gnome.Epiphany.desktop": "", "": "",
	} {
		if got := kindOfDesktop(file); got != want {
			t.Errorf("%q: %q, want %q", file, got, want)
		}
	}
}

func TestNextWay(t *testing.T) {
	for _, tc := range []struct {
		way, provider string
		device        bool
		want          string
	}{
		{mailbox.SignInPrivateWindow, mailbox.ProviderMicrosoft, true, mailbox.SignInDefaultBrowser},
		{mailbox.SignInDefaultBrowser, mailbox.ProviderMicrosoft, true, mailbox.SignInLink},
		{mailbox.SignInLink, mailbox.ProviderMicrosoft, true, mailbox.SignInDeviceCode},
		{mailbox.SignInLink, mailbox.ProviderGoogle, true, ""},
		{mailbox.SignInLink, mailbox.ProviderCustom, false, ""},
		{mailbox.SignInDeviceCode, mailbox.ProviderMicrosoft, true, ""},
	} {
		if got := nextWay(tc.way, mailbox.OAuth{Provider: tc.provider}, tc.device); got != tc.want {
			t.Errorf("%+v: %q", tc, got)
		}
	}
}

func TestWays(t *testing.T) {
	if got := strings.Join(Ways(), " "); got != "private-window default-browser link device-code" {
		t.Error(got)
	}
}

func TestWayAfter(t *testing.T) {
	for _, tc := range []struct {
		way   string
		cause diagnosis.Cause
		want  string
	}{
		{mailbox.SignInPrivateWindow, diagnosis.CauseDeviceComplianceRequired, mailbox.SignInDefaultBrowser},
		{mailbox.SignInDefaultBrowser, diagnosis.CauseDeviceComplianceRequired, ""},
		{mailbox.SignInDeviceCode, diagnosis.CauseDeviceCodeFlowBlocked, mailbox.SignInPrivateWindow},
		{mailbox.SignInDefaultBrowser, diagnosis.CauseTokenUserMismatch, mailbox.SignInPrivateWindow},
		{mailbox.SignInPrivateWindow, diagnosis.CauseTokenUserMismatch, ""},
		{mailbox.SignInPrivateWindow, "consent-missing", ""},
	} {
		if got := wayAfter(tc.way, tc.cause); got != tc.want {
			t.Errorf("%+v: %q", tc, got)
		}
	}
}

// opener is the system's, with browsers of the test.
func opener(facts browserFacts) systemOpener {
	return systemOpener{log: slog.New(slog.DiscardHandler), facts: func(context.Context) browserFacts { return facts }}
}

// script writes a program that notes its arguments, one a line.
func script(t *testing.T, body string) string {
	if runtime.GOOS == "windows" {
		t.Skip("a shell script")
	}
	t.Setenv("DISPLAY", ":99")
	path := filepath.Join(t.TempDir(), "browser")
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+body), 0o700); err != nil {
		t.Fatal(err)
	}
	return path
}

const shortAddress = "http://localhost:5/start/x?a=1&b=2;$(touch x)"

func TestOpenPassesAnArgumentVector(t *testing.T) {
	out := filepath.Join(t.TempDir(), "out")
	program := script(t, `printf '%s\n' "$@" >`+out+"\n")
	name, err := opener(browserFacts{installed: map[string][]string{"firefox": {program}}}).Open(t.Context(), mailbox.SignInPrivateWindow, shortAddress)
	if err != nil || name != "Firefox" {
		t.Fatalf("%q, %v", name, err)
	}
	data, err := os.ReadFile(out)
	if err != nil || string(data) != "-private-window\n"+shortAddress+"\n" {
		t.Errorf("%q, %v", data, err)
	}
}

func TestOpenGoesOnAfterAFailedStart(t *testing.T) {
	failing, good := script(t, "exit 1\n"), script(t, "exit 0\n")
	facts := browserFacts{standard: "chrome", installed: map[string][]string{
		"chrome": {filepath.Join(t.TempDir(), "is-not-there")}, "edge": {failing}, "firefox": {good},
	}}
	name, err := opener(facts).Open(t.Context(), mailbox.SignInPrivateWindow, shortAddress)
	if err != nil || name != "Firefox" {
		t.Errorf("%q, %v", name, err)
	}
	delete(facts.installed, "firefox")
	if _, err := opener(facts).Open(t.Context(), mailbox.SignInPrivateWindow, shortAddress); err == nil {
		t.Error("no error")
	}
}

// The browser outlives the sign-in and prints nowhere; the opener does not
// wait for it.
func TestOpenLeavesTheBrowserRunning(t *testing.T) {
	out := filepath.Join(t.TempDir(), "out")
	program := script(t, "echo noise\necho noise >&2\ntrap '' HUP\nwhile [ ! -e "+out+".end ]; do sleep 0.05; done\necho ended >"+out+"\n")
	ctx, cancel := context.WithCancel(t.Context())
	if _, err := opener(browserFacts{installed: map[string][]string{"edge": {program}}}).Open(ctx, mailbox.SignInPrivateWindow, shortAddress); err != nil {
		t.Fatal(err)
	}
	cancel()
	if err := os.WriteFile(out+".end", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for range 1500 {
		if data, _ := os.ReadFile(out); len(data) > 0 {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Error("the browser was ended with the sign-in")
}

func TestOpenRefusesOtherAddresses(t *testing.T) {
	t.Setenv("DISPLAY", ":99")
	for _, address := range []string{"https://login.microsoftonline.com/", "file:///etc/passwd", "javascript:alert(1)", "http://localhost.evil.test/", "-private", "", "http://127.0.0.1@evil.test/"} {
		if _, err := opener(browserFacts{}).Open(t.Context(), mailbox.SignInDefaultBrowser, address); !errors.Is(err, errNotOurs) {
			t.Errorf("%q: %v", address, err)
		}
	}
}

func TestOpenWithoutDisplay(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("displays are found by environment on Linux")
	}
	for _, name := range []string{"DISPLAY", "WAYLAND_DISPLAY", "BROWSER"} {
		t.Setenv(name, "")
	}
	if _, err := opener(browserFacts{}).Open(t.Context(), mailbox.SignInDefaultBrowser, shortAddress); !errors.Is(err, errNoDisplay) {
		t.Error(err)
	}
}

// The normal window is opened by the system's launcher, whose words do not
// reach standard output.
func TestNormalWindowIsQuiet(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("xdg-open")
	}
	dir := t.TempDir()
	out := filepath.Join(dir, "out")
	body := "#!/bin/sh\necho noise\nprintf '%s' \"$1\" >" + out + "\n"
	if err := os.WriteFile(filepath.Join(dir, "xdg-open"), []byte(body), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("DISPLAY", ":99")
	t.Setenv("PATH", dir+":/bin:/usr/bin")
	if found, err := exec.LookPath("xdg-open"); err != nil || filepath.Dir(found) != dir {
		t.Fatal(found, err)
	}
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	old := os.Stdout
	os.Stdout = write
	_, err = opener(browserFacts{}).Open(t.Context(), mailbox.SignInDefaultBrowser, shortAddress)
	os.Stdout = old
	write.Close()
	if err != nil {
		t.Fatal(err)
	}
	if noise, _ := io.ReadAll(read); len(noise) > 0 {
		t.Errorf("standard output: %q", noise)
	}
	if data, err := os.ReadFile(out); err != nil || string(data) != shortAddress {
		t.Errorf("%q, %v", data, err)
	}
}

func TestInstalledBrowsersAreFound(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("PATH and xdg-settings")
	}
	dir := t.TempDir()
	for name, body := range map[string]string{"xdg-settings": "echo org.mozilla.firefox.desktop", "firefox-esr": "", "google-chrome": ""} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/sh\n"+body+"\n"), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	private := func() (names []string) {
		for _, l := range plan(mailbox.SignInPrivateWindow, readBrowsers(t.Context())) {
			names = append(names, l.browser)
		}
		return names
	}
	t.Setenv("PATH", dir)
	if got := strings.Join(private(), ", "); got != "Firefox, Google Chrome" {
		t.Error(got)
	}
	t.Setenv("PATH", t.TempDir())
	if got := private(); len(got) > 0 {
		t.Error(got)
	}
}
