package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"mailgrant/app/authorization"
	"mailgrant/app/practice"
	"mailgrant/internal/i18n"
	"mailgrant/internal/native/renderer"
	"mailgrant/mailtest"
)

// window opens the window; with --practice on the practice tenant. Where there
// can be none it does the practice tour in the terminal instead.
func (p *program) window(ctx context.Context, inPractice bool) error {
	if p.OpenWindow == nil {
		return p.practise(ctx, func(t *practice.Tenant) error {
			return p.tour(ctx, p.texts.Text("cli.tour.no-window"), t)
		})
	}
	asked := askedLanguage(p.Args)
	p.texts = i18n.For(cmp.Or(asked, p.keptLanguage(), p.texts.Language()))
	d := &desktop{p: p, home: p.home, chooser: p.Renderers(p.home, p.Args, p.log), release: func() {}}
	if !inPractice && !d.claim() {
		return nil
	}
	defer d.release()
	out := d.chooser.Choose(ctx, d.release)
	switch {
	case inPractice && !out.Done && out.Reason == renderer.NoDisplay:
		return p.practise(ctx, func(t *practice.Tenant) error {
			return p.tour(ctx, d.reason(out), t)
		})
	case out.Renderer == "":
		return exit(d.status(out))
	}
	defer d.recordCrashes()()
	window := Window{Context: ctx, Renderer: out.Renderer, Language: asked != ""}
	if !inPractice {
		return exit(d.open(window))
	}
	return p.practise(ctx, func(t *practice.Tenant) error {
		window.Practice = t
		return exit(d.open(window))
	})
}

// keptLanguage is the one that was chosen in the window; "" is the system's.
func (p *program) keptLanguage() i18n.Language {
	if p.Language == nil {
		return ""
	}
	return p.Language(p.home)
}

// practise does something with a practice tenant that has its own settings.
func (p *program) practise(ctx context.Context, do func(*practice.Tenant) error) error {
	cleanUp, err := p.practiceHome()
	if err != nil {
		return err
	}
	defer cleanUp()
	tenant, err := practice.Start(ctx, practice.Options{Name: p.texts.Text("practice.mailbox"), Log: p.log, Language: p.texts.Language()})
	if err != nil {
		return err
	}
	defer tenant.Close()
	if err := p.m().Book.Put(tenant.Definition()); err != nil {
		return err
	}
	return do(tenant)
}

// tour says why there is no window and does in the terminal what it shows on the
// practice tenant: the wrong account is refused, the right one accepted, the
// mailbox tested.
func (p *program) tour(ctx context.Context, reason string, t *practice.Tenant) error {
	p.tell(reason)
	d := t.Definition()
	p.Stderr = p.Stdout // one story, in order
	s := styleOf(p.Stdout)
	for i, user := range []string{practice.Admin.UPN, practice.Helpdesk.UPN} {
		fmt.Fprintf(p.Stdout, "\n%s\n", s.paint(bold, p.texts.Text([]string{"cli.tour.wrong", "cli.tour.right"}[i], i18n.Args{"user": d.User, "account": user})))
		result, err := p.m().Request(ctx, d, authorization.Options{Opener: practice.Browser(user)})
		if i == 0 {
			if p.fail(err) != exitOtherAccount {
				return errors.Join(errors.New("the practice tenant did not behave as expected"), err)
			}
			continue
		}
		if err != nil {
			return err
		}
		if err := p.requestDone(d, result, false); err != nil {
			return err
		}
	}
	fmt.Fprintf(p.Stdout, "\n%s\n", s.paint(bold, p.texts.Text("cli.tour.test")))
	if err := p.testOne(ctx, d, testFlags{timeout: mailtest.DefaultTimeout, tour: true}); err != nil {
		return err
	}
	fmt.Fprintf(p.Stdout, "\n%s\n", p.texts.Text("cli.tour.more"))
	return nil
}
