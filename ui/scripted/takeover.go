package scripted

import (
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

// Preview implements presenter.Importer.
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

// TakeOver implements presenter.Importer.
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

// The files of the scenes: a table for six mailboxes, of which one is saved in
// just this way and one in another, and the same with what goes wrong in it.
const (
	goodTable = "Name;Absender;Mandant;Anwendungs-ID (Client);IMAP-Server;IMAP-Port\n" +
		"Orders;orders@contoso.com;contoso.com;1b4e28ba-2fa1-11d2-883f-0016d3cca427;;\n" +
		"Returns;returns@contoso.com;contoso.com;1b4e28ba-2fa1-11d2-883f-0016d3cca427;;\n" +
		"Helpdesk;helpdesk@contoso.com;contoso.com;1b4e28ba-2fa1-11d2-883f-0016d3cca427;;\n" +
		"Careers;careers@contoso.com;contoso.com;1b4e28ba-2fa1-11d2-883f-0016d3cca427;;\n"
	badTable = "Name;Absender;Passwort;Mandant;Anwendungs-ID (Client);IMAP-Server;IMAP-Port\n" +
		"Orders;orders@contoso.com;geheim;contoso.com;1b4e28ba-2fa1-11d2-883f-0016d3cca427;;\n" +
		"Returns;returns contoso.com;;contoso.com;1b4e28ba;mail.contoso.com;99300\n" +
		"Careers;careers@contoso.com;;;1b4e28ba-2fa1-11d2-883f-0016d3cca427;;\n" +
		"orders;orders@contoso.com;;contoso.com;1b4e28ba-2fa1-11d2-883f-0016d3cca427;;\n"
)

// Tables sets a stage with the files good.csv, bad.csv, one.json and same.json.
func Tables(s *Stage) {
	one := Named("Scanner")
	s.Importer = &Importer{stage: s, Files: map[string]string{
		"good.csv": goodTable, "bad.csv": badTable, "one.json": string(one.Format()), "same.json": string(Helpdesk().Format()),
	}}
}

func takeoverScenes() []Scene {
	preview := func(files ...string) func(s *Stage) error {
		return func(s *Stage) error {
			s.Presenter.ImportFiles(files...)
			return s.Until(func(st presenter.State) bool { return st.Takeover != nil && st.Takeover.Busy == "" })
		}
	}
	return []Scene{
		{Name: "takeover", Set: Tables, Do: preview("good.csv", "one.json")},
		{Name: "takeover-problems", Set: Tables, Do: preview("bad.csv")},
		{Name: "takeover-reading", Set: func(s *Stage) {
			Tables(s)
			s.Importer.Gate = make(chan struct{})
		}, Do: func(s *Stage) error { s.Presenter.ImportFiles("good.csv"); return nil }},
	}
}
