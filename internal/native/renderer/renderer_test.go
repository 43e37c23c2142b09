package renderer

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// machine is a system as a test wants it.
type machine struct {
	chooser *Chooser
	answer  Answer
	err     error
	session string
	status  int
	runErr  error
	asked   int
	started []string // programs of copies, and "before" when told beforehand
}

func newMachine(t *testing.T, mode string) *machine {
	t.Helper()
	dir := t.TempDir()
	m := &machine{answer: Answer{Usable: true, Name: "GPU"}, session: "console | GPU"}
	m.chooser = &Chooser{
		Mode: mode, Program: filepath.Join(dir, "mailgrant.exe"), Home: filepath.Join(dir, "home"), Log: slog.New(slog.DiscardHandler),
		session: func() string { return m.session },
		ask:     func(context.Context) (Answer, error) { m.asked++; return m.answer, m.err },
		run:     func(program string) (int, error) { m.started = append(m.started, program); return m.status, m.runErr },
		soften:  func() bool { return false },
		copies:  true,
	}
	return m
}

func (m *machine) install(t *testing.T, files ...string) {
	t.Helper()
	for _, file := range files {
		file = filepath.Join(filepath.Dir(m.chooser.Program), file)
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, nil, 0o700); err != nil {
			t.Fatal(err)
		}
	}
}

func (m *machine) installCopy(t *testing.T) {
	m.install(t, "software/mailgrant.exe", "software/opengl32.dll")
}

func (m *machine) before() { m.started = append(m.started, "before") }

func (m *machine) choose() Outcome { return m.chooser.Choose(context.Background(), m.before) }

func (m *machine) copyRan(t *testing.T) {
	t.Helper()
	if len(m.started) != 2 || m.started[0] != "before" || !strings.HasSuffix(filepath.ToSlash(m.started[1]), "/software/mailgrant.exe") {
		t.Errorf("started: %q", m.started)
	}
}

func TestOpenGLIsUsed(t *testing.T) {
	for _, mode := range []string{"", Auto, "nonsense"} {
		m := newMachine(t, mode)
		m.installCopy(t)
		if out := m.choose(); out != (Outcome{Renderer: "GPU"}) || len(m.started) > 0 {
			t.Errorf("%q: %+v, started %q", mode, out, m.started)
		}
	}
}

func TestHardwareIsNotLookedAt(t *testing.T) {
	m := newMachine(t, Hardware)
	if out := m.choose(); out.Renderer != Hardware || m.asked > 0 {
		t.Errorf("%+v, asked %d", out, m.asked)
	}
}

func TestCopyRunsWithoutOpenGL(t *testing.T) {
	for name, set := range map[string]func(*machine){
		"too old":   func(m *machine) { m.answer = judge("1.1.0", "GDI Generic") },
		"none":      func(m *machine) { m.answer = Answer{Reason: NoOpenGL} },
		"no answer": func(m *machine) { m.err = errors.New("no answer within 3s") },
		"wanted":    func(m *machine) { m.chooser.Mode = Software },
	} {
		t.Run(name, func(t *testing.T) {
			m := newMachine(t, "")
			set(m)
			m.status = 7
			m.installCopy(t)
			if out := m.choose(); out != (Outcome{Done: true, Status: 7}) {
				t.Errorf("%+v", out)
			}
			m.copyRan(t)
		})
	}
}

// The copy looks at nothing and starts nothing, whatever the variable says.
func TestCopyKnowsItself(t *testing.T) {
	for _, mode := range []string{Software, "", Hardware} {
		m := newMachine(t, mode)
		m.install(t, "opengl32.dll")
		if out := m.choose(); out != (Outcome{Renderer: Software}) || m.asked > 0 || len(m.started) > 0 {
			t.Errorf("%q: %+v", mode, out)
		}
	}
}

func TestNothingWorks(t *testing.T) {
	cases := map[string]struct {
		files  []string
		answer Answer
		err    error
		run    error
		want   Outcome
	}{
		"no copy":             {nil, judge("1.1", "GDI Generic"), nil, nil, Outcome{Reason: TooOld, NoCopy: true, Detail: "GDI Generic, OpenGL 1.1"}},
		"copy without OpenGL": {[]string{"software/mailgrant.exe"}, Answer{Reason: NoOpenGL}, nil, nil, Outcome{Reason: NoOpenGL, NoCopy: true}},
		"OpenGL without copy": {[]string{"software/opengl32.dll"}, Answer{Reason: NoOpenGL}, nil, nil, Outcome{Reason: NoOpenGL, NoCopy: true}},
		"copy does not start": {[]string{"software/mailgrant.exe", "software/opengl32.dll"}, Answer{Reason: NoOpenGL}, nil, errors.New("denied"), Outcome{Reason: NoOpenGL, Detail: "denied"}},
		"no answer":           {nil, Answer{}, errors.New("too slow"), nil, Outcome{Reason: NoAnswer, NoCopy: true, Detail: "too slow"}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			m := newMachine(t, "")
			m.install(t, tc.files...)
			m.answer, m.err, m.runErr = tc.answer, tc.err, tc.run
			if out := m.choose(); out != tc.want {
				t.Errorf("%+v, want %+v", out, tc.want)
			}
		})
	}
}

func TestUnknownProgram(t *testing.T) {
	m := newMachine(t, "")
	m.answer, m.chooser.Program = Answer{Reason: NoOpenGL}, ""
	if out := m.choose(); out.Done || out.Renderer != "" || !out.NoCopy {
		t.Errorf("%+v", out)
	}
	m.chooser.copies = false
	if out := m.choose(); out.NoCopy {
		t.Errorf("a copy is missed where there can be none: %+v", out)
	}
}

func TestAnswerIsRememberedForItsSession(t *testing.T) {
	m := newMachine(t, "")
	m.choose()
	m.answer = Answer{Usable: true, Name: "other"}
	if out := m.choose(); out.Renderer != "GPU" || m.asked != 1 {
		t.Errorf("not remembered: %+v, asked %d", out, m.asked)
	}
	m.session = "remote | GPU"
	if out := m.choose(); out.Renderer != "other" || m.asked != 2 {
		t.Errorf("another session: %+v, asked %d", out, m.asked)
	}
}

// That there is no OpenGL is remembered too: it spares the wait.
func TestRefusalIsRemembered(t *testing.T) {
	m := newMachine(t, "")
	m.answer = judge("1.1", "GDI Generic")
	m.choose()
	if out := m.choose(); out.Reason != TooOld || m.asked != 1 {
		t.Errorf("%+v, asked %d", out, m.asked)
	}
}

func TestNotRemembered(t *testing.T) {
	for name, set := range map[string]func(*machine){
		"a look that failed": func(m *machine) { m.err = errors.New("slow") },
		"no known session":   func(m *machine) { m.session = "" },
		"nowhere to write":   func(m *machine) { m.chooser.Home = m.chooser.Program },
	} {
		t.Run(name, func(t *testing.T) {
			m := newMachine(t, "")
			m.install(t, "mailgrant.exe")
			set(m)
			m.choose()
			m.choose()
			if m.asked != 2 {
				t.Errorf("asked %d times", m.asked)
			}
		})
	}
}

func TestDamagedMemoryIsIgnored(t *testing.T) {
	for _, text := range []string{"", "{", "null", `{"session":"console | GPU"}`, `{"usable":true,"name":"x"}`} {
		m := newMachine(t, "")
		if err := os.MkdirAll(m.chooser.Home, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(m.chooser.file(), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if m.choose(); m.asked != 1 {
			t.Errorf("%q was believed", text)
		}
	}
}

func TestFailedWindowVoidsTheMemory(t *testing.T) {
	m := newMachine(t, "")
	m.choose()
	if out := m.chooser.AfterFailure("WGL: no", m.before); out != (Outcome{Reason: Failed, NoCopy: true, Detail: "WGL: no"}) {
		t.Errorf("%+v", out)
	}
	if m.choose(); m.asked != 2 {
		t.Errorf("asked %d times", m.asked)
	}
	m.installCopy(t)
	if out := m.chooser.AfterFailure("WGL: no", m.before); !out.Done {
		t.Errorf("%+v", out)
	}
	m.copyRan(t)
}

// Neither the copy nor who insists on hardware gets another copy.
func TestFailedWindowEnds(t *testing.T) {
	m := newMachine(t, Hardware)
	m.installCopy(t)
	if out := m.chooser.AfterFailure("x", m.before); out.Done || len(m.started) > 0 {
		t.Errorf("hardware: %+v", out)
	}
	m = newMachine(t, Software)
	m.installCopy(t)
	m.install(t, "opengl32.dll")
	if out := m.chooser.AfterFailure("x", m.before); out.Done || len(m.started) > 0 {
		t.Errorf("copy: %+v", out)
	}
}

func TestJudge(t *testing.T) {
	for version, want := range map[string]Answer{
		"1.1.0":                       {Reason: TooOld},
		"2.0.1":                       {Reason: TooOld},
		"2.1":                         {Usable: true},
		"2.1 Mesa 22.3.6":             {Usable: true},
		"4.6.0 NVIDIA 560.94":         {Usable: true},
		"3.3.0 - Build 31.0.101.2111": {Usable: true},
		"10.0":                        {Usable: true},
		"":                            {Reason: NoOpenGL},
		"OpenGL ES 3.2":               {Reason: NoOpenGL},
	} {
		got := judge(version, "Card")
		if got.Usable != want.Usable || got.Reason != want.Reason || !strings.Contains(got.Name, "Card") {
			t.Errorf("%q: %+v", version, got)
		}
	}
}

func TestAnswerTravels(t *testing.T) {
	var out strings.Builder
	out.WriteString("driver: hello\r\n")
	a := judge("4.6", "Ärger\n\"Karte\"")
	if status := tell(&out, a); status != 0 {
		t.Fatal(status)
	}
	if got, ok := parse(out.String() + "bye\n"); !ok || got != a {
		t.Errorf("%+v, %v", got, ok)
	}
	for _, text := range []string{"", "noise", mark, mark + "{"} {
		if _, ok := parse(text); ok {
			t.Errorf("%q is no answer", text)
		}
	}
}

// Really starting programs: the child's answer and the copy's status.
func TestProcesses(t *testing.T) {
	if os.Getenv(Variable) == Software {
		os.Exit(5)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := New(t.TempDir(), []string{"-test.run=^TestProcesses$"}, slog.New(slog.DiscardHandler))
	if status, err := c.runCopy(self); err != nil || status != 5 {
		t.Errorf("status %d, %v", status, err)
	}
	if _, err := c.runCopy(filepath.Join(t.TempDir(), "none.exe")); err == nil {
		t.Error("a program that is not there ran")
	}
}
