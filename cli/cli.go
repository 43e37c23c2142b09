// Package cli is Mailgrant's command line: a contract on which scripts rely.
//
// Commands read a mailbox definition, work through the same packages as the
// window and end with one of the exit statuses below. With --json, standard
// output carries machine-readable text only; what is meant for people goes to
// standard error.
package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"mailgrant/app/authorization"
	"mailgrant/app/practice"
	"mailgrant/internal/home"
	"mailgrant/internal/i18n"
	"mailgrant/internal/logfile"
	"mailgrant/internal/native"
	"mailgrant/internal/native/task"
	"mailgrant/internal/policy"
	"mailgrant/internal/store"
)

// App is the program's metadata from FyneApp.toml.
type App struct {
	Name    string
	Version string
	Build   int
}

// readApp reads FyneApp.toml by its lines, as the build scripts do: it is ours,
// and a reader of all of TOML is 150 kB of the program.
func readApp(metadata string) App {
	facts := map[string]string{}
	for line := range strings.Lines(metadata) {
		if key, value, ok := strings.Cut(line, "="); ok {
			facts[strings.TrimSpace(key)] = strings.Trim(strings.TrimSpace(value), `"`)
		}
	}
	build, _ := strconv.Atoi(facts["Build"])
	return App{Name: facts["Name"], Version: facts["Version"], Build: build}
}

// Window is what the window is started with.
type Window struct {
	Context  context.Context // ends with the signal that ends the program
	App      App
	Home     string
	Texts    *i18n.Texts
	Manager  *authorization.Manager
	Practice *practice.Tenant // nil without --practice; its mailbox is saved already
	Log      *slog.Logger
	Renderer string // what draws the window, to be shown in About
	Language bool   // --lang asked for the language of Texts

	// Failed is to be called when no window could be opened after all, with
	// the words of the system. It tries what is left, or says that there is no
	// window, and returns the exit status.
	Failed func(words string) int

	// Broken is to be called when the window ends for another reason. It says
	// what went wrong and returns the exit status.
	Broken func(error) int
}

// Desktop is what a program with a window brings along; the program without
// one links none of it.
type Desktop struct {
	OpenWindow func(Window) int
	Renderers  func(home string, args []string, log *slog.Logger) Renderers
	// Language is the one that was chosen for the window of a home folder; ""
	// is that of the system.
	Language func(home string) i18n.Language
}

// Main runs the program and returns its exit status. In the program without a
// window the desktop is empty.
func Main(args []string, metadata string, desktop Desktop) int {
	ends := []os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGHUP}
	if signal.Ignored(syscall.SIGHUP) { // nohup: the terminal goes and the program stays
		ends = ends[:2]
	}
	ctx, stop := signal.NotifyContext(context.Background(), ends...)
	defer stop()
	// A second Ctrl-C ends the program the hard way.
	context.AfterFunc(ctx, stop)
	env := Environment{
		Args: args, Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr,
		Locale: systemLocale(), Metadata: metadata, Desktop: desktop,
	}
	home, rest, unwatched := task.Unwatched(args)
	switch {
	case desktop.OpenWindow != nil && runtime.GOOS == "windows":
		return runOnDesktop(ctx, env, native.Terminal, native.Message)
	case unwatched:
		env.Args, env.Home = rest, home
		if native.LeaveConsole() { // a window that would come up every quarter of an hour
			env.Stdout, env.Stderr = io.Discard, io.Discard
		}
		return runUnwatched(ctx, env)
	}
	return Run(ctx, env)
}

// Environment is everything a run takes from outside.
type Environment struct {
	Args           []string
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	Locale         string
	Metadata       string                                              // the text of FyneApp.toml
	Home           string                                              // "" = the user's own
	Message        func(title, text string)                            // shows a message box; nil = Stderr takes it
	Event          func(native.Event, string) error                    // writes into the event log; nil = that of this machine
	Notify         func(ctx context.Context, title, text string) error // shows a notice on the desktop; nil = that of this machine
	Policies       string                                              // the file of policies; "" = those of this machine
	Desktop

	WatchPause func(attempt int) time.Duration // between the attempts of --watch; nil = mailtest's
}

type program struct {
	Environment
	app   App
	home  string
	m     func() *authorization.Manager // of the home folder; opens it when first called: not every command may touch it
	texts *i18n.Texts
	log   *slog.Logger
}

// Run does what the arguments say and returns the exit status.
func Run(ctx context.Context, env Environment) int {
	status, _ := perform(ctx, env)
	return status
}

// perform is Run, and reports whether a command failed itself: what it found and has told
// may have a status other than 0 too.
func perform(ctx context.Context, env Environment) (status int, failed bool) {
	out := &output{Writer: env.Stdout}
	env.Stdout = out
	p := &program{Environment: env, texts: i18n.For(language(env.Args, env.Locale))}
	if err := p.setUp(); err != nil {
		return p.fail(err), true
	}
	defer store.EndSession()
	args := slices.Clone(env.Args)
	for i, arg := range args {
		if strings.HasPrefix(arg, "-ERR") { // a POP3 server's answer, to be explained, is no option
			args[i] = " " + arg
		}
	}
	err := p.execute(ctx, p.root(), args)
	if err == nil {
		err = out.err // what was to be told did not arrive
	}
	if err == nil {
		return exitGood, false
	}
	_, told := err.(exitError)
	return p.fail(err), !told
}

// output remembers why something could not be written.
type output struct {
	io.Writer
	err error
}

func (o *output) Write(data []byte) (int, error) {
	n, err := o.Writer.Write(data)
	o.err = cmp.Or(o.err, err)
	return n, err
}

func (p *program) setUp() error {
	p.app = readApp(p.Metadata)
	if wrong, is := errors.AsType[*policy.Error](policy.Load(p.Policies)); is {
		return usage("cli.error.policy", i18n.Args{"name": wrong.Name, "reason": wrong.Reason})
	}
	dir := p.Home
	if dir == "" {
		var err error
		if dir, err = home.Dir(); err != nil {
			return usage("cli.error.no-home")
		}
	}
	p.log = logfile.Open(dir)
	p.settleIn(dir)
	return nil
}

func (p *program) settleIn(home string) {
	p.home, p.m = home, sync.OnceValue(func() *authorization.Manager { return authorization.New(home, p.texts, p.log) })
}

func (p *program) root() *command {
	var inPractice bool
	var root *command
	root = p.command("mailgrant", 0, 0, func(ctx context.Context, _ []string) error {
		if p.OpenWindow == nil && !inPractice {
			p.tell(p.texts.Text("cli.error.no-window"))
			fmt.Fprint(p.Stderr, "\n"+p.usageText(root))
			return exit(exitUsage)
		}
		return p.window(ctx, inPractice)
	},
		p.practiceCommand(), p.mailboxCommand(), p.requestCommand(), p.testCommand(), p.monitorCommand(), p.statusCommand(),
		p.tokenCommand(), p.refreshCommand(), p.forgetCommand(), p.consentCommand(),
		p.command("secret set|remove|ends", 1, 0, nil, p.secretChangeCommand("set"), p.secretChangeCommand("remove"), p.secretEndsCommand()),
		p.command("authorization export|import", 1, 0, nil, p.transferCommand("export", p.exportAuthorization), p.transferCommand("import", p.importAuthorization)),
		p.explainCommand(), p.productsCommand(), p.assistantCommand(),
		p.command("version", 0, 0, func(context.Context, []string) error {
			fmt.Fprintf(p.Stdout, "%s %s (%s, %s/%s)\n", p.app.Name, p.app.Version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
			return nil
		}))
	root.flags.BoolVar(&inPractice, "practice", false, p.texts.Text("cli.flag.practice"))
	root.flags.Lookup("lang").Hidden = false
	return root
}
