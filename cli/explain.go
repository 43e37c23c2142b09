package cli

import (
	"cmp"
	"context"
	"io"
	"math"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"

	"mailgrant/internal/diagnosis"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/provider"
)

// maxExplain is how much of a log is read: enough for any that is worth
// pasting, and a bound on memory.
const maxExplain = 64 << 20

func (p *program) explainCommand() *command {
	var s selection
	var phase, family string
	c := p.command("explain [TEXT | -]", 0, math.MaxInt, func(ctx context.Context, args []string) error {
		if err := cmp.Or(optional("--phase", phase, phases()), optional("--provider", family, provider.Families())); err != nil {
			return err
		}
		text := strings.Join(args, " ")
		piped := len(args) == 0 || text == "-"
		if piped {
			if p.terminal() != nil {
				p.note("cli.explain.paste")
			}
			var data []byte
			if err := interruptible(ctx, func() (err error) { data, err = io.ReadAll(io.LimitReader(p.Stdin, maxExplain)); return err }); err != nil {
				return err
			}
			text = string(data)
		}
		switch {
		case strings.TrimSpace(text) == "" && !(piped && s.json): // a script gets its answer
			return usage("cli.error.explain-nothing")
		case !piped && isFile(text):
			return usage("cli.error.explain-file", i18n.Args{"file": text})
		}
		if len(text) < 1<<20 { // what the data files become is no garbage: collecting it twice was a fifth of the time
			debug.SetGCPercent(400)
		}
		found := diagnosis.ExplainText(text, diagnosis.Phase(phase), diagnosis.Provider(family))
		all := make([]diagnosis.Rendered, len(found))
		for i, d := range found {
			all[i] = d.Render(p.texts)
		}
		if s.json {
			return p.printJSON(map[string]any{"diagnoses": all})
		}
		for _, r := range all {
			p.showRendered(p.Stdout, r)
		}
		return nil
	})
	s.flags(p, c, "json")
	c.flags.StringVar(&phase, "phase", "", p.texts.Text("cli.flag.phase"))
	c.flags.StringVar(&family, "provider", "", p.texts.Text("cli.flag.provider"))
	return c
}

// isFile reports whether a text looks like the name of a file and is one. Nobody
// is asked for one of another machine: the text may be anybody's.
func isFile(text string) bool {
	if len(filepath.VolumeName(text)) > len("C:") || filepath.Ext(text) == "" && !strings.ContainsAny(text, `/\`) {
		return false
	}
	info, err := os.Stat(text)
	return err == nil && info.Mode().IsRegular()
}

func phases() []string {
	return slices.Concat([]string{"authorize", "token", "refresh", "device"}, words(mailbox.Protocols()), []string{"tls", "network"})
}
