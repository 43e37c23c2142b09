package cli

import (
	"context"
	"time"

	"mailgrant/app/authorization"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
)

func (p *program) refreshCommand() *command {
	var s selection
	c := p.command("refresh [MAILBOX]", 0, 1, func(ctx context.Context, args []string) error {
		if s.several() {
			return p.refreshAll(ctx, s, args)
		}
		d, err := p.oauthMailbox(s, args)
		if err != nil {
			return err
		}
		status, err := p.m().Refresh(ctx, d)
		status, err = p.afterRefresh(d, status, err)
		if err == nil {
			return p.showStatus(d, status, s.json)
		}
		if s.json {
			_ = p.printJSON(p.statusOf(d, status)) // output remembers what could not be written
		}
		return err
	})
	s.flags(p, c, "file", "json", "all")
	return c
}

// afterRefresh adds to a failure what is stored.
func (p *program) afterRefresh(d mailbox.Definition, status authorization.Status, err error) (authorization.Status, error) {
	if err == nil {
		return status, nil
	}
	status, _ = p.m().Status(d)
	if e := p.endingOf(err); e.diagnosis != nil {
		status.Diagnosis = e.diagnosis
	}
	return status, err
}

// refreshAll renews every authorization once, however many mailboxes share it;
// mailboxes with a password have none.
func (p *program) refreshAll(ctx context.Context, s selection, args []string) error {
	withOAuth := func(d mailbox.Definition) bool { return needOAuth(d) == nil }
	began := time.Now()
	return p.all(ctx, s, args, withOAuth, func(ctx context.Context, d mailbox.Definition) shown {
		status, err := p.m().RefreshUnlessSince(ctx, d, began)
		status, err = p.afterRefresh(d, status, err)
		o := shown{json: func() any { return p.statusOf(d, status) }}
		if err != nil {
			e := p.endingOf(err)
			o.status, o.line = e.status, e.line
			return o
		}
		o.line = p.texts.Text("cli.refresh.line", i18n.Args{"account": status.Account.User, "until": p.date(status.AccessExpires)})
		return o
	})
}
