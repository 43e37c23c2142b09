package cli

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"mailgrant/app/assistant"
	"mailgrant/app/products"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/typo"
	"mailgrant/oauth"
)

type productFlags struct {
	selection
	mailbox string
	host    string
	check   bool
}

func (p *program) productsCommand() *command {
	var f productFlags
	c := p.command("products [ID]", 0, 1, func(ctx context.Context, args []string) error {
		if len(args) == 0 {
			return p.listProducts(f)
		}
		return p.showProduct(ctx, args[0], f)
	})
	f.flags(p, c, "file", "json")
	c.flags.StringVar(&f.mailbox, "mailbox", "", p.texts.Text("cli.flag.products-mailbox"))
	c.flags.StringVar(&f.host, "host", "", p.texts.Text("cli.flag.products-host"))
	c.flags.BoolVar(&f.check, "check", false, p.texts.Text("cli.flag.products-check"))
	needs(c, "check", "mailbox", "file")
	return c
}

func (p *program) listProducts(f productFlags) error {
	if f.mailbox != "" || f.file != "" || f.host != "" || f.check {
		return usage("cli.error.products-what")
	}
	lines := []productLine{}
	for _, profile := range products.All() {
		l := productLine{profile.ID, profile.Label(p.texts.Language()), profile.Access.Flow, profile.CanOAuth()}
		lines = append(lines, l)
		if !f.json {
			fmt.Fprintf(p.Stdout, "%-23s %-38s %s\n", l.ID, l.Name, p.texts.Text("products.flow."+string(l.Flow)))
		}
	}
	if f.json {
		return p.printJSON(map[string]any{"products": lines})
	}
	return nil
}

func (p *program) showProduct(ctx context.Context, id string, f productFlags) error {
	var d mailbox.Definition
	if f.mailbox != "" || f.file != "" {
		var names []string
		if f.mailbox != "" {
			names = []string{f.mailbox}
		}
		var err error
		if d, err = p.mailbox(f.selection, names); err != nil {
			return err
		}
	}
	card, err := p.card(d, id, f.host)
	switch {
	case err != nil:
		return err
	case f.check:
		return p.checkProduct(ctx, d, card, f)
	case f.json:
		return p.printJSON(card)
	}
	p.showCard(p.Stdout, card)
	return nil
}

// card is that of a product at its address, as it was typed or copied.
func (p *program) card(d mailbox.Definition, id, typed string) (products.Card, error) {
	profile, err := product(id)
	host := products.HostOf(typed)
	switch {
	case err != nil:
		return products.Card{}, err
	case host != "" && !products.IsHost(host):
		return products.Card{}, usage("cli.error.product-host", i18n.Args{"value": typed})
	}
	return profile.For(d, host, p.texts), nil
}

// product is the one that is called by its id, or an error that says which may be
// meant.
func product(id string) (products.Profile, error) {
	low := strings.ToLower(id)
	profile, ok := products.Get(low)
	if ok {
		return profile, nil
	}
	for _, near := range products.All() {
		if low != "" && (strings.Contains(strings.ToLower(near.Name), low) || typo.Slip(low, near.ID)) {
			return profile, usage("cli.error.product-meant", i18n.Args{"id": id, "meant": near.ID})
		}
	}
	return profile, usage("cli.error.product", i18n.Args{"id": id})
}

// checkProduct tells what can be proved from here, and ends with 1 where
// something is wrong.
func (p *program) checkProduct(ctx context.Context, d mailbox.Definition, card products.Card, f productFlags) error {
	found, err := assistant.CheckProduct(ctx, p.m(), d, card)
	switch {
	case err != nil:
		return err
	case ctx.Err() != nil:
		return ctx.Err()
	}
	tests, err := p.lastTests(d, f.selection)
	if err != nil {
		return err
	}
	status, findings := exitGood, found.Results(tests, p.texts)
	if slices.ContainsFunc(findings, func(r assistant.CheckResult) bool { return r.State == oauth.CheckFailed }) {
		status = exitProblem
	}
	if f.json {
		return cmp.Or(p.printJSON(productCheckJSON{card.ID, d.Name, status == exitGood, filled(findings)}), exit(status))
	}
	for _, finding := range findings {
		fmt.Fprintf(p.Stdout, "%s %s\n", resultMark(styleOf(p.Stdout), string(finding.State)), finding.Text)
	}
	for i, finding := range findings {
		if finding.Rendered != nil && !assistant.Told(findings, i) {
			p.showRendered(p.Stdout, *finding.Rendered)
		}
	}
	return exit(status)
}

// lastTests are those of a saved mailbox; a definition file's are not kept.
func (p *program) lastTests(d mailbox.Definition, f selection) (assistant.LastTests, error) {
	if f.file != "" {
		return nil, nil
	}
	past, err := p.m().History.Load(d.Name)
	return assistant.TestsKept(d, past), err
}

func (p *program) showCard(w io.Writer, c products.Card) {
	s := styleOf(w)
	text := p.texts.Text
	fmt.Fprintf(w, "%s  %s\n", s.paint(bold, c.Name), s.paint(dim, text("products.flow."+string(c.Flow))))
	for _, line := range c.Remarks(p.texts) {
		fmt.Fprintln(w, line)
	}
	for _, part := range c.Parts(p.texts) {
		showPart(w, s, part)
	}
	sources := products.Part{Title: text("products.sources")}
	for _, source := range c.Sources {
		sources.Lines = append(sources.Lines, strings.TrimSpace(source.Title+", "+text("products.checked", i18n.Args{"day": source.Checked})+" "+source.URL))
	}
	if len(sources.Lines) > 0 {
		showPart(w, s, sources)
	}
}

func showPart(w io.Writer, s style, part products.Part) {
	fmt.Fprintf(w, "\n%s\n", s.paint(bold, part.Title))
	indent := "  "
	for _, row := range part.Rows {
		if row.Where != "" {
			fmt.Fprintf(w, "  %s\n", s.paint(dim, row.Where))
			indent = "    "
		}
		line := row.Name
		if row.Value != "" {
			line += ": " + row.Value
		}
		fmt.Fprintln(w, indent+line)
		if row.Note != "" {
			fmt.Fprintf(w, "%s  %s\n", indent, s.paint(dim, row.Note))
		}
	}
	for _, line := range part.Lines {
		fmt.Fprintf(w, "  – %s\n", line)
	}
}
