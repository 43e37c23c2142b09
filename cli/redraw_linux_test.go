package cli

import (
	"bufio"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"mailgrant/app/practice"
	"mailgrant/internal/mailbox"
)

// onScreen is what a terminal of so many columns shows in the end, of which
// nothing has left it upwards.
func onScreen(written string, columns int) string {
	var rows [][]rune
	row, column := 0, 0
	put := func(r rune) {
		if column == columns {
			row, column = row+1, 0
		}
		for len(rows) <= row {
			rows = append(rows, nil)
		}
		rows[row] = append(rows[row][:column], r)
		column++
	}
	for _, piece := range regexp.MustCompile(`\x1b\[[0-9]*[A-Za-z]|(?s).`).FindAllString(written, -1) {
		switch up := 0; {
		case piece == "\r":
			column = 0
		case piece == "\n":
			row++
		case strings.HasSuffix(piece, "A") && piece != "A":
			_, _ = fmt.Sscanf(piece, "\x1b[%dA", &up)
			row -= up
		case piece == "\x1b[J":
			rows = rows[:min(row, len(rows))]
		case !strings.HasPrefix(piece, "\x1b"):
			put([]rune(piece)[0])
		}
	}
	lines := make([]string, len(rows))
	for i, r := range rows {
		lines[i] = string(r)
	}
	return strings.Join(lines, "\n")
}

// A running test is drawn again over what was drawn before, also where a line of
// it takes several of the terminal.
func TestATestIsDrawnInPlace(t *testing.T) {
	t.Setenv("NO_COLOR", "")
	t.Setenv("TERM", "xterm")
	_, file := tenant(t, func(d *mailbox.Definition) { d.Server(mailbox.IMAP).Security = mailbox.SecuritySTARTTLS })
	request(t, file, practice.Helpdesk.UPN).want(t, exitGood)
	keyboard, screen := terminal(t)
	const columns = 60
	if err := unix.IoctlSetWinsize(int(screen.Fd()), unix.TIOCSWINSZ, &unix.Winsize{Row: 200, Col: columns}); err != nil {
		t.Fatal(err)
	}
	written := make(chan string)
	go func() {
		all, _ := bufio.NewReader(keyboard).ReadString(0)
		written <- all
	}()
	Run(t.Context(), Environment{Args: []string{"test", "--file", file}, Stdin: screen, Stdout: screen, Stderr: screen, Locale: "en_GB.UTF-8", Metadata: testMetadata})
	_, _ = screen.WriteString("\x00")
	if shown := onScreen(<-written, columns); strings.Count(shown, " IMAP  localhost:") != 1 || !strings.Contains(shown, "Tried") {
		t.Errorf("it shows\n%s", shown)
	}
}
