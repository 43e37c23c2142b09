package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"

	"mailgrant/app/products"
	"mailgrant/app/table"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
)

type importFlags struct {
	replace, dryRun bool
}

func (p *program) importCommand() *command {
	var f importFlags
	c := p.command("import FILE...", 1, math.MaxInt, func(ctx context.Context, args []string) error {
		err := p.importMailboxes(ctx, f, args)
		if errors.Is(err, context.Canceled) {
			p.note("cli.mailbox.import-cancelled")
			return exitError(exitCancelled)
		}
		return err
	})
	c.about = func() string { // not before: no other command needs the columns
		return wrap(p.text(c, "short"), textWidth, "") + "\n\n" + wrap(table.Columns(p.texts), textWidth, "")
	}
	c.flags.BoolVar(&f.replace, "replace", false, p.texts.Text("cli.flag.import-replace"))
	c.flags.BoolVar(&f.dryRun, "dry-run", false, p.texts.Text("cli.flag.import-dry-run"))
	return c
}

// importMailboxes saves all mailboxes of the files, or, where anything is
// wrong with one of them or it is interrupted, none. Once they are being saved it
// is too late for that: all will be, and that is told.
func (p *program) importMailboxes(ctx context.Context, f importFlags, files []string) error {
	preview, err := table.ReadFiles(files...)
	if file, is := errors.AsType[*table.FileError](err); is {
		return p.unreadable(file.Path, file.Err)
	}
	if err = cmp.Or(err, ctx.Err()); err != nil {
		return err
	}
	preview.Borrow(p.m().Book)
	for _, ignored := range preview.Ignored {
		p.tell(ignored.Text(p.texts))
	}
	if f.dryRun {
		preview.Compare(p.m().Book, f.replace)
		if err := p.checkImport(preview); err != nil {
			return err
		}
		p.showImport(preview)
		return nil
	}
	all, err := table.Importer{Book: p.m().Book, MoveSecrets: p.m().MoveSecrets, Stopped: ctx.Err}.TakeOver(&preview, f.replace)
	if err != nil && !errors.Is(err, table.ErrProblems) {
		return err
	}
	if err := p.checkImport(preview); err != nil {
		return err
	}
	switch len(all) {
	case 0:
		p.note("cli.mailbox.unchanged")
	case 1:
		p.note("cli.mailbox.imported", i18n.Args{"name": all[0].Name})
	default:
		p.note("cli.mailbox.imported-all", i18n.Args{"count": strconv.Itoa(len(all))})
	}
	if i := slices.IndexFunc(all, mailbox.Definition.PasswordEnds); i >= 0 {
		p.tell(products.PasswordEnds(all[i], p.texts))
	}
	return nil
}

// checkImport tells every problem of what was compared with the book at its
// place.
func (p *program) checkImport(preview table.Preview) error {
	if preview.OK() {
		return nil
	}
	problems := preview.Problems()
	for _, problem := range problems {
		p.tell(problem.Text(p.texts))
	}
	if len(problems) > 1 {
		p.tell(p.texts.Text("cli.error.nothing-imported", i18n.Args{"count": strconv.Itoa(len(problems))}))
	}
	if slices.ContainsFunc(problems, func(one table.Problem) bool { return one.Problem == "saved" }) {
		p.tell(p.texts.Text("cli.error.import-replace"))
	}
	return exitError(exitUsage)
}

func (p *program) showImport(preview table.Preview) {
	keys := map[table.Standing]string{
		table.New: "cli.mailbox.would-import", table.Changed: "cli.mailbox.would-replace", table.Same: "cli.mailbox.would-keep",
	}
	for _, r := range preview.Rows {
		fmt.Fprintln(p.Stdout, p.texts.Text(keys[r.Standing], i18n.Args{"name": r.Definition.Name, "address": r.Definition.Address()}))
	}
}

func (p *program) exportCommand() *command {
	var format string
	var s selection
	c := p.command("export [MAILBOX]", 0, 1, func(_ context.Context, args []string) error {
		switch {
		case s.several():
			return p.exportAll(s, args, format)
		case len(args) == 0 && s.file == "":
			return usage("cli.error.export-what")
		}
		return p.showMailbox(s, args)
	})
	s.flags(p, c, "file", "export-all")
	c.flags.StringVar(&format, "format", "", p.texts.Text("cli.flag.export-format"))
	needs(c, "format", "all", "match")
	return c
}

// exportAll writes what mailbox import takes over again. A mailbox that cannot
// be read is an error: a list that lacks one would pass for the whole.
func (p *program) exportAll(s selection, args []string, format string) error {
	if err := optional("--format", format, []string{"json", "csv"}); err != nil {
		return err
	}
	var unread error
	all, err := p.definitions(s, args, func(_ string, err error) { unread = cmp.Or(unread, err) })
	if err = cmp.Or(unread, err); err != nil {
		return err
	}
	data, err := table.WriteJSON(all)
	if format == "csv" {
		data, err = table.WriteCSV(all, p.texts.Language())
	}
	if err != nil {
		return err
	}
	_, err = p.Stdout.Write(data)
	return err
}
