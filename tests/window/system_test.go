//go:build windowtest

package window

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// system is what differs between the systems that the program runs on. The
// program for Windows runs under Wine, in the prefix of the environment.
type system interface {
	// start makes a fresh session for the program.
	start(w *window)
	// command is the program with its environment.
	command(w *window, args ...string) *exec.Cmd
	// temp is the folder for temporary files.
	temp(w *window) string
	// documents is where files are saved unless another folder is named.
	documents(w *window) string
	// left are the practice folders that should be gone.
	left(w *window) []string
	// elsewhere are the files of a user that are not the program's business.
	elsewhere(w *window) []string
}

func systemOf(t *testing.T) system {
	t.Helper()
	if strings.HasSuffix(program(t), ".exe") {
		return wine{}
	}
	return linux{}
}

type linux struct{}

// browsers are all that the program may find on PATH, and what it asks for the
// default one: none of this machine's own is to be started.
var browsers = []string{
	"firefox", "firefox-esr", "microsoft-edge", "microsoft-edge-stable", "google-chrome", "google-chrome-stable", "brave-browser", "brave",
	"vivaldi", "vivaldi-stable", "opera", "chromium", "chromium-browser", "xdg-open", "x-www-browser", "www-browser",
}

func (linux) start(w *window) {
	w.Helper()
	for _, dir := range []string{"bin", "run", "tmp"} {
		if err := os.MkdirAll(filepath.Join(w.dir, dir), 0o700); err != nil {
			w.Fatal(err)
		}
	}
	for _, name := range browsers {
		if err := os.Symlink(os.Getenv("MAILGRANT_WINDOW_BROWSER"), filepath.Join(w.dir, "bin", name)); err != nil {
			w.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(w.dir, "bin", "xdg-settings"), []byte("#!/bin/sh\nexit 1\n"), 0o700); err != nil {
		w.Fatal(err)
	}
}

func (linux) documents(w *window) string { return w.dir }

func (l linux) command(w *window, args ...string) *exec.Cmd {
	cmd := exec.Command(program(w.T), args...)
	cmd.Env = append(os.Environ(),
		"HOME="+w.dir, "TMPDIR="+l.temp(w), "XDG_RUNTIME_DIR="+filepath.Join(w.dir, "run"), "PATH="+filepath.Join(w.dir, "bin")+":"+os.Getenv("PATH"),
		"MAILGRANT_HOME="+w.home, "MAILGRANT_KEY_FILE="+filepath.Join(w.dir, "key"),
		"MAILGRANT_WINDOW_TRACE="+w.trace(), "MAILGRANT_WINDOW_ACCOUNT="+w.account())
	return cmd
}

func (linux) temp(w *window) string { return filepath.Join(w.dir, "tmp") }

func (linux) left(w *window) []string { return w.practiceFolders() }

func (linux) elsewhere(w *window) []string {
	return files(filepath.Join(w.dir, ".cache"), filepath.Join(w.dir, ".config"), filepath.Join(w.dir, ".local"))
}

// wine expects a private window's browser to be registered.
type wine struct{}

// start ends what still runs: a Wine session belongs to one display.
func (wine) start(w *window) {
	w.Helper()
	end := func() { _ = exec.Command("wineserver", "-k").Run() } // fails if there is none
	end()
	w.Cleanup(end)
	// As packaging/wine-env does: the server stays while nothing runs, and the
	// session is complete before the program starts. Without pipes, which what
	// stays would keep open.
	if err := exec.Command("wineserver", "-p900").Run(); err != nil {
		w.Fatal("wineserver:", err)
	}
	w.until("session of Wine", func() bool { return exec.Command("wine", "cmd", "/c", "exit").Run() == nil })
}

func (wine) command(w *window, args ...string) *exec.Cmd {
	cmd := exec.Command("wine", append([]string{program(w.T)}, args...)...)
	cmd.Env = append(os.Environ(), "MAILGRANT_HOME="+windowsPath(w.home),
		"MAILGRANT_WINDOW_TRACE="+windowsPath(w.trace()), "MAILGRANT_WINDOW_ACCOUNT="+windowsPath(w.account()))
	return cmd
}

func (wine) documents(w *window) string { return profile(w) }

func (wine) temp(w *window) string {
	dir := filepath.Join(profile(w), "Temp") // of Debian 12's Wine
	if _, err := os.Stat(dir); err != nil {
		dir = filepath.Join(profile(w), "AppData", "Local", "Temp")
	}
	return dir
}

// left: Debian 12's Wine (8.0) does not know the call by which Go's os.RemoveAll
// deletes (FileDispositionInformationEx), so everything stays there.
func (wine) left(*window) []string { return nil }

func (s wine) elsewhere(w *window) []string {
	return slices.DeleteFunc(files(filepath.Join(profile(w), "AppData")), func(file string) bool { return strings.HasPrefix(file, s.temp(w)) })
}

// windowsPath is how a Windows program knows a file of this system.
func windowsPath(file string) string { return "Z:" + strings.ReplaceAll(file, "/", `\`) }

// profile is the Windows user's folder.
func profile(w *window) string {
	all, _ := filepath.Glob(filepath.Join(os.Getenv("WINEPREFIX"), "drive_c", "users", "*", "AppData"))
	if len(all) != 1 {
		w.Fatalf("users of Wine: %q", all)
	}
	return filepath.Dir(all[0])
}

// files are all files below the folders, but for the graphics driver's.
func files(folders ...string) (all []string) {
	for _, dir := range folders {
		_ = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() && !strings.Contains(path, "mesa") {
				all = append(all, path)
			}
			return nil
		})
	}
	return all
}
