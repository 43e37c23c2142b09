package report

import (
	"time"

	"mailgrant/app/authorization"
	"mailgrant/app/overview"
	"mailgrant/internal/markup"
)

// Life is how a mailbox's authorization stands and until when it lasts.
type Life struct {
	State      authorization.State
	Ends       time.Time // if nobody uses it; zero: not known, or it does not end
	SecretEnds time.Time // of the secret or certificate; zero: there is none, or its end is not known
}

// LifeOf takes a life from what the overview knows of a mailbox.
func LifeOf(r *overview.Row) Life {
	return Life{State: r.State, Ends: r.Ends, SecretEnds: r.Secret.Ends}
}

// values are a life as scripts read it.
func (l Life) values() map[string]any {
	return map[string]any{"state": l.State, "ends": overview.Stamp(l.Ends), "secret_ends": overview.Stamp(l.SecretEnds)}
}

// cell is a time in a table; "" where it is not known.
func cell(t time.Time) string {
	if stamp := overview.Stamp(t); stamp != nil {
		return *stamp
	}
	return ""
}

// words are a life for people; "" where nothing is known of it.
func (b book) words(l Life) string {
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
		if !r.life.SecretEnds.IsZero() {
			p.Add(" · %s", b.secret(r.life))
		}
		p.Add("</p>\n")
	}
}

func (b book) secret(l Life) string {
	return b.text("life.secret", "date", l.SecretEnds.Local().Format(b.text("date")))
}
