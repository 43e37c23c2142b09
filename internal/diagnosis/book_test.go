package diagnosis

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"mailgrant/internal/provider"
)

// TestMistakesAreTold: a mistake in a data file names file and line.
func TestMistakesAreTold(t *testing.T) {
	for name, c := range map[string]struct{ file, want string }{
		"word":        {"cause a\n  whispers nothing\n", `x.txt:2: unknown word "whispers"`},
		"condition":   {"cause a\n  says (imapp) something\n", `x.txt:2: unknown condition "imapp"`},
		"parentheses": {"cause a\n  says (imap something\n", "x.txt:2: conditions stand in parentheses"},
		"sign":        {"cause a\n  from nowhere 90\n", `x.txt:2: unknown sign "nowhere"`},
		"empty line":  {"cause a\n\n  from nowhere 90\n", "x.txt:3: a line that belongs to no entry"},
		"weight":      {"sign s\n  says something\n\ncause a\n  from s\n", "x.txt:5: from needs signs and a weight"},
		"page":        {"link a (mars) https://example.com\n\ncause a\n  link a\n", `https://example.com:0: unknown condition "mars"`},
		"link":        {"cause a\n  link nowhere\n", `x.txt:2: unknown link "nowhere"`},
		"shadow":      {"clue proxy\n  says one thing\n", "x.txt:1: proxy is computed already"},
		"shadow, too": {"clue scope-large\n  says one thing\n", "x.txt:1: scope-large is computed already"},
		"told":        {"clue a\n  tells mars\n", `x.txt:1: neither a part of the work nor a provider: mars`},
		"comparison":  {"cause a\n  says (scope-large) something\n", `x.txt:2: unknown condition "scope-large"`},
		"retry":       {"cause a\n  retry never\n", "x.txt:1: retry is wait"},
		"layer":       {"cause a\n  layer deep\n", "x.txt:2: a layer is a number"},
		"twice":       {"cause a\n\ncause a\n", "x.txt:3: a stands twice; the first is at x.txt:1"},
		"no entry":    {"# a file\n  says something\n", "x.txt:2: a line that belongs to no entry"},
		"beginning":   {"reason a\n", "x.txt:1: an entry begins with"},
		"short":       {"cause a\n  says ab … something\n", `x.txt:2: "ab" is too short`},
		"short, open": {"cause a\n  says one*\n", `x.txt:2: "one" is too short`},
		"nothing":     {"cause a\n  says\n", "x.txt:2: nothing to look for"},
		"outcome":     {"cause a\n  proof (clock=fast)\n", `x.txt:2: unknown condition "clock=fast"`},
		"language":    {"cause a\n  xx.title Something\n", `x.txt:2: unknown word "xx.title"`},
		"instead":     {"cause a\n  en.text Something.\n  en.instead Something.\n", "x.txt:3: en.instead stands behind no en.fix"},
		"of a text":   {"cause a\n  en.fix (clock=right) Something.\n", `x.txt:2: a text cannot depend on "clock=right"`},
		"in a text":   {"cause a\n  en.fix (outlok) Something.\n", `x.txt:2: unknown condition "outlok"`},
		"code":        {"cause a\n  says AADSTS50011 ; AADSTSx\n", "x.txt:2: no code: AADSTSx"},
	} {
		b := readBook(fstest.MapFS{"causes/x.txt": {Data: []byte(c.file)}})
		readAll(b)
		check(b)
		if len(b.wrong) != 1 || !strings.HasPrefix(b.wrong[0].Error(), c.want) {
			t.Errorf("%s: %v, want %s", name, b.wrong, c.want)
		}
	}
}

// knows tells whether a name in a data file means anything.
func (b *book) knows(name string) bool {
	if _, ok := conditions[name]; ok || slices.Contains(phases, Phase(name)) || slices.Contains(provider.Families(), name) {
		return true
	}
	if id, outcome, ok := strings.Cut(name, "="); ok {
		return slices.Contains(Outcomes[Experiment(id)], outcome)
	}
	kind, value, _ := strings.Cut(name, "-")
	if c, ok := comparisons[kind]; ok {
		return slices.Contains(strings.Fields(c.values), value)
	}
	if _, err := strconv.Atoi(value); kind == "port" && err == nil {
		return true
	}
	e := b.named[name]
	return e != nil && e.kind == "clue"
}

// textConditions are those that a text may depend on: what is known of a cause
// when it is shown.
var textConditions = []string{"microsoft", "outlook", "google", "generic", "imap", "pop3", "smtp", "mail", "oauth", "refresh", "proxy", "host", "entra", "powershell", "own-mailbox", "as-user", "as-application", "maybe-microsoft", "maybe-google", "proxy-takes-no-password", "no-id-token", "issuer", "key-file-open", "key-file-missing"}

// check tells of conditions that mean nothing, and of texts that cannot be.
func check(b *book) {
	for _, s := range b.sayings {
		if strings.HasPrefix(s.words, entraPrefix) && !strings.ContainsAny(s.words, "…+") && !b.isCode(s.words) {
			b.mistake(origin{s.of.at.file, s.line}, "no code: %s", s.words)
		}
	}
	for page, conditions := range b.pages {
		for _, name := range conditions.names() {
			if !b.knows(name) {
				b.mistake(origin{file: page}, "unknown condition %q", name)
			}
		}
	}
	for _, e := range b.entries {
		b.checkLines(e)
		kind, _, _ := strings.Cut(e.name, "-")
		if _, compared := comparisons[kind]; e.kind == "clue" && (compared || conditions[e.name] != nil) {
			b.mistake(e.at, "%s is computed already", e.name)
		}
		if !slices.Contains([]Retry{RetryWait, RetrySignIn, RetryNo}, e.retry) {
			b.mistake(e.at, "retry is wait, sign-in or no: %s", e.retry)
		}
		for _, told := range e.tells {
			if !slices.Contains(phases, Phase(told.value)) && !slices.Contains(provider.Families(), told.value) {
				b.mistake(e.at, "neither a part of the work nor a provider: %s", told.value)
			}
		}
	}
}

func (b *book) checkLines(e *entry) {
	before, at := "", e.at
	for line := range strings.Lines(e.block) {
		verb, value, _ := strings.Cut(strings.TrimSpace(line), " ")
		lang, part, ok := strings.Cut(verb, ".")
		if ok && slices.Contains(languages, lang) {
			switch {
			case !slices.Contains(append(textParts, instead), part):
				b.mistake(at, "unknown word %q", verb)
			case part == instead && before != lang+".fix" && before != verb:
				b.mistake(at, "%s stands behind no %s.fix", verb, lang)
			}
			before = verb
		}
		conditions, value, _ := readWhen(value)
		switch {
		case verb == "link" && b.urls[value] == "":
			b.mistake(at, "unknown link %q", value)
		case verb == "from":
			signs := strings.Fields(value)
			for _, name := range signs[:max(1, len(signs))-1] {
				if b.entry(name).kind != "sign" {
					b.mistake(at, "unknown sign %q", name)
				}
			}
		}
		for _, name := range conditions.names() {
			switch {
			case verb == "example":
			case !b.knows(name) && !(ok && slices.Contains(textConditions, name)):
				b.mistake(at, "unknown condition %q", name)
			case ok && !slices.Contains(textConditions, name):
				b.mistake(at, "a text cannot depend on %q", name)
			}
		}
		at.line++
	}
}

// readAll reads every saying, as many texts would.
func readAll(b *book) {
	for i := range b.sayings {
		b.read(int32(i))
	}
}

// TestFilesAreSound: every line of the data files means something.
func TestFilesAreSound(t *testing.T) {
	if n := len(theBook().sayings); n > manySayings || n < manySayings*3/4 {
		t.Errorf("%d sayings, room for %d", n, manySayings)
	}
	b := readBook(dataFiles)
	readAll(b)
	check(b)
	for _, err := range b.wrong {
		t.Error(err)
	}
	for _, e := range b.entries {
		if e.kind == "sign" && len(e.leads) == 0 {
			t.Errorf("%s: no cause comes from the sign %s", e.at, e.name)
		}
		if e.kind == "cause" && e.at.file != "local.txt" && !strings.Contains(e.block, "\n  source http") {
			t.Errorf("%s: %s has no source", e.at, e.name)
		}
	}
}

// example is a text that an entry's cause was seen with.
type example struct {
	phase    Phase
	provider Provider
	text     string
}

// examples reads the entry's "example (phase provider) text" lines.
func (e *entry) examples() (all []example) {
	for line := range strings.Lines(e.block) {
		value, ok := strings.CutPrefix(strings.TrimSpace(line), "example ")
		if conditions, text, err := readWhen(value); ok && err == nil && len(conditions.names()) == 2 {
			all = append(all, example{Phase(conditions.names()[0]), Provider(conditions.names()[1]), text})
		}
	}
	return all
}

// TestExamples: each example is told by its own entry, as the first cause or
// as one of those that are open.
func TestExamples(t *testing.T) {
	for _, e := range theBook().entries {
		for _, x := range e.examples() {
			d := ExplainText(x.text, x.phase, x.provider)[0]
			found := false
			for _, c := range d.Causes {
				found = found || string(c) == e.name
			}
			if !found {
				t.Errorf("%s: %s is not among %v for %q", e.at, e.name, d.Causes, x.text)
			}
		}
	}
}
