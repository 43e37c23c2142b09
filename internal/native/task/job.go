package task

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf16"

	"mailgrant/internal/markup"
)

// Kind is what a task is for; it begins the task's name.
type Kind string

// A user has up to one task of each kind.
const (
	Renewal Kind = "Renewal"
	Watch   Kind = "Monitor"
)

// Job is one task of one user.
type Job struct {
	Kind        Kind
	Program     string   // mailgrant-cli.exe
	Command     []string // what it does, without the home folder
	Home        string   // the folder whose mailboxes are meant
	User        string   // DOMAIN\name
	Description string   // shown in the task scheduler
	First       time.Time
	Every       time.Duration // whole minutes; 0: each week at First's weekday and time
}

// renewal renews all authorizations once a week.
func renewal(home, description string, now time.Time) Job {
	return Job{Kind: Renewal, Command: []string{"refresh", "--all"}, Home: home, Description: description, First: now.Add(24 * time.Hour)}
}

// XML is the task's definition for schtasks, in UTF-16 as it demands, its
// elements in the schema's order ("Task Scheduler Schema", Microsoft Learn).
// encoding/xml would make the program a tenth of a megabyte larger for it.
func (j Job) XML() []byte {
	var p markup.Page
	p.Add("<?xml version=\"1.0\" encoding=\"UTF-16\"?>\r\n"+
		`<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">`+
		"<RegistrationInfo><Author>%s</Author><Description>%s</Description></RegistrationInfo>", j.User, j.Description)
	start := j.First.Format("2006-01-02T15:04:05")
	if j.Every > 0 {
		p.Add("<Triggers><TimeTrigger><Repetition><Interval>PT%sM</Interval></Repetition>"+
			"<StartBoundary>%s</StartBoundary><Enabled>true</Enabled></TimeTrigger></Triggers>", strconv.Itoa(int(j.Every.Minutes())), start)
	} else {
		p.Add("<Triggers><CalendarTrigger><StartBoundary>%s</StartBoundary><Enabled>true</Enabled><RandomDelay>PT30M</RandomDelay>"+
			"<ScheduleByWeek><DaysOfWeek><%s></%s></DaysOfWeek><WeeksInterval>1</WeeksInterval></ScheduleByWeek></CalendarTrigger></Triggers>",
			start, j.First.Weekday().String(), j.First.Weekday().String())
	}
	p.Add(`<Principals><Principal id="Author"><UserId>%s</UserId><LogonType>InteractiveToken</LogonType><RunLevel>LeastPrivilege</RunLevel></Principal></Principals>`, j.User)
	p.Add("<Settings><MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy><DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>" +
		"<StopIfGoingOnBatteries>false</StopIfGoingOnBatteries><StartWhenAvailable>true</StartWhenAvailable>" +
		"<RunOnlyIfNetworkAvailable>true</RunOnlyIfNetworkAvailable><Enabled>true</Enabled><ExecutionTimeLimit>PT1H</ExecutionTimeLimit>")
	// A watchman that found a problem has not failed: it comes again anyway.
	p.If(j.Every == 0, "<RestartOnFailure><Interval>PT1H</Interval><Count>3</Count></RestartOnFailure>")
	p.Add(`</Settings><Actions Context="Author"><Exec><Command>%s</Command><Arguments>%s</Arguments></Exec></Actions></Task>`, j.Program, j.arguments())
	return utf16le(p.String())
}

// arguments is the command's part after the program. A backslash before a
// closing quote would escape it ("Parsing C++ command-line arguments",
// Microsoft Learn); nothing that is quoted here holds a quote.
func (j Job) arguments() string {
	var b strings.Builder
	for _, arg := range append(append([]string{}, j.Command...), flag+j.Home) {
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		if !strings.ContainsAny(arg, ` \`) {
			b.WriteString(arg)
			continue
		}
		if strings.HasSuffix(arg, `\`) {
			arg += `\`
		}
		b.WriteString(`"` + arg + `"`)
	}
	return b.String()
}

func utf16le(text string) []byte {
	out := []byte{0xFF, 0xFE}
	for _, unit := range utf16.Encode([]rune(text)) {
		out = append(out, byte(unit), byte(unit>>8))
	}
	return out
}
