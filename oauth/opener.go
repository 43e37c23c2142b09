package oauth

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"os/exec"
	"sync"
	"time"

	"github.com/pkg/browser"

	"mailgrant/internal/mailbox"
)

// Opener starts browsers.
type Opener interface {
	// Open starts a browser on a loopback address in a way:
	// mailbox.SignInPrivateWindow or mailbox.SignInDefaultBrowser. It returns
	// the browser's name and does not wait for it; that a browser came up is
	// known when it fetches the address. It returns when ctx ends.
	Open(ctx context.Context, way, url string) (browser string, err error)
}

var (
	errNoDisplay = errors.New("oauth: there is no display for a browser")
	errNoPrivate = errors.New("oauth: no browser is installed whose private window may be used")
	errNotOurs   = errors.New("oauth: only an address on this machine is opened")
)

type systemOpener struct {
	log   *slog.Logger
	facts func(context.Context) browserFacts
}

// Open implements Opener: the first launch of the plan that starts.
func (o systemOpener) Open(ctx context.Context, way, address string) (string, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || !mailbox.IsLoopback(u.Hostname()) {
		return "", errNotOurs
	}
	if !hasDisplay() {
		return "", errNoDisplay
	}
	last := errNoPrivate
	for _, l := range plan(way, o.facts(ctx)) {
		if err := start(ctx, l, address); err != nil {
			o.log.Debug("oauth: a browser did not start", "browser", l.browser, "error", err)
			last = err
			continue
		}
		return l.browser, nil
	}
	return "", last
}

// settle is how long a launcher is watched for an early failure. It usually
// hands over to the running browser and ends; if it is the browser itself, it
// runs on.
const settle = time.Second

// start runs one launch with an argument vector, never through a shell, and
// leaves it running. A goroutine collects its exit status, whenever that is.
func start(ctx context.Context, l launch, address string) error {
	ended := make(chan error, 1)
	if l.command == nil {
		quiet()
		go func() { ended <- browser.OpenURL(address) }()
	} else {
		cmd := exec.Command(l.command[0], append(l.command[1:len(l.command):len(l.command)], address)...)
		detach(cmd)
		if err := cmd.Start(); err != nil {
			return err
		}
		go func() { ended <- cmd.Wait() }()
	}
	select {
	case err := <-ended:
		if err != nil {
			return fmt.Errorf("oauth: the browser's launcher: %w", err)
		}
	case <-time.After(settle):
	case <-ctx.Done():
	}
	return nil
}

// quiet sends what launchers print to nowhere: standard output belongs to the
// command line's answer. A file, because a pipe would be kept open by the
// browser and never be read to its end.
var quiet = sync.OnceFunc(func() {
	if null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0); err == nil {
		browser.Stdout, browser.Stderr = null, null
	}
})
