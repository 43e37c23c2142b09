package report

import (
	"strconv"
	"strings"
	"time"

	"mailgrant/app/table"
	"mailgrant/assets"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/markup"
	"mailgrant/mailtest"
)

// marks and words of the states; a colour alone never tells one.
var marks = map[mailtest.State]string{
	mailtest.Passed: "✓", mailtest.Warned: "!", mailtest.Failed: "✗", mailtest.Skipped: "–",
}

// told are the facts a reader gets, in this order, by the key of their name.
var told = []string{
	mailtest.FactAddress, mailtest.FactGreeting, mailtest.FactVersion, mailtest.FactCipher, mailtest.FactSubject,
	mailtest.FactIssuer, mailtest.FactExpires, mailtest.FactRoot, mailtest.FactOffered, mailtest.FactMechanism,
	mailtest.FactUser, mailtest.FactAccount, mailtest.FactResource, mailtest.FactMessages, mailtest.FactSender,
}

// when is a time for people: that of this machine, as the window shows it.
// Reports travel, so it says its zone.
func (b book) when(rfc3339 string) string {
	at, err := time.Parse(time.RFC3339, rfc3339)
	if err != nil {
		return rfc3339
	}
	return at.Local().Format(b.text("time"))
}

// verdict is the sentence that a mailbox's part begins with.
func (b book) verdict(r record) string {
	all := r.test.Tested()
	good := 0
	for _, p := range all {
		if r.stateOf(p).Works() {
			good++
		}
	}
	switch {
	case r.OK:
		return b.text("works")
	case good == 0 || good == len(all):
		return b.text("fails")
	}
	return b.text("fails-partly", "good", strconv.Itoa(good), "all", strconv.Itoa(len(all)))
}

func writeText(books []book) []byte {
	plain, parts := assets.Text(forms, "report.txt"), make([]string, len(books))
	for i, b := range books {
		parts[i] = markup.Text(plain, b.values(), func(key string) string { return b.texts.Text(key) })
	}
	return []byte(strings.Join(parts, "\n"+strings.Repeat("=", 72)+"\n\n"))
}

// writeCSV is a table with one row a mailbox. Its values are those of the JSON.
func writeCSV(b book) ([]byte, error) {
	head := b.texts.List("report.columns")
	for _, p := range mailbox.Protocols() {
		head = append(head, string(p))
	}
	rows := [][]string{append(head, b.texts.List("report.columns-after")...)}
	for _, r := range b.records {
		row := []string{r.Mailbox, r.Address, strconv.FormatBool(r.OK), r.Started, strconv.FormatInt(r.DurationMS, 10)}
		for _, p := range mailbox.Protocols() {
			row = append(row, string(r.stateOf(p)))
		}
		cause, title := "", ""
		if len(r.Diagnoses) > 0 {
			cause, title = string(r.Diagnoses[0].Cause), r.Diagnoses[0].Title
		}
		rows = append(rows, append(row, cause, title, string(r.life.State), cell(r.life.Ends()), cell(r.life.Secret.Ends)))
	}
	return table.Sheet(rows, b.texts.Language())
}
