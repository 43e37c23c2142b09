package task

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf16"
)

// text undoes the encoding of the definition.
func text(t *testing.T, data []byte) string {
	t.Helper()
	if len(data) < 2 || data[0] != 0xFF || data[1] != 0xFE || len(data)%2 != 0 {
		t.Fatalf("no UTF-16 with a byte order mark: % x", data[:min(len(data), 8)])
	}
	var units []uint16
	for i := 2; i < len(data); i += 2 {
		units = append(units, uint16(data[i])|uint16(data[i+1])<<8)
	}
	return string(utf16.Decode(units))
}

func TestXML(t *testing.T) {
	j := Renewal{`C:\ProgramData\Mail & grant`, "Hält die Autorisierungen 𝄞 am Leben"}.job(time.Date(2026, 11, 23, 7, 5, 0, 0, time.UTC))
	j.program, j.user = `C:\Große Post\<Mail> & grant\mailgrant-cli.exe`, `CONTOSO\änne "x"`
	got := text(t, j.XML())
	if !strings.HasPrefix(got, `<?xml version="1.0" encoding="UTF-16"?>`) {
		t.Error(got[:60])
	}
	for _, part := range []string{
		`<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">`,
		`<StartBoundary>2026-11-24T07:05:00</StartBoundary>`, `<Tuesday></Tuesday>`, `<WeeksInterval>1</WeeksInterval>`,
		`<LogonType>InteractiveToken</LogonType>`, `<RunLevel>LeastPrivilege</RunLevel>`,
		`<Arguments>refresh --all &#34;--scheduled=C:\ProgramData\Mail &amp; grant&#34;</Arguments>`, `<StartWhenAvailable>true</StartWhenAvailable>`,
		`<DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>`, `Hält die Autorisierungen 𝄞 am Leben`,
	} {
		if !strings.Contains(got, part) {
			t.Errorf("no %s in\n%s", part, got)
		}
	}
	var back struct {
		Program string `xml:"Actions>Exec>Command"`
		User    string `xml:"Principals>Principal>UserId"`
	}
	d := xml.NewDecoder(strings.NewReader(got))
	d.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil }
	if err := d.Decode(&back); err != nil {
		t.Fatal(err)
	}
	if back.Program != j.program || back.User != j.user {
		t.Errorf("%q, %q", back.Program, back.User)
	}
	j.Every = 15 * time.Minute
	got = text(t, j.XML())
	if !strings.Contains(got, "<TimeTrigger><Repetition><Interval>PT15M</Interval></Repetition><StartBoundary>2026-11-24T07:05:00<") || strings.Contains(got, "RestartOnFailure") {
		t.Error(got)
	}
	if err := xml.Unmarshal([]byte(strings.SplitN(got, "\r\n", 2)[1]), &back); err != nil {
		t.Error(err)
	}
}

// schtasks reads the elements in the schema's order.
func TestOrder(t *testing.T) {
	got, at := text(t, Renewal{"home", "x"}.job(time.Now()).XML()), 0
	for _, element := range []string{"RegistrationInfo", "Triggers", "StartBoundary", "Enabled", "RandomDelay", "ScheduleByWeek", "DaysOfWeek", "WeeksInterval", "Principals", "Settings", "Actions", "Exec", "Command", "Arguments"} {
		i := strings.Index(got[at:], "<"+element)
		if i < 0 {
			t.Fatalf("%s is missing or too early in\n%s", element, got)
		}
		at += i
	}
}

// What the task is given is what the command takes.
func TestUnwatched(t *testing.T) {
	for home, arguments := range map[string]string{
		`C:\Große Post`: `refresh --all "--scheduled=C:\Große Post"`,
		`D:\`:           `refresh --all "--scheduled=D:\\"`,
	} {
		if got := (Renewal{home, "x"}).job(time.Now()).arguments(); got != arguments {
			t.Errorf("%s, want %s", got, arguments)
		}
	}
	t.Setenv(keyFile, filepath.Join("D:", "my key"))
	arguments := Renewal{"D:", "x"}.job(time.Now()).arguments()
	file, err := filepath.Abs(os.Getenv(keyFile))
	if want := `"--scheduled-key=` + file + `"`; err != nil || !strings.HasSuffix(arguments, want) {
		t.Errorf("%s, want %s", arguments, want)
	}
	os.Unsetenv(keyFile)
	home, rest, ok := Unwatched([]string{"refresh", `--scheduled=D:\`, "--all", "--scheduled-key=" + file})
	if os.Getenv(keyFile) != file {
		t.Errorf("the key is looked for in %q", os.Getenv(keyFile))
	}
	if home != `D:\` || !ok || !slices.Equal(rest, []string{"refresh", "--all"}) {
		t.Errorf("%q %q %v", home, rest, ok)
	}
	if _, rest, ok := Unwatched([]string{"refresh"}); ok || len(rest) != 1 {
		t.Errorf("a person's command passes for the scheduler's: %q", rest)
	}
}

// What somebody looks for may hold quotes, which end no argument.
func TestQuotesInArguments(t *testing.T) {
	for word, want := range map[string]string{
		`--match=sales`: `--match=sales`, `--match=the "desk"`: `"--match=the \"desk\""`, `--match=a"b`: `"--match=a\"b"`,
		`--match=\"`: `"--match=\\\""`, `--match=\\`: `"--match=\\\\"`,
	} {
		if got := (Job{Command: []string{word}, Home: "h"}).arguments(); got != want+" --scheduled=h" {
			t.Errorf("%s: %s, want %s", word, got, want)
		}
	}
}

func TestName(t *testing.T) {
	for user, want := range map[string]string{
		`CONTOSO\anna`: `Mailgrant\Renewal CONTOSO-anna`,
		`PC\a/b:c*"?`:  `Mailgrant\Renewal PC-a-b-c---`,
	} {
		if got := Weekly.name(user); got != want {
			t.Errorf("%q: %q", user, got)
		}
	}
}

func TestCommandBeside(t *testing.T) {
	dir := filepath.Join("C", "Mail grant")
	want := filepath.Join(dir, "mailgrant-cli.exe")
	for _, program := range []string{filepath.Join(dir, "mailgrant.exe"), filepath.Join(dir, "mailgrant-cli.exe"), filepath.Join(dir, "software", "mailgrant.exe"), filepath.Join(dir, "Software", "mailgrant.exe")} {
		if got := commandBeside(program); got != want {
			t.Errorf("%s: %s", program, got)
		}
	}
}

func TestElsewhere(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows has a task scheduler")
	}
	ctx := context.Background()
	if err := (Renewal{"home", "x"}).Install(ctx); !errors.Is(err, ErrUnsupported) || Supported {
		t.Error(err)
	}
	if there, err := (Renewal{}).Installed(ctx); there || err != nil {
		t.Error(there, err)
	}
	if err := (Renewal{}).Remove(ctx); err != nil {
		t.Error(err)
	}
}

// Only a task that is not there is off. A scheduler that cannot be asked is told.
func TestWhatAQueryIsRefusedFor(t *testing.T) {
	for status, off := range map[uint32]bool{
		0x80070002: true, 0x80070003: true, 1: true,
		0x80070005: false, 0x80041315: false, 0x80070422: false, 0x8004131F: false, 0x800706BA: false,
	} {
		e := &Error{Program: "schtasks", Status: int(int32(status)), Words: "FEHLER: Zugriff verweigert"}
		if e.notThere() != off || (&Error{Status: int(status)}).notThere() != off {
			t.Errorf("%x: off is %v", status, !off)
		}
		if want := fmt.Sprintf("0x%08X", status); !off && !strings.Contains(e.Error(), want) {
			t.Errorf("%v: not %s", e, want)
		}
	}
}
