package mailtest_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"mailgrant/internal/diagnosis"
	"mailgrant/internal/i18n"
	"mailgrant/mailtest"
)

// odd is a pair of servers that are not like Exchange.
type odd struct {
	caps    string   // of IMAP, after the sign-in
	folders []string // what LIST answers
	marked  string   // what SEARCH DELETED answers beside the letter
	refuse  string   // commands that begin so are answered with NO
	mute    string   // to commands that begin so nothing is answered
	hangUp  string   // at commands that begin so the server leaves
	moved   string   // the folder where the letter lies instead of the inbox
	deaf    bool     // it reads no more after a look
	verdict func()   // instead of a word to what was sent
	fetched bool     // after a look the letter is gone
	busy    int      // other messages that come, one during each look, which takes its time

	mu       sync.Mutex
	header   string // of the letter, once it has been sent
	commands []string
	open     string // the folder
}

// smtp takes one message.
func (o *odd) smtp() peer {
	return then([]string{
		"S: 220 ready", "C: EHLO", "S: 250-odd", "S: 250 AUTH XOAUTH2", "C: AUTH XOAUTH2", "S: 235 ok",
		"C: MAIL FROM:<" + testUser + ">", "S: 250 ok", "C: RCPT TO:<" + testUser + ">", "S: 250 ok", "C: DATA", "S: 354 go on",
	}, func(p *played) {
		var lines []string
		for {
			line, err := p.line()
			if err != nil || line == "." {
				break
			}
			lines = append(lines, line)
		}
		o.mu.Lock()
		o.header, _, _ = strings.Cut(strings.Join(lines, "\r\n"), "\r\n\r\n")
		o.mu.Unlock()
		if o.verdict != nil {
			o.verdict()
			return
		}
		p.say("250 taken\r\n")
		if line, _ := p.line(); line == "QUIT" {
			p.say("221 bye\r\n")
		}
	})
}

// imap shows two messages, the second of which is the letter's place.
func (o *odd) imap() peer {
	return then([]string{
		"S: * OK ready", "C: A1 CAPABILITY", "S: * CAPABILITY IMAP4rev1 SASL-IR AUTH=XOAUTH2", "S: A1 OK done", "C: T1 AUTHENTICATE", "S: T1 OK done",
	}, func(p *played) {
		for {
			line, err := p.line()
			if err != nil {
				return
			}
			tag, command, _ := strings.Cut(line, " ")
			o.mu.Lock()
			o.commands = append(o.commands, command)
			answer, leave := o.answer(command)
			o.mu.Unlock()
			if leave {
				return
			}
			if o.busy > 0 && strings.HasPrefix(command, "FETCH") {
				time.Sleep(20 * time.Second)
				o.busy++
				answer = fmt.Sprintf("* %d EXISTS\r\n", o.busy) + answer
			}
			p.say(strings.ReplaceAll(answer, "TAG", tag))
			if o.deaf && strings.HasPrefix(command, "FETCH") && o.header != "" {
				time.Sleep(time.Hour)
			}
		}
	})
}

func (o *odd) answer(command string) (answer string, leave bool) {
	begins := func(s string) bool { return strings.HasPrefix(command, s) }
	if folder, found := strings.CutPrefix(command, "SELECT "); found {
		o.open = folder
	}
	switch {
	case o.hangUp != "" && begins(o.hangUp):
		o.hangUp = "" // another connection is served
		return "", true
	case o.mute != "" && begins(o.mute):
		return "", false
	case o.refuse != "" && begins(o.refuse):
		return "TAG NO not here\r\n", false
	case begins("CAPABILITY"):
		return "* CAPABILITY IMAP4rev1 " + o.caps + "\r\nTAG OK done\r\n", false
	case begins(`SELECT "[Gmail]`), begins("SELECT Sent"):
		return "* 0 EXISTS\r\nTAG OK done\r\n", false
	case begins("SELECT"), begins("NOOP"):
		return fmt.Sprintf("* %d EXISTS\r\n* 0 RECENT\r\nTAG OK [READ-WRITE] done\r\n", o.count()), false
	case begins("IDLE"):
		return fmt.Sprintf("+ idling\r\n* %d EXISTS\r\n", o.count()), false
	case command == "DONE" || command == "": // its tag is that of IDLE, which is the last but one
		return "", false
	case begins("FETCH"):
		// Headers have no order here, and the letter's comes as the second.
		text := "* 1 FETCH (BODY[HEADER.FIELDS (MESSAGE-ID)] {35}\r\nMessage-ID: <other@contoso.com>\r\n\r\n UID 7)\r\n"
		if o.count() == 2 {
			header := "X: y\r\n" + o.header + "\r\n\r\n"
			text += fmt.Sprintf("* 2 FETCH (UID 8 BODY[HEADER.FIELDS (MESSAGE-ID)] {%d}\r\n%s)\r\n", len(header), header)
			if o.fetched {
				o.header = ""
			}
		}
		return text + "TAG OK done\r\n", false
	case begins("LIST"):
		return strings.Join(append(slices.Clone(o.folders), "TAG OK done\r\n"), "\r\n"), false
	case begins("UID SEARCH DELETED"):
		return "* SEARCH " + o.marked + "8\r\nTAG OK done\r\n", false
	case begins("LOGOUT"):
		return "* BYE bye\r\nTAG OK done\r\n", false
	}
	return "TAG OK done\r\n", false
}

func (o *odd) count() int {
	if o.header == "" || o.moved != "" && o.open != o.moved {
		return 1
	}
	return 2
}

// said are the commands that begin so.
func (o *odd) said(begin string) (all []string) {
	for _, c := range o.commands {
		if strings.HasPrefix(c, begin) {
			all = append(all, c)
		}
	}
	return all
}

func TestRoundTripAtOddServers(t *testing.T) {
	inbox, sent := `* LIST (\HasNoChildren) "/" INBOX`, `* LIST (\HasNoChildren) "/" Sent`
	for name, c := range map[string]struct {
		odd     *odd
		want    string // the steps
		folder  string // where the letter lies
		cause   diagnosis.Cause
		removes []string
		left    string
	}{
		"no IDLE, no UIDPLUS": {
			odd:     &odd{folders: []string{inbox, sent}},
			want:    "prepare passed, send passed, imap-arrival passed, clean-up passed",
			removes: []string{`UID STORE 8 +FLAGS.SILENT (\Deleted)`, "EXPUNGE"},
		},
		"no UIDPLUS, and somebody else's message is marked": {
			odd:     &odd{folders: []string{inbox}, marked: "5 "},
			want:    "prepare passed, send passed, imap-arrival passed, clean-up warned",
			removes: []string{`UID STORE 8 +FLAGS.SILENT (\Deleted)`}, left: "[INBOX]",
		},
		"UIDPLUS": {
			odd:     &odd{caps: "UIDPLUS", folders: []string{inbox}},
			want:    "prepare passed, send passed, imap-arrival passed, clean-up passed",
			removes: []string{`UID STORE 8 +FLAGS.SILENT (\Deleted)`, "UID EXPUNGE 8"},
		},
		"Gmail": {
			odd: &odd{caps: "UIDPLUS MOVE X-GM-EXT-1", folders: []string{
				inbox, `* LIST (\HasChildren \Noselect) "/" "[Gmail]"`, `* LIST (\HasNoChildren \Trash) "/" "[Gmail]/Papierkorb"`, `* LIST (\HasNoChildren \Sent) "/" "[Gmail]/Gesendet"`,
			}},
			want:    "prepare passed, send passed, imap-arrival passed, clean-up passed",
			removes: []string{`UID MOVE 8 "[Gmail]/Papierkorb"`},
		},
		"Gmail without a trash": {
			odd:  &odd{caps: "X-GM-EXT-1", folders: []string{inbox}},
			want: "prepare passed, send passed, imap-arrival passed, clean-up warned", left: "[INBOX]",
		},
		"IDLE is announced and refused": {
			odd:     &odd{caps: "IDLE UIDPLUS", folders: []string{inbox}, refuse: "IDLE"},
			want:    "prepare passed, send passed, imap-arrival passed, clean-up passed",
			removes: []string{`UID STORE 8 +FLAGS.SILENT (\Deleted)`, "UID EXPUNGE 8"},
		},
		"a rule of a French mailbox": {
			odd:     &odd{caps: "UIDPLUS", folders: []string{inbox, `* LIST (\HasNoChildren) "/" "Courrier ind&AOk-sirable &- ` + testToken + `"`}, moved: `"Courrier ind&AOk-sirable &- ` + testToken + `"`},
			want:    "prepare passed, send passed, imap-arrival warned, clean-up passed",
			removes: []string{`UID STORE 8 +FLAGS.SILENT (\Deleted)`, "UID EXPUNGE 8"}, folder: "Courrier indésirable & [redacted]", cause: "message-moved",
		},
		"nothing may be changed": {
			odd:     &odd{caps: "UIDPLUS", folders: []string{inbox}, refuse: "UID STORE"},
			want:    "prepare passed, send passed, imap-arrival passed, clean-up failed",
			removes: []string{`UID STORE 8 +FLAGS.SILENT (\Deleted)`}, cause: diagnosis.CauseUnknown,
		},
		"no inbox": {
			odd:  &odd{refuse: "SELECT"},
			want: "prepare failed, send skipped, imap-arrival skipped, clean-up skipped", cause: diagnosis.CauseUnknown,
		},
		"another message comes at each look": {
			odd:  &odd{busy: 1, moved: "nowhere", folders: slices.Repeat([]string{`* LIST (\HasNoChildren) "/" More`}, 60)},
			want: "prepare passed, send passed, imap-arrival failed, clean-up skipped", cause: "message-not-arrived",
		},
		"many folders are marked for what was sent, and each look takes its time": {
			odd:     &odd{busy: 1, moved: "INBOX", caps: "UIDPLUS", folders: slices.Repeat([]string{`* LIST (\Sent) "/" More`}, 60)},
			want:    "prepare passed, send passed, imap-arrival passed, clean-up passed",
			removes: []string{`UID STORE 8 +FLAGS.SILENT (\Deleted)`, "UID EXPUNGE 8"},
		},
		// RFC 1047: a message whose verdict is lost may have been taken.
		"the connection ends before the verdict, and it arrives": {
			odd:     &odd{caps: "UIDPLUS", folders: []string{inbox}, verdict: func() {}},
			want:    "prepare passed, send warned, imap-arrival passed, clean-up passed",
			removes: []string{`UID STORE 8 +FLAGS.SILENT (\Deleted)`, "UID EXPUNGE 8"}, cause: diagnosis.CauseNetworkConnectionReset,
		},
		"the verdict comes too late, and it arrives": {
			odd:     &odd{caps: "UIDPLUS", folders: []string{inbox}, verdict: func() { time.Sleep(time.Hour) }},
			want:    "prepare passed, send warned, imap-arrival passed, clean-up passed",
			removes: []string{`UID STORE 8 +FLAGS.SILENT (\Deleted)`, "UID EXPUNGE 8"}, cause: diagnosis.CauseServerTimeout,
		},
		"the connection ends before the verdict, and nothing arrives": {
			odd:  &odd{moved: "nowhere", verdict: func() {}},
			want: "prepare passed, send warned, imap-arrival failed, clean-up skipped", cause: diagnosis.CauseNetworkConnectionReset,
		},
		"the server reads no more": {
			odd:  &odd{caps: "IDLE", deaf: true, moved: "nowhere"},
			want: "prepare passed, send passed, imap-arrival failed, clean-up skipped", cause: diagnosis.CauseServerTimeout,
		},
		"the server leaves": {
			odd:  &odd{hangUp: "FETCH"},
			want: "prepare passed, send passed, imap-arrival failed, clean-up skipped", cause: diagnosis.CauseNetworkConnectionReset,
		},
	} {
		t.Run(name, func(t *testing.T) {
			o := c.odd
			peers := map[mailtest.Protocol][]peer{mailtest.IMAP: {o.imap()}, mailtest.SMTP: {o.smtp()}}
			report, s := trip(t, 5*time.Minute, peers)
			for protocol, all := range s.seen {
				for _, p := range all {
					if p.wrong != "" {
						t.Errorf("%s: %s", protocol, p.wrong)
					}
				}
			}
			if got := states(report, mailtest.RoundTripTest); got != c.want {
				t.Errorf("%s\nwant %s\n%v", got, c.want, report.Diagnoses())
			}
			var cause diagnosis.Cause
			all := report.Diagnoses()
			if len(all) > 0 {
				cause = all[0].Cause
			}
			if len(all) > 1 {
				t.Errorf("one cause is told as %v", all)
			}
			if cause != c.cause {
				t.Errorf("cause %q, want %q", cause, c.cause)
			}
			removes := slices.Concat(o.said("UID STORE"), o.said("UID MOVE"), o.said("UID EXPUNGE"), o.said("EXPUNGE"))
			if !slices.Equal(removes, c.removes) {
				t.Errorf("removed by %q, want %q", removes, c.removes)
			}
			if c.folder != "" && fact(t, report, mailtest.StepIMAPArrival, mailtest.FactFolder) != c.folder {
				t.Errorf("it lies in %q, want %q", fact(t, report, mailtest.StepIMAPArrival, mailtest.FactFolder), c.folder)
			}
			if c.left != "" {
				if got := fmt.Sprint(fact(t, report, mailtest.StepCleanUp, mailtest.FactLeft)); got != c.left {
					t.Errorf("left in %s, want %s", got, c.left)
				}
			}
		})
	}
}

// trip makes a round trip at some peers, which is to end within a time of the
// bubble's clock.
func trip(t *testing.T, limit time.Duration, peers map[mailtest.Protocol][]peer) (report *mailtest.Report, s *stage) {
	t.Helper()
	s = bubble(t, peers, func(t *testing.T, s *stage) {
		cfg := mailtest.Config{Mailbox: stageDefinition(peers), Credential: with(testToken, testUser), Dial: s.dial}
		report = mailtest.NewReport(cfg.Mailbox, time.Now())
		ctx, cancel := context.WithTimeout(t.Context(), limit)
		defer cancel()
		for e := range mailtest.RoundTrip(ctx, cfg) {
			report.Add(e)
		}
		if ctx.Err() != nil {
			t.Error("it waits for ever")
		}
	})
	return report, s
}

// The product that the mailbox is for may fetch the message first.
func TestRoundTripWhereSomebodyElseRemovesTheMessage(t *testing.T) {
	o := &odd{caps: "UIDPLUS", fetched: true, folders: []string{`* LIST (\HasNoChildren) "/" INBOX`}}
	report, _ := trip(t, time.Hour, map[mailtest.Protocol][]peer{mailtest.IMAP: {o.imap()}, mailtest.SMTP: {o.smtp()}})
	steps := report.Result(mailtest.RoundTripTest).Steps
	if last := steps[len(steps)-1]; last.State != mailtest.Passed || last.Sentence(i18n.For(i18n.English)) != "The message was not there any more" || len(o.said("UID STORE")) > 0 {
		t.Errorf("%s: %s, %q", last.State, last.Sentence(i18n.For(i18n.English)), o.commands)
	}
}

// A server that says nothing more ends the round trip, in whatever it is asked.
func TestRoundTripAtAPOP3ServerThatFallsSilent(t *testing.T) {
	start := []string{"S: +OK", "C: AUTH", "S: +", "C~ ", "S: +OK"}
	empty := script(append(slices.Clone(start), "C: STAT", "S: +OK 1 1", "C: UIDL", "S: +OK", "S: .", "C: QUIT", "S: +OK")...)
	for name, c := range map[string]struct {
		last func(o *odd) peer // of the session after the message was sent; nil: there is none before
		want string
	}{
		"before anything is sent": {nil, "prepare failed, send skipped, pop3-arrival skipped, clean-up skipped"},
		"in the list":             {func(*odd) peer { return then(append(slices.Clone(start), "C: STAT", "S: +OK 1 1", "C: UIDL"), silent) }, "prepare passed, send passed, pop3-arrival failed, clean-up skipped"},
		"in a header": {func(*odd) peer {
			return then(append(slices.Clone(start), "C: STAT", "S: +OK 1 1", "C: UIDL", "S: +OK", "S: 1 a", "S: .", "C: TOP 1 0"), silent)
		}, "prepare passed, send passed, pop3-arrival failed, clean-up skipped"},
		"at the removal": {func(o *odd) peer {
			return then(append(slices.Clone(start), "C: STAT", "S: +OK 1 1", "C: UIDL", "S: +OK", "S: 1 a", "S: .", "C: TOP 1 0"), func(p *played) {
				o.mu.Lock()
				p.say("+OK\r\n" + o.header + "\r\n.\r\n")
				o.mu.Unlock()
				silent(p)
			})
		}, "prepare passed, send passed, pop3-arrival passed, clean-up failed"},
	} {
		t.Run(name, func(t *testing.T) {
			o := &odd{}
			peers := map[mailtest.Protocol][]peer{mailtest.POP3: {then(append(slices.Clone(start), "C: STAT", "S: +OK 1 1", "C: UIDL"), silent)}}
			if c.last != nil {
				peers[mailtest.POP3] = []peer{empty, c.last(o)}
			}
			peers[mailtest.SMTP] = []peer{o.smtp()}
			report, _ := trip(t, time.Hour, peers)
			if got := states(report, mailtest.RoundTripTest); got != c.want {
				t.Errorf("%s\nwant %s\n%v", got, c.want, report.Diagnoses())
			}
			if all := report.Diagnoses(); len(all) != 1 || all[0].Cause != diagnosis.CauseServerTimeout {
				t.Errorf("%v", all)
			}
		})
	}
}

// What keeps a server from showing the message is told, not that the message is
// late, and by the protocol that it is about.
func TestRoundTripNamesTheServerThatFails(t *testing.T) {
	inbox := []string{`* LIST (\HasNoChildren) "/" INBOX`}
	empty := (&odd{}).pop3()[0]
	for name, c := range map[string]struct {
		odd   *odd
		pop3  []peer
		want  string
		cause diagnosis.Cause
		phase diagnosis.Phase
	}{
		"IMAP is silent from the sign-in on": {&odd{mute: "SELECT"}, nil, "prepare failed, send skipped, imap-arrival skipped, clean-up skipped", diagnosis.CauseServerTimeout, diagnosis.PhaseIMAP},
		"POP3 is silent when the time is up": {
			&odd{moved: "nowhere", folders: inbox},
			[]peer{empty, silent},
			"prepare passed, send passed, imap-arrival failed, pop3-arrival failed, clean-up skipped", diagnosis.CauseServerTimeout, diagnosis.PhasePOP3,
		},
	} {
		t.Run(name, func(t *testing.T) {
			peers := map[mailtest.Protocol][]peer{mailtest.IMAP: {c.odd.imap()}, mailtest.SMTP: {c.odd.smtp()}}
			if c.pop3 != nil {
				peers[mailtest.POP3] = c.pop3
			}
			report, _ := trip(t, time.Hour, peers)
			if got := states(report, mailtest.RoundTripTest); got != c.want {
				t.Errorf("%s\nwant %s", got, c.want)
			}
			if !slices.ContainsFunc(report.Diagnoses(), func(d diagnosis.Diagnosis) bool { return d.Cause == c.cause && d.Phase == c.phase }) {
				t.Errorf("%+v", report.Diagnoses())
			}
		})
	}
}

// pop3 is a mailbox that is empty before the message comes.
func (o *odd) pop3() []peer {
	start := []string{"S: +OK", "C: AUTH", "S: +", "C~ ", "S: +OK", "C: STAT", "S: +OK 1 1", "C: UIDL", "S: +OK"}
	return []peer{
		script(append(slices.Clone(start), "S: .", "C: QUIT", "S: +OK")...),
		then(append(slices.Clone(start), "S: 1 a", "S: .", "C: TOP 1 0"), func(p *played) {
			o.mu.Lock()
			p.say("+OK\r\n" + o.header + "\r\n.\r\n")
			o.mu.Unlock()
			p.follow([]string{"C: DELE 1", "S: +OK", "C: QUIT", "S: +OK"})
		}),
	}
}

// IMAP that never shows the message leaves POP3 a look.
func TestRoundTripWhereIMAPUsesUpTheTime(t *testing.T) {
	o := &odd{caps: "UIDPLUS", moved: "nowhere", folders: []string{`* LIST (\HasNoChildren) "/" INBOX`}}
	report, _ := trip(t, time.Hour, map[mailtest.Protocol][]peer{mailtest.IMAP: {o.imap()}, mailtest.SMTP: {o.smtp()}, mailtest.POP3: o.pop3()})
	if got := states(report, mailtest.RoundTripTest); got != "prepare passed, send passed, imap-arrival failed, pop3-arrival passed, clean-up passed" {
		t.Errorf("%s\n%v", got, report.Diagnoses())
	}
}

// A server that ends the connection meanwhile is asked once more when the message
// is to be removed.
func TestRoundTripWhereIMAPEndsMeanwhile(t *testing.T) {
	o := &odd{caps: "UIDPLUS", folders: []string{`* LIST (\HasNoChildren) "/" INBOX`}, hangUp: "FETCH"}
	report, _ := trip(t, time.Hour, map[mailtest.Protocol][]peer{mailtest.IMAP: {o.imap(), o.imap()}, mailtest.SMTP: {o.smtp()}, mailtest.POP3: o.pop3()})
	if got := states(report, mailtest.RoundTripTest); got != "prepare passed, send passed, imap-arrival failed, pop3-arrival passed, clean-up passed" {
		t.Errorf("%s\n%v", got, report.Diagnoses())
	}
	if got := o.said("UID EXPUNGE"); len(got) != 1 {
		t.Errorf("removed by %q", got)
	}
}

// However much is new, and however long a look at it takes: the letter is waited
// for as long as was said.
func TestRoundTripInAMailboxWithManyNewMessages(t *testing.T) {
	session := func(list string) peer {
		return then([]string{"S: +OK", "C: AUTH", "S: +", "C~ ", "S: +OK"}, func(p *played) {
			for line, err := p.line(); err == nil; line, err = p.line() {
				switch command, _, _ := strings.Cut(line, " "); command {
				case "UIDL":
					p.say("+OK\r\n" + list + ".\r\n")
				case "TOP":
					time.Sleep(20 * time.Second)
					p.say("+OK\r\nMessage-ID: <other@contoso.com>\r\n.\r\n")
				default:
					p.say("+OK 500 1\r\n")
				}
			}
		})
	}
	var list strings.Builder
	for i := range 500 {
		fmt.Fprintf(&list, "%d u%d\r\n", i+1, i)
	}
	peers := map[mailtest.Protocol][]peer{mailtest.SMTP: {(&odd{}).smtp()}, mailtest.POP3: {session(""), session(list.String())}}
	report, _ := trip(t, time.Hour, peers)
	if got := states(report, mailtest.RoundTripTest); got != "prepare passed, send passed, pop3-arrival failed, clean-up skipped" || report.Diagnoses()[0].Cause != "message-not-arrived" {
		t.Errorf("%s\n%v", got, report.Diagnoses())
	}
}

// The list of a mailbox with very many messages is not asked for; the letter is
// found at either end of it.
func TestRoundTripInAMailboxOfAHundredThousand(t *testing.T) {
	for name, c := range map[string]struct{ count, letter string }{
		"the newest last": {"100001", "100001"}, "the newest first": {"100001", "1"},
		"emptied meanwhile": {"20000", "20000"}, "emptied meanwhile, the newest first": {"20000", "1"}, "nearly empty by now": {"3", "2"},
	} {
		t.Run(name, func(t *testing.T) {
			o := &odd{}
			session := func(count, letter string) peer {
				return then([]string{"S: +OK", "C: AUTH", "S: +", "C~ ", "S: +OK"}, func(p *played) {
					for line, err := p.line(); err == nil; line, err = p.line() {
						command, rest, _ := strings.Cut(line, " ")
						answer := "+OK"
						switch command {
						case "STAT":
							answer += " " + count + " 1"
						case "UIDL":
							if answer += " " + rest + " old" + rest; rest == letter {
								answer += "new"
							}
						case "TOP":
							if number, _, _ := strings.Cut(rest, " "); number != letter && len(number) < 3 {
								t.Errorf("it looks into %s, which was there before", number)
							}
							o.mu.Lock()
							if answer += "\r\n"; rest == letter+" 0" {
								answer += o.header
							}
							answer += "\r\n."
							o.mu.Unlock()
						}
						p.say(answer + "\r\n")
					}
				})
			}
			peers := map[mailtest.Protocol][]peer{mailtest.SMTP: {o.smtp()}, mailtest.POP3: {session("100000", ""), session(c.count, c.letter)}}
			report, _ := trip(t, time.Hour, peers)
			if got := states(report, mailtest.RoundTripTest); got != "prepare passed, send passed, pop3-arrival passed, clean-up passed" {
				t.Errorf("%s\n%v", got, report.Diagnoses())
			}
		})
	}
}
