package cli

import (
	"errors"
	"slices"
	"strings"

	"mailgrant/internal/bounded"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/typo"
)

// selection is how a command is told its mailbox: a saved name or a file.
type selection struct {
	file  string
	json  bool
	all   bool   // every saved mailbox
	match string // of which those with these words in name or address
	many  bool   // the command can be about all
}

// several tells whether it is not about one mailbox.
func (s selection) several() bool { return s.all || s.match != "" }

// includes tells whether all the words occur in a mailbox's name or address.
func (s selection) includes(name, address string) bool {
	in := strings.ToLower(name + "\n" + address)
	return !slices.ContainsFunc(strings.Fields(strings.ToLower(s.match)), func(word string) bool { return !strings.Contains(in, word) })
}

// none says that there is no saved mailbox, or none that matches.
func (s selection) none() error {
	if s.match != "" {
		return usage("cli.error.no-match", i18n.Args{"words": s.match})
	}
	return usage("cli.error.no-mailbox")
}

// fewNames are as many as can be read in a line.
const fewNames = 12

// flags adds those named: file, json, all.
func (s *selection) flags(p *program, c *command, names ...string) {
	for _, name := range names {
		switch about := p.texts.Text("cli.flag." + name); name {
		case "file":
			c.flags.StringVar(&s.file, name, "", about)
		case "json":
			c.flags.BoolVar(&s.json, name, false, about)
		case "all", "export-all":
			s.many = true
			c.flags.BoolVar(&s.all, "all", false, about)
			c.flags.StringVar(&s.match, "match", "", p.texts.Text("cli.flag.match"))
		}
	}
}

// oauthMailbox is mailbox for the commands that are about an authorization.
func (p *program) oauthMailbox(s selection, args []string) (mailbox.Definition, error) {
	d, err := p.mailbox(s, args)
	if err == nil {
		err = needOAuth(d)
	}
	return d, err
}

// mailbox returns the selected definition. With one saved mailbox its name may be
// left out.
func (p *program) mailbox(s selection, args []string) (mailbox.Definition, error) {
	switch {
	case s.file != "" && len(args) > 0:
		return mailbox.Definition{}, usage("cli.error.name-and-file")
	case s.file != "":
		return p.readFile(s.file)
	case len(args) > 0:
		return p.saved(args[0])
	}
	names, err := p.m().Book.Names()
	switch {
	case err != nil:
		return mailbox.Definition{}, err
	case len(names) == 0:
		return mailbox.Definition{}, usage("cli.error.no-mailbox")
	case len(names) > 1:
		if len(names) > fewNames {
			names = append(names[:fewNames:fewNames], "…")
		}
		key := "cli.error.which-mailbox"
		if s.many {
			key = "cli.error.which-or-all"
		}
		return mailbox.Definition{}, usage(key, i18n.Args{"names": strings.Join(names, ", ")})
	}
	return p.saved(names[0])
}

func (p *program) saved(name string) (mailbox.Definition, error) {
	d, err := p.m().Book.Get(name)
	return d, p.notRead(name, err)
}

// notRead words what keeps a saved mailbox from being read.
func (p *program) notRead(name string, err error) error {
	if errors.Is(err, mailbox.ErrNotSaved) {
		return p.notSaved(name)
	}
	if _, unread := errors.AsType[*bounded.Error](err); unread {
		return p.unreadable(name, err)
	}
	return err
}

// notSaved says that no saved mailbox has a name, and which one may be meant.
func (p *program) notSaved(name string) error {
	names, _ := p.m().Book.Names()
	for _, saved := range names {
		if a, b := strings.ToLower(name), strings.ToLower(saved); a != "" && strings.HasPrefix(b, a) || typo.Slip(a, b) {
			return usage("cli.error.not-saved-meant", i18n.Args{"name": name, "meant": saved})
		}
	}
	return usage("cli.error.not-saved", i18n.Args{"name": name})
}

// readFile reads a definition file; whatever is wrong with it is wrong use.
func (p *program) readFile(path string) (mailbox.Definition, error) {
	d, err := mailbox.Read(path)
	if _, invalid := errors.AsType[mailbox.Invalid](err); err != nil && !invalid {
		return mailbox.Definition{}, p.unreadable(path, err)
	}
	return d, err
}

// needOAuth refuses a definition with password sign-in where a token is meant.
func needOAuth(d mailbox.Definition) error {
	if d.Authentication != mailbox.AuthOAuth2 {
		return usage("cli.error.no-oauth", i18n.Args{"mailbox": d.Name})
	}
	return nil
}
