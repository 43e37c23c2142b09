package cli

import (
	"fmt"
	"strings"

	"mailgrant/app/overview"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/redact"
	"mailgrant/mailtest"
)

// statusAll shows every mailbox in a row, as it stands: nobody is asked.
func (p *program) statusAll(s selection, args []string) error {
	if s.file != "" || len(args) > 0 {
		return usage("cli.error.all-and-name")
	}
	rows, err := overview.Rows(p.m, p.texts)
	switch {
	case err != nil:
		return err
	case len(rows) == 0:
		return usage("cli.error.no-mailbox")
	}
	var c columns
	for _, r := range rows {
		c.fit(r.Name, r.Address())
	}
	status := exitGood
	for _, r := range rows {
		if s.json {
			err = p.printJSON(r.JSON())
		} else {
			_, err = fmt.Fprintln(p.Stdout, p.row(r, c))
		}
		if err != nil {
			return err
		}
		switch {
		case r.State == overview.StateUnreadable:
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
