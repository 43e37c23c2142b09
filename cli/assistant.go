package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"mailgrant/app/assistant"
	"mailgrant/app/authorization"
	"mailgrant/app/products"
	"mailgrant/internal/diagnosis"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/store"
	"mailgrant/mailtest"
)

type assistantFlags struct {
	selection
	offline       bool
	powershell    bool
	az            bool
	product, host string
	certificate   string
}

func (p *program) assistantCommand() *command {
	var f assistantFlags
	c := p.command("assistant [MAILBOX]", 0, 1, func(ctx context.Context, args []string) error {
		if len(args) == 1 && strings.Contains(args[0], "@") && f.file == "" {
			return p.propose(ctx, args[0], f)
		}
		d, err := p.mailbox(f.selection, args)
		switch {
		case err != nil:
			return err
		case f.certificate != "":
			return p.newCertificate(d, f.certificate)
		}
		var card *products.Card // the chosen product's, or nil
		if f.product != "" {
			of, err := p.card(d, f.product, f.host)
			if card = &of; err != nil {
				return err
			}
		}
		if f.powershell || f.az {
			return p.script(d, card, f.az)
		}
		return p.checklist(ctx, d, card, f)
	})
	f.flags(p, c, "file", "json")
	c.flags.BoolVar(&f.offline, "offline", false, p.texts.Text("cli.flag.assistant-offline"))
	c.flags.BoolVar(&f.powershell, "powershell", false, p.texts.Text("cli.flag.assistant-powershell"))
	c.flags.BoolVar(&f.az, "az", false, p.texts.Text("cli.flag.assistant-az"))
	c.flags.StringVar(&f.product, "product", "", p.texts.Text("cli.flag.assistant-product"))
	c.flags.StringVar(&f.host, "host", "", p.texts.Text("cli.flag.products-host"))
	needs(c, "host", "product")
	c.flags.StringVar(&f.certificate, "new-certificate", "", p.texts.Text("cli.flag.assistant-certificate"))
	return c
}

// script prints what does the portal's part. It is never run here.
func (p *program) script(d mailbox.Definition, card *products.Card, az bool) error {
	write := assistant.PowerShell
	if az {
		write = assistant.AzureCLI
	}
	text := write(d, card, p.texts)
	if text == "" {
		return usage("cli.error.microsoft-only", i18n.Args{"mailbox": d.Name})
	}
	_, err := io.WriteString(p.Stdout, text)
	return err
}

// checklist asks what can be asked, and shows every item with its state.
func (p *program) checklist(ctx context.Context, d mailbox.Definition, card *products.Card, f assistantFlags) error {
	facts := assistant.Facts{Mailbox: d, Product: card, Secret: p.m().HasSecret(d, authorization.ClientSecret)}
	if d.Authentication == mailbox.AuthOAuth2 {
		if s, err := p.m().Status(d); err == nil {
			facts.Status = &s
		}
	}
	var results []assistant.CheckResult
	var err error
	if facts.Tests, err = p.lastTests(d, f.selection); err != nil {
		return err
	}
	if !f.offline {
		if results, err = p.lookAround(ctx, &facts, f.selection); err != nil {
			return err
		}
	}
	items := assistant.Checklist(facts, p.texts)
	summary, finished := assistant.Summary(items, card, p.texts)
	if f.json {
		if card == nil { // scripts count the items of a product that they asked about
			items = slices.DeleteFunc(items, func(i assistant.Item) bool { return i.Outside })
		}
		return p.printJSON(assistantJSON{d.Name, filled(results), items, finished})
	}
	if len(results) > 0 {
		fmt.Fprintf(p.Stdout, "%s\n", styleOf(p.Stdout).paint(bold, p.texts.Text("cli.assistant.preflight")))
	}
	for _, result := range results {
		fmt.Fprintf(p.Stdout, "  %s %s\n", resultMark(styleOf(p.Stdout), string(result.State)), result.Line(p.texts))
	}
	told := map[diagnosis.Cause]bool{}
	for n, item := range items {
		p.showItem(p.Stdout, n+1, item, told)
	}
	fmt.Fprintf(p.Stdout, "\n%s\n", wrap(summary, textWidth, ""))
	return nil
}

// lookAround runs the preflight and, where there is an authorization, the test;
// for a product also its check.
func (p *program) lookAround(ctx context.Context, f *assistant.Facts, s selection) ([]assistant.CheckResult, error) {
	pre, err := assistant.RunPreflight(ctx, p.m(), f.Mailbox)
	if err != nil {
		return nil, err
	}
	f.Preflight, f.Tenant = pre.Checks, pre.Tenant
	stored := f.Mailbox.Authentication == mailbox.AuthPassword && p.m().HasSecret(f.Mailbox, authorization.Password)
	if stored || f.Status != nil && f.Status.State == authorization.StateValid {
		flags := testFlags{selection: s, timeout: mailtest.DefaultTimeout}
		f.Tests = assistant.TestsOf(mailtest.Collect(f.Mailbox, p.tester(flags, mailtest.Run)(ctx, p.testConfig(ctx, f.Mailbox, flags))))
	}
	if f.Product != nil {
		found, err := assistant.CheckProduct(ctx, p.m(), f.Mailbox, *f.Product)
		if err != nil {
			return nil, err
		}
		f.Checked = found.Results(f.Tests, p.texts)
	}
	return pre.Results(p.texts), ctx.Err()
}

func resultMark(s style, state string) string {
	switch state {
	case "passed", "done":
		return s.mark(mailtest.Passed)
	case "failed":
		return s.mark(mailtest.Failed)
	case "to-do":
		return s.mark(mailtest.Warned)
	}
	return s.mark(mailtest.Skipped)
}

// showItem shows an item. The steps against a cause are told once.
func (p *program) showItem(w io.Writer, n int, i assistant.Item, told map[diagnosis.Cause]bool) {
	s := styleOf(w)
	if i.Outside {
		fmt.Fprintf(w, "\n%s %s  %s\n", s.paint(cyan, "→"), s.paint(bold, i.Title), s.paint(dim, p.texts.Text("assistant.state.outside")))
	} else {
		fmt.Fprintf(w, "\n%s %d. %s  %s\n", resultMark(s, string(i.State)), n, s.paint(bold, i.Title), s.paint(dim, p.texts.Text("assistant.state."+string(i.State))))
	}
	if i.Proof != "" {
		fmt.Fprintf(w, "     %s\n", i.Proof)
	}
	if i.Problem != nil {
		fmt.Fprintf(w, "     %s\n", i.Problem.Title)
		for _, fix := range i.Problem.Fix {
			if !told[i.Problem.Cause] {
				fmt.Fprintf(w, "       – %s\n", fix)
			}
		}
		told[i.Problem.Cause] = true
	}
	if i.State == assistant.Done {
		return
	}
	fmt.Fprintf(w, "     %s\n", i.Why)
	for _, step := range i.Path {
		fmt.Fprintf(w, "     → %s\n", step)
	}
	if i.Link != "" {
		fmt.Fprintf(w, "       %s\n", i.Link)
	}
	for _, v := range i.Values {
		fmt.Fprintf(w, "       %s: %s\n", v.Name, v.Value)
	}
	for _, line := range strings.Split(i.Command, "\n") {
		if line != "" {
			fmt.Fprintf(w, "       %s\n", s.paint(dim, "PS> ")+line)
		}
	}
}

// propose prints what can be found out from an address alone.
func (p *program) propose(ctx context.Context, address string, f assistantFlags) error {
	if err := mailbox.CheckAddress("sender", address); err != nil {
		return err
	}
	d, err := assistant.NewFinder(p.m(), p.log).Propose(ctx, mailbox.Definition{Sender: address})
	if ctx.Err() != nil {
		return ctx.Err()
	}
	d.Name = address[:strings.IndexByte(address, '@')]
	if len(d.Servers) == 0 {
		key := "cli.assistant.nothing"
		if err != nil {
			key = "cli.assistant.unasked"
		}
		p.tell(p.texts.Text(key, i18n.Args{"domain": mailbox.DomainOf(address)}))
		return exitError(exitProblem)
	}
	if !f.json {
		p.note("cli.assistant.proposal", i18n.Args{"address": address})
	}
	_, err = p.Stdout.Write(d.Normalize().Format())
	return err
}

// newCertificate makes the application's credential: the private key is
// sealed, the public part goes to a new file.
func (p *program) newCertificate(d mailbox.Definition, path string) error {
	if d.OAuth == nil || d.OAuth.AccountType != mailbox.AccountApplication {
		return usage("cli.error.certificate-only", i18n.Args{"mailbox": d.Name})
	}
	c, err := assistant.NewCertificate("Mailgrant "+d.Address(), time.Now())
	if err != nil {
		return err
	}
	if err := p.writeNew(path, c.Public, store.Public); err != nil {
		return err
	}
	if err := p.m().SetSecret(d, authorization.ClientSecret, c.Secret); err != nil {
		return errors.Join(err, os.Remove(path))
	}
	fmt.Fprintln(p.Stdout, p.texts.Text("cli.assistant.certificate", i18n.Args{
		"file": path, "thumbprint": c.Thumbprint, "until": c.Expires.Local().Format(p.texts.Text("cli.date-format")),
	}))
	p.noteFormer(d)
	return nil
}
