package diagnosis

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"

	"mailgrant/assets"
)

//go:embed causes/*.txt learned.txt
var dataFiles embed.FS

// strength is how much a saying knows. A stronger one silences the weaker
// ones beside it: "authentication failed" adds nothing to a code that says
// why.
type strength int

const (
	fails    strength = iota + 1 // only that something failed: counts where nothing else is said
	mentions                     // something failed, hardly said what: the words of clients
	hints                        // leaves several causes open, or is often a wrapper
	says                         // says in words what is wrong
	proves                       // a stable code or a full sentence that means nothing else
)

var strengths = map[string]strength{"fails": fails, "mentions": mentions, "hints": hints, "says": says, "proves": proves}

// entry is all the data files say about one cause, sign or clue.
type entry struct {
	kind, name string
	at         origin
	block      string // its lines, for the texts that are read when they are shown

	layer            int // how deep it lies: what is wrong further down explains what fails above it
	passes           bool
	retry            Retry
	spreads, suffers []string
	links            []string // their names
	commands         []ruled
	words            []string // that code itself looks for, as they stand
	tells            []ruled  // what a clue says of the provider or the part of the work
	proofs, nevers   []when
	unless           []when
	leads            []lead // of a sign: the causes it leaves open
}

// lead is a cause that a sign leaves open, and how likely.
type lead struct {
	cause  *entry
	when   when
	weight int
}

// ruled is a value with its conditions.
type ruled struct {
	when  when
	value string
}

// origin is where in the data files something stands.
type origin struct {
	file string
	line int
}

func (o origin) String() string { return fmt.Sprintf("%s:%d", o.file, o.line) }

// saying is one line of words or codes by which an entry is recognised. It is
// read when a text first holds what it begins with: most never are.
type saying struct {
	of       *entry
	strength strength
	when     when
	words    string // as they stand in the file
	line     int
	read     bool
	coded    bool
	size     int // letters in all phrases: the longer says more
	parts    []part
}

// book is what all data files become when the first text is explained.
type book struct {
	entries []*entry
	named   map[string]*entry
	urls    map[string]string
	pages   map[string]when // by URL, about whose servers each is
	wrong   []error         // mistakes in the files; a test shows them

	mu      sync.Mutex // held while a text is read, which may read sayings
	sayings []saying
	index   *index
}

// manySayings is about how many there are, so that the list need not grow.
const manySayings = 21000

var theBook = sync.OnceValue(func() *book { return readBook(dataFiles) })

// readBook reads all data files. The format is told in docs/causes.md.
func readBook(files fs.FS) *book {
	b := &book{named: map[string]*entry{}, urls: map[string]string{}, pages: map[string]when{}, index: newIndex(), sayings: make([]saying, 0, manySayings)}
	names, _ := fs.Glob(files, "causes/*.txt")
	for _, name := range names {
		data, err := assets.Read(files, name)
		if err != nil {
			b.wrong = append(b.wrong, err)
			continue
		}
		b.readFile(path.Base(name), string(data))
	}
	b.readAt(buckets)
	return b
}

func (b *book) readFile(file, data string) {
	var e *entry
	at := origin{file: file}
	for rest := data; rest != ""; {
		raw, after, _ := strings.Cut(rest, "\n")
		at.line++
		line := strings.TrimSpace(raw)
		switch {
		case line == "":
			e = nil
		case line[0] == '#':
		case raw[0] != ' ':
			e = b.begin(at, line, rest)
		case e == nil:
			b.mistake(at, "a line that belongs to no entry: %s", line)
		default:
			verb, value, _ := strings.Cut(line, " ")
			b.line(e, at, verb, strings.TrimSpace(value))
		}
		rest = after
	}
}

// words are those that an entry lists for code to look for.
func (b *book) words(name string) []string {
	if e := b.named[name]; e != nil {
		return e.words
	}
	return nil
}

func (b *book) mistake(at origin, format string, args ...any) {
	b.wrong = append(b.wrong, fmt.Errorf("%s: %s", at, fmt.Sprintf(format, args...)))
}

// begin starts an entry: "cause NAME", "sign NAME", "clue NAME" or
// "link NAME (CONDITION) URL".
func (b *book) begin(at origin, line, rest string) *entry {
	words := strings.Fields(line)
	switch {
	case len(words) == 4 && words[0] == "link":
		conditions, _, err := readWhen(words[2])
		if err != nil {
			b.mistake(at, "%v", err)
		}
		b.urls[words[1]], b.pages[words[3]] = words[3], conditions
		return nil
	case len(words) != 2 || !slices.Contains([]string{"cause", "sign", "clue"}, words[0]):
		b.mistake(at, "an entry begins with cause, sign, clue or link and a name: %s", line)
		return nil
	}
	e := b.entry(words[1])
	if e.kind != "" {
		b.mistake(at, "%s stands twice; the first is at %s", e.name, e.at)
	}
	e.kind, e.at = words[0], at
	e.block, _, _ = strings.Cut(rest, "\n\n")
	b.entries = append(b.entries, e)
	return e
}

// entry is the one of a name, which may not have been read yet.
func (b *book) entry(name string) *entry {
	e := b.named[name]
	if e == nil {
		e = &entry{name: name, layer: 3, retry: RetryNo}
		b.named[name] = e
	}
	return e
}

// line takes one line of an entry in.
func (b *book) line(e *entry, at origin, verb, value string) {
	conditions, value, err := readWhen(value)
	if err != nil {
		b.mistake(at, "%v", err)
	}
	switch verb {
	case "fails", "mentions", "hints", "says", "proves":
		for words := range strings.SplitSeq(value, " ; ") {
			b.saying(saying{of: e, strength: strengths[verb], when: conditions, words: words, line: at.line})
		}
	case "from":
		b.lead(e, at, conditions, value)
	case "proof":
		e.proofs = append(e.proofs, conditions)
	case "never":
		e.nevers = append(e.nevers, conditions)
	case "unless":
		e.unless = append(e.unless, conditions)
	case "command":
		e.commands = append(e.commands, ruled{conditions, value})
	case "link":
		e.links = append(e.links, value)
	case "lists":
		e.words = append(e.words, strings.Split(value, " ; ")...)
	case "tells":
		e.tells = append(e.tells, ruled{conditions, value})
	case "layer":
		if e.layer, err = strconv.Atoi(value); err != nil {
			b.mistake(at, "a layer is a number: %s", value)
		}
	case "passes":
		e.passes = true
	case "spreads":
		e.spreads = strings.Fields(value)
	case "suffers":
		e.suffers = strings.Fields(value)
	case "retry":
		e.retry = Retry(value)
	case "example", "source":
	default:
		lang, text, _ := strings.Cut(verb, ".")
		switch {
		case !slices.Contains(languages, lang) || text == "":
			b.mistake(at, "unknown word %q", verb)
		case e.kind == "cause" && text == "title" && !strings.Contains(value, "{") && strings.Count(value, " ") > 2: // as monitoring and reports have it
			b.saying(saying{of: e, strength: says, when: "anywhere", words: value, line: at.line})
		}
	}
}

// lead notes "from (conditions) SIGN… WEIGHT" with the signs.
func (b *book) lead(e *entry, at origin, conditions when, value string) {
	words := strings.Fields(value)
	weight, err := strconv.Atoi(words[max(0, len(words)-1)])
	if err != nil || len(words) < 2 {
		b.mistake(at, "from needs signs and a weight: %s", value)
		return
	}
	for _, name := range words[:len(words)-1] {
		sign := b.entry(name)
		sign.leads = append(sign.leads, lead{e, conditions, weight})
	}
}
