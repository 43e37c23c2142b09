// Package task registers with the system's scheduler what Mailgrant does by
// itself: Windows' task scheduler, or timers of the user's systemd.
//
// On Windows it is the weekly renewal (a grant dies if nobody uses it for
// months) and the watchman, elsewhere the watchman alone. A task is the user's
// own and runs only while that user is logged on: one without a logged-on user
// could neither reach the network nor open what DPAPI sealed ("Security
// Contexts for Tasks", Microsoft Learn).
package task

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// ErrUnsupported is the error of systems without a scheduler that is known.
var ErrUnsupported = errors.New("task: there is no task scheduler on this system")

// flag tells the command that nobody watches it, and behind an equals sign the
// folder of the authorizations, keyFlag the file of their key: the scheduler starts
// it without the environment in which it was registered.
const (
	flag    = "--scheduled="
	keyFlag = "--scheduled-key="
	keyFile = "MAILGRANT_KEY_FILE"
)

// Unwatched tells whether the scheduler started a command, for which folder,
// and what its arguments are otherwise. The file of the key is put where the store
// looks for it.
func Unwatched(args []string) (home string, rest []string, ok bool) {
	for _, arg := range args {
		if folder, found := strings.CutPrefix(arg, flag); found {
			home, ok = folder, true
		} else if file, found := strings.CutPrefix(arg, keyFlag); found {
			os.Setenv(keyFile, file)
		} else {
			rest = append(rest, arg)
		}
	}
	return home, rest, ok
}

// Renewal is the weekly renewal of this user's authorizations below a folder.
type Renewal struct{ Home, Description string }

// Install registers it, in place of an earlier one.
func (r Renewal) Install(ctx context.Context) error { return install(ctx, r.job(time.Now())) }

// Remove takes it away. It is no error if there is none.
func (Renewal) Remove(ctx context.Context) error { return remove(ctx, Weekly) }

// Installed reports whether it is registered, for whichever folder.
func (Renewal) Installed(ctx context.Context) (bool, error) { return installed(ctx, Weekly) }

func install(ctx context.Context, j Job) error {
	self, err := os.Executable()
	if err != nil {
		return fmt.Errorf("task: %w", err)
	}
	if j.user, err = userName(); err != nil {
		return fmt.Errorf("task: user: %w", err)
	}
	j.program = commandBeside(self)
	dir, err := os.MkdirTemp("", "mailgrant-task-*")
	if err != nil {
		return fmt.Errorf("task: %w", err)
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "task.xml")
	if err := os.WriteFile(file, j.XML(), 0o600); err != nil {
		return fmt.Errorf("task: %w", err)
	}
	return scheduler(ctx, "/Create", "/F", "/TN", j.Kind.name(j.user), "/XML", file)
}

func remove(ctx context.Context, k Kind) error {
	if there, err := installed(ctx, k); err != nil || !there {
		return err
	}
	user, err := userName()
	if err != nil {
		return fmt.Errorf("task: user: %w", err)
	}
	return scheduler(ctx, "/Delete", "/F", "/TN", k.name(user))
}

func installed(ctx context.Context, k Kind) (bool, error) {
	if !Supported {
		return false, nil
	}
	user, err := userName()
	if err != nil {
		return false, fmt.Errorf("task: user: %w", err)
	}
	err = scheduler(ctx, "/Query", "/HRESULT", "/TN", k.name(user))
	if refused, ok := errors.AsType[*Error](err); ok && refused.notThere() {
		return false, nil
	}
	return err == nil, err
}

// Error is a refusal of the scheduler, with its own words.
type Error struct {
	Program string // that was asked
	Status  int
	Words   string
	OfUser  bool // a systemd of this user's own was asked, which runs while the user is signed in
}

// Error implements error.
func (e *Error) Error() string {
	status := strconv.Itoa(e.Status)
	if code := uint32(e.Status); code>>31 == 1 {
		status = fmt.Sprintf("0x%08X", code)
	}
	return fmt.Sprintf("task: %s ended with status %s: %s", e.Program, status, e.Words)
}

// limit is how long a scheduler may take.
const limit = 30 * time.Second

// run runs a scheduler's program; a refusal is an *Error.
func run(ctx context.Context, program string, args []string, how *syscall.SysProcAttr) error {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.SysProcAttr = how
	out, err := cmd.CombinedOutput()
	var ended *exec.ExitError
	switch {
	case errors.Is(err, exec.ErrNotFound):
		return ErrUnsupported
	case ctx.Err() != nil:
		return fmt.Errorf("task: %w", ctx.Err())
	case errors.As(err, &ended):
		name := strings.TrimSuffix(filepath.Base(program), ".exe")
		return &Error{Program: name, Status: ended.ExitCode(), Words: strings.ToValidUTF8(strings.TrimSpace(string(out)), "?")}
	case err != nil:
		return fmt.Errorf("task: %w", err)
	}
	return nil
}

// notThere tells that a task does not exist from everything else for which a
// query is refused, such as a scheduler that does not run: its words are in the
// language of the system, its status is an HRESULT with /HRESULT. A plain 1 is
// all that a system says which knows no such switch.
func (e *Error) notThere() bool {
	const fileNotFound, pathNotFound = 0x80070002, 0x80070003 // winerror.h, as HRESULT_FROM_WIN32
	code := uint32(e.Status)
	return code == fileNotFound || code == pathNotFound || code == 1
}

// folder holds the tasks of all users; the uninstaller empties it.
const folder = `Mailgrant\`

// name is the task's name. Task folders belong to the machine, so each user
// needs a name of one's own. Characters that a name may not hold are replaced.
func (k Kind) name(user string) string {
	return folder + string(k) + " " + strings.Map(func(r rune) rune {
		if r < ' ' || strings.ContainsRune(`\/:*?"<>|`, r) {
			return '-'
		}
		return r
	}, user)
}

// commandBeside finds the command-line program that belongs to a program.
func commandBeside(program string) string {
	dir := filepath.Dir(program)
	if strings.EqualFold(filepath.Base(dir), "software") {
		dir = filepath.Dir(dir)
	}
	return filepath.Join(dir, "mailgrant-cli.exe")
}
