package report

import (
	"time"

	"mailgrant/app/authorization"
	"mailgrant/app/overview"
	"mailgrant/internal/markup"
)

// cell is a time in a table; "" where it is not known.
func cell(t time.Time) string {
	if stamp := overview.Stamp(t); stamp != nil {
		return *stamp
	}
	return ""
}

// words say for people how an authorization stands and until when it lasts; ""
// where nothing is known of it.
func (b book) words(l *overview.Row) string {
	switch {
	case l.State == "":
		return ""
	case l.State == overview.StatePassword:
		return b.text("life.password")
	case l.State != authorization.StateValid:
		return b.texts.Text("overview.state." + string(l.State))
	case l.Ends.IsZero():
		return b.text("life.valid")
	}
	return b.text("life.until", "date", l.Ends.Local().Format(b.text("date")))
}

func (b book) life(p *markup.Page, r record) {
	if words := b.words(r.life); words != "" {
		p.Add("<p>%s: %s", b.text("life"), words)
		if !r.life.Secret.Ends.IsZero() {
			p.Add(" · %s", b.secret(r.life))
		}
		p.Add("</p>\n")
	}
}

func (b book) secret(l *overview.Row) string {
	return b.text("life.secret", "date", l.Secret.Ends.Local().Format(b.text("date")))
}
