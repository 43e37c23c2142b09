package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"mailgrant/app/authorization"
	"mailgrant/app/overview"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/redact"
	"mailgrant/mailtest"
	"mailgrant/oauth"
)

func (p *program) statusCommand() *command {
	var s selection
	c := p.command("status [MAILBOX]", 0, 1, func(ctx context.Context, args []string) error {
		if s.several() {
			return p.statusAll(ctx, s, args)
		}
		d, err := p.oauthMailbox(s, args)
		if err != nil {
			return err
		}
		status, err := p.m().Status(d)
		if err != nil && status.Diagnosis == nil {
			return err
		}
		err = p.showStatus(d, status, s.json)
		if c, _ := p.m().Credentials(d); c.Stored && !s.json {
			p.fact("credential", c.Text(p.texts))
		}
		return err
	})
	s.flags(p, c, "file", "json", "all")
	return c
}

// showStatus ends with 5 where there is nothing usable.
func (p *program) showStatus(d mailbox.Definition, s authorization.Status, asJSON bool) error {
	if asJSON {
		_ = p.printJSON(p.statusOf(d, s)) // output remembers what could not be written
	} else {
		p.printStatus(d, s)
	}
	if s.State != authorization.StateValid {
		return exitError(exitNoGrant)
	}
	return nil
}

func (p *program) printStatus(d mailbox.Definition, s authorization.Status) {
	st := styleOf(p.Stdout)
	sign := st.paint(green, "●")
	if s.State != authorization.StateValid {
		sign = st.paint(red, "○")
	}
	state := s.State
	switch {
	case state == authorization.StateNone && s.Diagnosis != nil:
		state = overview.StateUnreadable
	case state == authorization.StateValid && s.Diagnosis != nil && s.Renewable:
		state, sign = "doubtful", st.paint(yellow, "!")
	}
	fmt.Fprintf(p.Stdout, "%s %s\n", sign, st.paint(bold, p.texts.Text("cli.status."+string(state), i18n.Args{"mailbox": d.Name, "account": s.Account.User})))
	if s.Account.User != "" {
		p.fact("account", strings.TrimSpace(s.Account.User+"  "+s.Account.Name))
		p.fact("tenant", s.Account.TenantID)
		p.fact("granted", oauth.ScopeNames(s.Granted))
		p.fact("missing", oauth.ScopeNames(s.Missing))
		p.fact("issued", p.date(s.Issued))
		p.fact("renewed", p.date(s.Renewed))
		p.fact("access-expires", p.date(s.AccessExpires))
		p.fact("ends", p.date(s.EndsIfUnusedBy))
		p.fact("ends-sooner", wrap(p.texts.Text(s.EndsSooner), textWidth-27, strings.Repeat(" ", 27)))
	}
	if s.Diagnosis != nil {
		p.showDiagnosis(p.Stderr, *s.Diagnosis)
	}
}

func (p *program) fact(key, value string) {
	if value != "" && value != "–" {
		fmt.Fprintf(p.Stdout, "  %-*s %s\n", 24, p.texts.Text("cli.status."+key), redact.Visible(value))
	}
}

// statusAll shows every mailbox in a row, as it stands: nobody is asked.
func (p *program) statusAll(ctx context.Context, s selection, args []string) error {
	if s.file != "" || len(args) > 0 {
		return usage("cli.error.all-and-name")
	}
	var rows []*overview.Row
	err := interruptible(ctx, func() (err error) { rows, err = overview.Rows(p.m(), p.texts); return err })
	if err != nil {
		return err
	}
	rows = slices.DeleteFunc(rows, func(r *overview.Row) bool { return !s.includes(r.Name, r.Address()) })
	if len(rows) == 0 {
		return s.none()
	}
	var c columns
	for _, r := range rows {
		c.fit(r.Name, r.Address())
	}
	status := exitGood
	for _, r := range rows {
		if s.json {
			_ = p.printJSON(r.JSON())
		} else {
			fmt.Fprintln(p.Stdout, p.row(r, c))
		}
		switch {
		case r.Definition.Name == "": // it cannot be read
			status = max(status, exitUsage)
		case !r.Usable():
			status = exitNoGrant
		}
	}
	return exit(status)
}

func (p *program) row(r *overview.Row, c columns) string {
	s := styleOf(p.Stdout)
	state := mailtest.Skipped
	switch {
	case r.Broken():
		state = mailtest.Failed
	case r.OK():
		state = mailtest.Passed
	}
	line := c.line(s.mark(state), r.Name, r.Address(), fmt.Sprintf("%-17s", p.until(r)))
	for _, protocol := range mailbox.Protocols() {
		mark := " "
		if result, ok := r.Results[protocol]; ok {
			mark = s.mark(result.State)
		}
		line += "  " + protocol.Title() + " " + mark
	}
	return strings.TrimRight(line+"  "+p.date(r.Tested)+"  "+redact.Visible(r.Finding), " ")
}

// until is how long the authorization lasts. What is wrong with it is told as the
// finding.
func (p *program) until(r *overview.Row) string {
	switch {
	case !r.Usable():
		return ""
	case r.Until().IsZero():
		return p.texts.Text("cli.state." + string(r.State))
	}
	return p.date(r.Until())
}
