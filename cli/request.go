package cli

import (
	"bufio"
	"cmp"
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"mailgrant/app/authorization"
	"mailgrant/app/overview"
	"mailgrant/internal/diagnosis"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/oauth"
)

type requestFlags struct {
	selection
	signIn, prompt, paste string
	timeout               time.Duration
	hosts                 []string
}

func (p *program) requestCommand() *command {
	var f requestFlags
	c := p.command("request [MAILBOX]", 0, 1, func(ctx context.Context, args []string) error {
		return p.request(ctx, f, args)
	})
	f.flags(p, c, "file", "json")
	f.signInFlags(p, c, oauth.Ways())
	c.flags.StringVar(&f.prompt, "prompt", "", p.texts.Text("cli.flag.prompt"))
	c.flags.StringVar(&f.paste, "paste", "", p.texts.Text("cli.flag.paste"))
	p.hostsFlag(c, &f.hosts)
	return c
}

// signInFlags are how somebody is to sign in, and until when.
func (f *requestFlags) signInFlags(p *program, c *command, ways []string) {
	c.flags.StringVar(&f.signIn, "sign-in", "", p.texts.Text("cli.flag.sign-in", i18n.Args{"ways": strings.Join(ways, ", ")}))
	c.flags.DurationVar(&f.timeout, "timeout", oauth.DefaultTimeout, p.texts.Text("cli.flag.request-timeout"))
}

func (f requestFlags) check() error {
	return cmp.Or(
		optional("--sign-in", f.signIn, oauth.Ways()),
		optional("--prompt", f.prompt, []string{mailbox.PromptLogin, mailbox.PromptSelectAccount}),
		positive("--timeout", f.timeout),
	)
}

func (p *program) request(ctx context.Context, f requestFlags, args []string) error {
	if err := f.check(); err != nil {
		return err
	}
	d, err := p.oauthMailbox(f.selection, args)
	if err != nil {
		return err
	}
	if f.paste != "" && f.paste != "-" {
		return p.explainPasted(f)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	pasted := p.pasted(ctx, f)
	if way := cmp.Or(f.signIn, d.OAuth.SignIn); pasted == nil && d.OAuth.PasteOnly() && way != mailbox.SignInDeviceCode && d.OAuth.AccountType != mailbox.AccountApplication {
		return usage("cli.error.paste-only")
	}
	p.nameForeign(d)
	result, err := p.m().Request(ctx, d, authorization.Options{
		SignIn: f.signIn, Prompt: f.prompt, Timeout: f.timeout, AllowHosts: f.hosts,
		Pasted: pasted, OnEvent: func(e oauth.Event) { p.showRequestEvent(d, e, f.json) },
	})
	if err != nil {
		return p.requestFailed(err, f.json)
	}
	return p.requestDone(d, result, f.json)
}

// nameForeign tells of a sign-in service that is no preset, before a browser
// opens.
func (p *program) nameForeign(d mailbox.Definition) {
	if !oauth.IsPreset(*d.OAuth) {
		p.note("cli.request.foreign", i18n.Args{"host": oauth.AuthorityHost(*d.OAuth)})
	}
}

// explainPasted answers an error text from the browser without a new sign-in.
// The flow it belongs to has ended with its process, so that an answer in it
// can no longer be redeemed.
func (p *program) explainPasted(f requestFlags) error {
	diag := diagnosis.ExplainText(f.paste, diagnosis.PhaseAuthorize, "")[0]
	if diag.Vague() && strings.Contains(f.paste, "code=") {
		diag = diagnosis.New(diagnosis.CauseAnswerNotOurs, diagnosis.PhaseAuthorize, nil)
	}
	return p.requestFailed(diag, f.json)
}

// pasted passes on what is typed or piped in, a line at a time. Standard input
// is read only on a terminal or when --paste - says so: a script's input is
// not ours to take.
func (p *program) pasted(ctx context.Context, f requestFlags) <-chan string {
	if f.paste != "-" && p.terminal() == nil {
		return nil
	}
	lines := make(chan string)
	go feed(ctx, p.Stdin, lines)
	return lines
}

// maxPaste is the longest line taken, of a longer one piece by piece: an address
// with a code has a few KB.
const maxPaste = 64 << 10

func feed(ctx context.Context, r io.Reader, lines chan<- string) {
	in := bufio.NewReaderSize(r, maxPaste)
	for {
		line, _, err := in.ReadLine()
		if err != nil {
			return
		}
		if strings.TrimSpace(string(line)) == "" {
			continue
		}
		select {
		case lines <- string(line):
		case <-ctx.Done():
			return
		}
	}
}

func (p *program) showRequestEvent(d mailbox.Definition, e oauth.Event, asJSON bool) {
	_, refused := e.(oauth.PasteRefused) // which no event of a script says
	if !asJSON || refused {
		p.printRequestEvent(d, e)
	} else if line := eventOf(e); line != nil {
		if err := p.printJSON(line); err != nil {
			p.log.Warn("cli: event", "error", err)
		}
	}
}

func (p *program) printRequestEvent(d mailbox.Definition, e oauth.Event) {
	say := func(key string, args i18n.Args) { p.note("cli.request."+key, args) }
	switch e := e.(type) {
	case oauth.SignInStarted:
		say("sign-in-as", i18n.Args{"user": d.User}) // no colour: the texts escape what stands in them
		p.printAddress(e)
	case oauth.DeviceCode:
		say("sign-in-as", i18n.Args{"user": d.User})
		say("device", i18n.Args{"address": e.VerificationURI})
		fmt.Fprintf(p.Stderr, "\n  %s\n\n", styleOf(p.Stderr).paint(bold, e.UserCode))
		say("waiting", i18n.Args{"until": p.clock(e.Expires)})
	case oauth.BrowserStarted:
		say("browser."+e.Way, i18n.Args{"browser": e.Browser})
	case oauth.NextWay:
		key := "next." + e.Way
		if e.Refused {
			key = "instead"
		}
		say(key, i18n.Args{"way": e.Way})
	case oauth.PasteRefused:
		p.showDiagnosis(p.Stderr, e.Reason)
	case oauth.AnswerTaken:
		say("answer", nil)
	case oauth.Tried:
		if e.Result != "" {
			p.note("cli.tried", i18n.Args{"text": p.texts.Text("experiment." + string(e.ID) + "." + e.Result)})
		}
	}
}

func (p *program) printAddress(e oauth.SignInStarted) {
	p.note("cli.request.address")
	fmt.Fprintf(p.Stderr, "\n  %s\n\n", styleOf(p.Stderr).paint(cyan, e.URL))
	if e.PasteOnly {
		p.note("cli.request.paste-only")
	}
	if p.terminal() != nil {
		p.note("cli.request.paste")
	}
	p.note("cli.request.waiting", i18n.Args{"until": p.clock(e.Expires)})
}

// requestFailed ends a request; what no service said is a failed sign-in too.
func (p *program) requestFailed(err error, asJSON bool) error {
	if line := p.failed(err); asJSON && line != nil {
		_ = p.printJSON(line) // output remembers what could not be written
	}
	if e := p.endingOf(err); e.status == exitProblem {
		p.tell(e.line)
		return exitError(exitSignIn)
	}
	return err
}

func (p *program) requestDone(d mailbox.Definition, r authorization.Result, asJSON bool) error {
	p.warn(r)
	if asJSON {
		return p.printJSON(resultJSON{
			"result", true, accountOf(r.Account), r.Identity, filled(r.Granted), filled(r.Missing), r.Renewal == nil, overview.Stamp(r.AccessExpires),
		})
	}
	s, who := styleOf(p.Stdout), string(r.Identity)
	if d.OAuth.AccountType == mailbox.AccountApplication {
		who = "application"
	}
	fmt.Fprintf(p.Stdout, "%s %s\n", s.paint(green, "✓"), s.paint(bold, p.texts.Text("cli.request.done."+who, i18n.Args{
		"account": r.Account.User, "user": d.User, "shared": d.SharedMailbox,
	})))
	if len(r.Granted) > 0 {
		fmt.Fprintf(p.Stdout, "  %s\n", p.texts.Text("cli.request.granted", i18n.Args{"permissions": oauth.ScopeNames(r.Granted)}))
	}
	if r.Renewal == nil {
		fmt.Fprintf(p.Stdout, "  %s\n", p.texts.Text("cli.request.renewable"))
	}
	return nil
}

// warn tells what a sign-in that is stored all the same did not give.
func (p *program) warn(r authorization.Result) {
	mark := styleOf(p.Stderr).paint(yellow, "! ")
	if len(r.Missing) > 0 {
		fmt.Fprintln(p.Stderr, mark+p.texts.Text("cli.request.missing", i18n.Args{"permissions": oauth.ScopeNames(r.Missing)}))
	}
	if r.Renewal != nil {
		how := "not-renewable"
		if r.State == authorization.StateRefused {
			how = "renewal-refused"
		}
		fmt.Fprintln(p.Stderr, mark+p.texts.Text("cli.request."+how, i18n.Args{"until": p.date(r.AccessExpires)}))
		p.fail(r.Renewal)
	}
}
