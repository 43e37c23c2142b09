package cli

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"mailgrant/app/authorization"
	"mailgrant/app/overview"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/redact"
	"mailgrant/oauth"
)

func (p *program) statusCommand() *cobra.Command {
	var s selection
	c := p.command("status [MAILBOX]", cobra.MaximumNArgs(1), func(_ context.Context, args []string) error {
		if s.all {
			return p.statusAll(s, args)
		}
		d, err := p.oauthMailbox(s, args)
		if err != nil {
			return err
		}
		status, err := p.m.Status(d)
		if err != nil && status.Diagnosis == nil {
			return err
		}
		err = p.showStatus(d, status, s.json)
		if c, _ := p.m.Credentials(d); c.Stored && !s.json {
			p.fact("credential", c.Text(p.texts))
		}
		return err
	})
	s.flags(p, c, "file", "json", "all")
	return c
}

// showStatus ends with 5 where there is nothing usable.
func (p *program) showStatus(d mailbox.Definition, s authorization.Status, asJSON bool) error {
	var err error
	if asJSON {
		err = p.printJSON(p.statusOf(d, s))
	} else {
		p.printStatus(d, s)
	}
	if err == nil && s.State != authorization.StateValid {
		err = exitError(exitNoGrant)
	}
	return err
}

func (p *program) printStatus(d mailbox.Definition, s authorization.Status) {
	st := styleOf(p.Stdout)
	sign := st.paint(green, "●")
	if s.State != authorization.StateValid {
		sign = st.paint(red, "○")
	}
	state := s.State
	if state == authorization.StateNone && s.Diagnosis != nil {
		state = overview.StateUnreadable
	}
	fmt.Fprintf(p.Stdout, "%s %s\n", sign, st.paint(bold, p.texts.Text("cli.status."+string(state), i18n.Args{"mailbox": d.Name, "account": s.Account.User})))
	if s.Account.User != "" {
		p.fact("account", redact.Visible(strings.TrimSpace(s.Account.User+"  "+s.Account.Name)))
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
		fmt.Fprintf(p.Stdout, "  %-*s %s\n", 24, p.texts.Text("cli.status."+key), value)
	}
}
