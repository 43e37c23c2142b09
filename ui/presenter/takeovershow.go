package presenter

import (
	"path/filepath"
	"strconv"
	"strings"

	"mailgrant/app/table"
)

// takeoverState is nil where no preview is open.
func (p *Presenter) takeoverState() *TakeoverState {
	t := p.takeover
	if t == nil {
		return nil
	}
	s := &TakeoverState{Files: p.fileNames(t.files), Wrong: t.wrong, CanDo: t.ready(), CanAdd: !t.saving, Again: t.faulty, Do: p.text("takeover.do")}
	switch {
	case t.reading:
		s.Busy = p.text("takeover.reading")
		return s
	case t.saving:
		s.Busy = p.text("takeover.saving")
	}
	// What is wrong is read first.
	for _, problem := range t.preview.Wrong {
		s.Rows = append(s.Rows, []Line{{MarkBad, p.place(problem)}, {}, {Text: p.problem(problem)}})
	}
	count := map[table.Standing]int{}
	for _, r := range t.preview.Rows {
		for _, problem := range r.Problems {
			s.Rows = append(s.Rows, []Line{{MarkBad, p.place(problem)}, {Text: r.Definition.Name}, {Text: p.problem(problem)}})
		}
		count[r.Standing]++
	}
	problems := len(s.Rows)
	for _, ignored := range t.preview.Ignored {
		s.Rows = append(s.Rows, []Line{{MarkWarning, p.place(ignored)}, {}, {Text: p.problem(ignored)}})
	}
	for _, r := range t.preview.Rows {
		if len(r.Problems) == 0 {
			s.Rows = append(s.Rows, p.takeoverRow(r))
		}
	}
	s.Sum = p.takeoverSum(t, count, problems)
	if n := len(t.preview.Definitions()); s.CanDo {
		s.Do = p.text("takeover.do-all", "count", strconv.Itoa(n))
		if n == 1 {
			s.Do = p.text("takeover.do-one")
		}
	}
	return s
}

// takeoverRow says what happens with a mailbox in which nothing is wrong.
func (p *Presenter) takeoverRow(r table.Row) []Line {
	name, address := Line{Text: r.Definition.Name}, Line{Text: r.Definition.Address()}
	switch r.Standing {
	case table.Same:
		return []Line{{MarkSkipped, p.text("takeover.same")}, name, address}
	case table.Changed:
		var fields []string
		for _, field := range r.Differs {
			fields = append(fields, table.Heading(field, p.c.Texts.Language()))
		}
		differs := p.text("takeover.differs", "fields", strings.Join(fields, ", "))
		if len(fields) == 0 {
			differs = p.text("takeover.unreadable")
		}
		return []Line{{MarkWarning, p.text("takeover.changed")}, name, {Text: differs}}
	}
	return []Line{{MarkGood, p.text("takeover.new")}, name, address}
}

// problem says what is wrong, and with what where its place does not tell.
func (p *Presenter) problem(problem table.Problem) string {
	message, field := p.message(problem.FieldError), problem.About(p.c.Texts)
	if problem.Column != "" || field == "" {
		return message
	}
	return p.text("takeover.in-field", "field", field, "message", message)
}

// place is where a problem stands, as short as it is plain.
func (p *Presenter) place(problem table.Problem) string {
	row, at := strconv.Itoa(problem.Row), "takeover.at-cell"
	switch {
	case problem.Row == 0:
		return problem.File
	case problem.Column == "" && len(p.takeover.files) == 1:
		at = "takeover.at-row"
	case problem.Column == "":
		at = "takeover.at-file-row"
	case len(p.takeover.files) > 1:
		at = "takeover.at-file-cell"
	}
	return p.text(at, "file", problem.File, "row", row, "column", problem.Column)
}

func (p *Presenter) takeoverSum(t *takeover, count map[table.Standing]int, problems int) Line {
	switch {
	case problems == 1:
		return Line{MarkBad, p.text("takeover.one-problem")}
	case problems > 1:
		return Line{MarkBad, p.text("takeover.problems", "count", strconv.Itoa(problems))}
	case len(t.preview.Rows) == 0:
		return Line{}
	case len(t.preview.Definitions()) == 0:
		return Line{MarkSkipped, p.text("takeover.nothing")}
	}
	mark := MarkGood
	if count[table.Changed] > 0 {
		mark = MarkWarning
	}
	return Line{mark, p.text("takeover.sum", "new", strconv.Itoa(count[table.New]), "changed", strconv.Itoa(count[table.Changed]), "same", strconv.Itoa(count[table.Same]))}
}

func (p *Presenter) fileNames(files []string) string {
	var names []string
	for _, file := range files {
		names = append(names, filepath.Base(file))
	}
	if len(names) > 3 {
		return p.text("takeover.files", "count", strconv.Itoa(len(names)))
	}
	return strings.Join(names, ", ")
}
