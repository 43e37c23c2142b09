package report

import (
	"time"

	"mailgrant/app/authorization"
	"mailgrant/app/overview"
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
	case l.Ends().IsZero():
		return b.text("life.valid")
	}
	return b.text("life.until", "date", l.Ends().Local().Format(b.text("date")))
}

// until is the same in a table, whose head says what it is about.
func (b book) until(l *overview.Row) string {
	if l.State == authorization.StateValid && !l.Ends().IsZero() {
		return l.Ends().Local().Format(b.text("date"))
	}
	return b.words(l)
}

// secret says until when the secret lasts; "" where that is not known.
func (b book) secret(l *overview.Row) string {
	if l.Secret.Ends.IsZero() {
		return ""
	}
	return b.text("life.secret", "date", l.Secret.Ends.Local().Format(b.text("date")))
}
