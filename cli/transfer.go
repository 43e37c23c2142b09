package cli

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"strings"

	"mailgrant/app/authorization"
	"mailgrant/internal/bounded"
	"mailgrant/internal/i18n"
	"mailgrant/internal/plaintext"
	"mailgrant/internal/redact"
	"mailgrant/internal/store"
)

// What is read at most, in bytes: more than an exported authorization and a
// passphrase ever have.
const (
	maxImport     = 2 << 20
	maxPassphrase = 64 << 10
)

type transferFlags struct {
	selection
	passphrase string // a file with it in its first line
}

func (p *program) transferCommand(name string, do func(context.Context, transferFlags, []string) error) *command {
	var f transferFlags
	c := p.command(name+" [MAILBOX] FILE", 1, 2, func(ctx context.Context, args []string) error {
		return do(ctx, f, args)
	})
	f.flags(p, c, "file")
	c.flags.StringVar(&f.passphrase, "passphrase-file", "", p.texts.Text("cli.flag.passphrase-file"))
	return c
}

func (p *program) exportAuthorization(ctx context.Context, f transferFlags, args []string) error {
	path, args := args[len(args)-1], args[:len(args)-1]
	d, err := p.oauthMailbox(f.selection, args)
	if err != nil {
		return err
	}
	if err := p.mayBeWritten(path); err != nil { // before a passphrase is asked for
		return err
	}
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		return usage("cli.error.file-exists", i18n.Args{"file": path})
	}
	if err := p.m().Exportable(d); err != nil {
		return p.transferFailed(err, d.Name, path)
	}
	passphrase, err := p.readPassphrase(ctx, f, true)
	if err != nil {
		return err
	}
	var data []byte
	if err := interruptible(ctx, func() (err error) { data, err = p.m().Export(d, passphrase); return err }); err != nil { // a passphrase becomes a key in seconds
		return p.transferFailed(err, d.Name, path)
	}
	if err := p.writeNew(path, data, store.Private); err != nil {
		return err
	}
	p.log.Info("authorization: exported", "mailbox", d.Name, "account", d.User)
	p.note("cli.authorization.exported", i18n.Args{"mailbox": d.Name, "file": path})
	return nil
}

func (p *program) importAuthorization(ctx context.Context, f transferFlags, args []string) error {
	path, args := args[len(args)-1], args[:len(args)-1]
	d, err := p.oauthMailbox(f.selection, args)
	if wrong, is := err.(usageError); is && wrong.key == "cli.error.not-saved" {
		return usage("cli.error.import-definition", wrong.args)
	}
	if err != nil {
		return err
	}
	data, err := bounded.ReadFile(path, maxImport)
	if err != nil {
		return p.unreadable(path, err)
	}
	passphrase, err := p.readPassphrase(ctx, f, false)
	if err != nil {
		return err
	}
	status, err := p.m().Import(ctx, d, data, passphrase)
	if err != nil {
		return p.transferFailed(err, d.Name, path)
	}
	p.note("cli.authorization.imported", i18n.Args{"mailbox": d.Name, "account": status.Account.User})
	return nil
}

// transferFailed names what the user can mend; all of it is wrong use.
func (p *program) transferFailed(err error, name, path string) error {
	var wrong authorization.TransferError
	if errors.As(err, &wrong) {
		return usage("cli.error."+string(wrong), i18n.Args{"mailbox": name, "file": path})
	}
	return err
}

// readPassphrase takes it from the file named, else asks; twice where a
// mistyped one would lock the export for good.
func (p *program) readPassphrase(ctx context.Context, f transferFlags, twice bool) (redact.Secret, error) {
	if f.passphrase != "" {
		data, err := bounded.ReadFile(f.passphrase, maxPassphrase)
		if err != nil {
			return redact.Secret{}, p.unreadable(f.passphrase, err)
		}
		line, _, _ := strings.Cut(plaintext.Decode(data), "\n")
		if line = strings.TrimSuffix(line, "\r"); line == "" {
			return redact.Secret{}, usage("cli.error.passphrase-empty")
		}
		return redact.NewSecret(line), nil
	}
	first, err := p.readSecret(ctx, p.texts.Text("cli.authorization.passphrase"), false)
	if err != nil || !twice || p.terminal() == nil || authorization.TooShort(first) { // Export tells
		return first, err
	}
	second, err := p.readSecret(ctx, p.texts.Text("cli.authorization.passphrase-again"), false)
	if err == nil && first.Reveal() != second.Reveal() {
		err = usage("cli.error.passphrases-differ")
	}
	return first, err
}
