package scripted

import (
	_ "embed"

	"mailgrant/app/table"
	"mailgrant/internal/mailbox"
	"mailgrant/ui/presenter"
)

// Importer is a presenter.Importer that takes over into the stage's book. It
// knows some files by name; others it reads.
type Importer struct {
	stage *Stage
	Files map[string]string
	Fails error         // of the taking over
	Gate  chan struct{} // nil, or waited for before files are read
}

func (im *Importer) Preview(files ...string) (table.Preview, error) {
	if im.Gate != nil {
		<-im.Gate
	}
	var p table.Preview
	for _, file := range files {
		text, ok := im.Files[file]
		more, err := table.Read(file, []byte(text)), error(nil)
		if !ok {
			more, err = table.ReadFiles(file)
		}
		if err != nil {
			return p, err
		}
		p.Add(more)
	}
	p.Compare(im.stage.Book, true)
	return p, nil
}

func (im *Importer) TakeOver(p *table.Preview, _ bool) ([]mailbox.Definition, error) {
	if im.Fails != nil {
		return nil, im.Fails
	}
	all := p.Definitions()
	for _, d := range all {
		if err := im.stage.Book.Put(d); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// The files of the scenes: a table for mailboxes, of which one is saved in another
// way, and the same with what goes wrong in it.
var (
	//go:embed good.csv
	goodTable string
	//go:embed bad.csv
	badTable string
)

// Tables sets a stage with the files good.csv, bad.csv, one.json and same.json.
func Tables(s *Stage) {
	one := Named("Scanner")
	s.Importer = &Importer{stage: s, Files: map[string]string{
		"good.csv": goodTable, "bad.csv": badTable, "one.json": string(one.Format()), "same.json": string(Helpdesk().Format()),
	}}
}

func takeoverScenes() []Scene {
	take := func(files ...string) act {
		return press(func(p *presenter.Presenter) { p.ImportFiles(files...) })
	}
	previewed := until(func(st presenter.State) bool { return st.Takeover != nil && st.Takeover.Busy == "" })
	return []Scene{
		{Name: "takeover", Set: Tables, Do: acts(take("good.csv", "one.json"), previewed)},
		{Name: "takeover-problems", Set: Tables, Do: acts(take("bad.csv"), previewed)},
		{Name: "takeover-reading", Set: sets(Tables, func(s *Stage) { s.Importer.Gate = make(chan struct{}) }), Do: take("good.csv")},
	}
}
