package mailtest

import (
	"encoding/base64"
	"errors"
	"maps"
	"slices"
	"strings"

	"mailgrant/internal/mailbox"
	"mailgrant/internal/provider"
)

// Sieve is a protocol that only tests know.
const Sieve Protocol = "sieve"

// RegisterSieve is all that a new kind of test needs: its line in the table of
// protocols and its check. It is undone by forget.
func RegisterSieve() (forget func()) {
	undo := mailbox.Register(mailbox.Kind{
		Protocol: Sieve, Title: "ManageSieve", Short: "sieve", Reads: true,
		Ports: []mailbox.Port{{Number: 4190, Security: mailbox.SecuritySTARTTLS}},
	})
	checking(Sieve, func(s surroundings) Check { return &sieveDialog{surroundings: s} })
	return func() { undo(); delete(checks, Sieve) }
}

// SieveTakes is its line in the table of providers, where it takes tokens: the
// scope that Microsoft's servers need. It is undone by forget.
func SieveTakes(scope string) (forget func()) {
	known := provider.Profiles
	changed := slices.Clone(known())
	provider.Profiles = func() []provider.Profile { return changed }
	for i, p := range changed {
		if p.ID == mailbox.ProviderMicrosoft {
			scopes := maps.Clone(p.Scopes)
			scopes[string(Sieve)] = scope
			changed[i].Scopes = scopes
		}
	}
	return func() { provider.Profiles = known }
}

// HasCheck reports whether a protocol can be tested.
func HasCheck(p Protocol) bool { return checks[p] != nil }

// sieveDialog is enough of ManageSieve (RFC 5804) to sign in with a password.
type sieveDialog struct {
	surroundings
	mechanisms []string
}

func (d *sieveDialog) greet() error {
	for {
		line, err := d.wire.readLine()
		switch {
		case err != nil:
			return d.broken(err)
		case strings.HasPrefix(line, `"SASL" "`):
			d.mechanisms = strings.Fields(strings.Trim(strings.TrimPrefix(line, `"SASL" `), `"`))
		case line == "OK":
			return nil
		case !strings.HasPrefix(line, `"`):
			return d.nonsense(line)
		}
	}
}

func (d *sieveDialog) startTLS() error { return errNoSTARTTLS }

func (d *sieveDialog) offers() ([]string, bool, error) { return d.mechanisms, true, nil }

func (d *sieveDialog) password(offered []string) (string, bool) {
	return mechPlain, slices.Contains(offered, mechPlain)
}

func (d *sieveDialog) command(line string) error {
	if err := d.wire.send(line); err != nil {
		return d.broken(err)
	}
	for {
		answer, err := d.wire.readLine()
		switch {
		case err != nil:
			return d.broken(err)
		case strings.HasPrefix(answer, "OK"):
			return nil
		case strings.HasPrefix(answer, "NO"):
			return d.refused(answer)
		}
	}
}

func (d *sieveDialog) signIn(mechanism string, id identity) error {
	answers := newExchange(mechanism, id).answers
	if len(answers) != 1 {
		return errors.New("a mechanism of one answer is needed")
	}
	return d.command(`AUTHENTICATE "` + mechanism + `" "` + base64.StdEncoding.EncodeToString(answers[0]) + `"`)
}

func (d *sieveDialog) look() error   { return d.command("LISTSCRIPTS") }
func (d *sieveDialog) leaving() bool { return false }
func (d *sieveDialog) quit() bool    { return d.command("LOGOUT") == nil }
func (d *sieveDialog) close()        {}
