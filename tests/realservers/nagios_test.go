//go:build realservers

package realservers

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"mailgrant/internal/mailbox"
)

// readByNagios lets Nagios Core take a plugin's output for the result of a
// check, and returns what it made of it.
func readByNagios(t *testing.T, output []byte, status int) (state, text, long, performance string) {
	t.Helper()
	dir := t.TempDir()
	write := func(name, content string) string {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	said := write("said", string(output))
	plugin := write("plugin", fmt.Sprintf("cat %s\nexit %d\n", said, status))
	me, err := user.Current()
	if err != nil {
		t.Fatal(err)
	}
	group, err := user.LookupGroupId(me.Gid)
	if err != nil {
		t.Fatal(err)
	}
	days := "monday tuesday wednesday thursday friday saturday sunday"
	always := strings.ReplaceAll(days+" ", " ", " 00:00-24:00\n")
	write("objects.cfg", `
define timeperiod {
timeperiod_name always
alias always
`+always+`}
define command {
command_name mailgrant
command_line /bin/sh `+plugin+`
}
define contact {
contact_name nobody
host_notifications_enabled 0
service_notifications_enabled 0
host_notification_period always
service_notification_period always
host_notification_commands mailgrant
service_notification_commands mailgrant
}
define host {
host_name mail
address 127.0.0.1
max_check_attempts 1
check_period always
notification_period always
contacts nobody
}
define service {
host_name mail
service_description mailgrant
check_command mailgrant
max_check_attempts 1
check_interval 1
retry_interval 1
check_period always
notification_period always
contacts nobody
}
`)
	at := func(name string) string { return filepath.Join(dir, name) }
	config := write("nagios.cfg", strings.Join([]string{
		"cfg_file=" + at("objects.cfg"), "log_file=" + at("log"), "object_cache_file=" + at("objects.cache"), "precached_object_file=" + at("objects.pre"),
		"status_file=" + at("status"), "check_result_path=" + dir, "temp_file=" + at("temp"), "temp_path=" + dir, "query_socket=" + at("qh"), "command_file=" + at("cmd"),
		"lock_file=" + at("lock"), "state_retention_file=" + at("retention"), "nagios_user=" + me.Username, "nagios_group=" + group.Name,
		"check_workers=1", "execute_service_checks=1", "use_syslog=0", "interval_length=1", "service_inter_check_delay_method=n", "max_service_check_spread=1",
		"illegal_macro_output_chars=`", "process_performance_data=1", "service_perfdata_file=" + at("read"), "service_perfdata_file_mode=a",
		`service_perfdata_file_template=$SERVICESTATE$\t$SERVICEOUTPUT$\t$LONGSERVICEOUTPUT$\t$SERVICEPERFDATA$`, "",
	}, "\n"))
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	nagios := exec.CommandContext(ctx, filepath.Join(os.Getenv("MAILGRANT_TEST_PEERS"), "usr/sbin/nagios4"), config)
	var told bytes.Buffer
	nagios.Stdout, nagios.Stderr = &told, &told
	if err := nagios.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- nagios.Wait() }()
	for {
		read, _ := os.ReadFile(at("read"))
		if line, _, whole := strings.Cut(string(read), "\n"); whole {
			_ = nagios.Process.Signal(os.Interrupt)
			cancel()
			<-ended
			parts := append(strings.Split(line, "\t"), "", "", "", "")
			return parts[0], parts[1], parts[2], parts[3]
		}
		select {
		case err := <-ended:
			t.Fatalf("Nagios ended: %v\n%s", err, told.String())
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// performanceBy lets the parser of Monitoring::Plugin read performance data.
// It knows no U for a value that could not be found out, which the Monitoring
// Plugins Development Guidelines have: those it leaves out.
func performanceBy(t *testing.T, data string) (read []string) {
	t.Helper()
	peers := os.Getenv("MAILGRANT_TEST_PEERS")
	compiled, err := filepath.Glob(filepath.Join(peers, "usr/lib/*/perl5/*"))
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("perl", "-MMonitoring::Plugin::Performance", "-e",
		`print map { join("|", map { $_ // "" } $_->label, $_->value, $_->uom, $_->warning, $_->critical)."\n" } Monitoring::Plugin::Performance->parse_perfstring($ARGV[0])`, data)
	cmd.Env = append(os.Environ(), "PERL5LIB="+strings.Join(append(compiled, filepath.Join(peers, "usr/share/perl5")), ":"))
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("perl: %v", err)
	}
	return strings.Split(strings.TrimSpace(string(out)), "\n")
}

// unknownValue is a value that could not be found out.
var unknownValue = regexp.MustCompile(`=U(;|$)`)

// checkByParsers compares what Nagios and Monitoring::Plugin read with what was
// written.
func checkByParsers(t *testing.T, output []byte, status int) {
	t.Helper()
	first, rest, _ := strings.Cut(strings.TrimSpace(string(output)), "\n")
	wantText, wantData, _ := strings.Cut(first, " | ")
	state, text, long, data := readByNagios(t, output, status)
	if want := []string{"OK", "WARNING", "CRITICAL", "UNKNOWN"}[status]; state != want {
		t.Errorf("Nagios reads %s; want %s", state, want)
	}
	if text != wantText || data != wantData || long != strings.ReplaceAll(rest, "\n", `\n`) {
		t.Errorf("Nagios reads\n%q\n%q\n%q\nof\n%s", text, long, data, output)
	}
	known := 0
	for _, word := range strings.Fields(wantData) {
		if !unknownValue.MatchString(word) {
			known++
		}
	}
	if read := performanceBy(t, wantData); known == 0 || len(read) != known {
		t.Errorf("Monitoring::Plugin reads %d values, not %d, of %q: %q", len(read), known, wantData, read)
	}
}

// Nagios Core reads what the monitor says of one mailbox and of several, with
// any name.
func TestNagiosReadsTheMonitor(t *testing.T) {
	t.Setenv("MAILGRANT_HOME", t.TempDir())
	t.Setenv("MAILGRANT_KEY_FILE", filepath.Join(t.TempDir(), "key"))
	book := mailbox.NewBook(os.Getenv("MAILGRANT_HOME"))
	for _, name := range []string{"Helpdesk", "Ärger & Co (alt)", "a.b_c@d+e"} {
		d := mailbox.Definition{
			Name: name, Sender: "desk@contoso.test", OAuth: &mailbox.OAuth{Tenant: "contoso.test", ClientID: "1b4e28ba-2fa1-4d2b-883f-0016d3cca427", Authority: "http://127.0.0.1:9"},
			Servers: mailbox.NewServers(mailbox.Given{mailbox.IMAP: {Host: "127.0.0.1", Port: 9, Security: mailbox.SecurityTLS}}),
		}.Normalize()
		if err := book.Put(d); err != nil {
			t.Fatal(err)
		}
	}
	for _, args := range [][]string{{"Helpdesk"}, {"Ärger & Co (alt)"}, {"--all"}} {
		cmd := exec.Command(os.Getenv("MAILGRANT_TEST_PROGRAM"), append([]string{"monitor", "--format", "nagios", "--timeout", "5s"}, args...)...)
		out, _ := cmd.Output() // its status is read below
		checkByParsers(t, out, cmd.ProcessState.ExitCode())
	}
}
