package monitor

import (
	"encoding/json"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"mailgrant/internal/i18n"
)

// The readers here are as strict as the documentation of each system.

// performanceLabel is one value of the Monitoring Plugins Development
// Guidelines, "Performance data": 'label'=value[UOM];[warn];[crit];[min];[max].
var performanceLabel = regexp.MustCompile(`^('[^'=]+'|[^\s'=]+)=(U|-?[0-9]+(\.[0-9]+)?(s|us|ms|%|B|KB|MB|TB|c)?(;@?[0-9.~]*:?[0-9.]*(;@?[0-9.~]*:?[0-9.]*(;-?[0-9.]*(;-?[0-9.]*)?)?)?)?)$`)

// readNagios reads a plugin's output and returns its performance data.
func readNagios(t *testing.T, out string) map[string]string {
	t.Helper()
	lines := strings.Split(strings.TrimSuffix(out, "\n"), "\n")
	text, performance, _ := strings.Cut(lines[0], "|")
	if !regexp.MustCompile(`^MAILGRANT (OK|WARNING|CRITICAL|UNKNOWN) - \S`).MatchString(text) {
		t.Errorf("status line: %q", text)
	}
	all := map[string]string{}
	for _, word := range strings.Fields(performance) {
		if !performanceLabel.MatchString(word) {
			t.Errorf("performance data: %q", word)
		}
		label, value, _ := strings.Cut(word, "=")
		all[strings.Trim(label, "'")] = value
	}
	for _, line := range lines[1:] {
		if strings.Contains(line, "|") || strings.TrimSpace(line) == "" {
			t.Errorf("long output: %q", line)
		}
	}
	return all
}

func TestNagiosIsRead(t *testing.T) {
	all := readNagios(t, string(Nagios.Write(several(i18n.German))))
	if all["mailboxes"] != "7;;;0" || all["critical"] != "3;;;0;7" || all["earliest_end_days"] != "0;14:;3:;0" {
		t.Errorf("%v", all)
	}
	single := readNagios(t, string(Nagios.Write(one("Ärger & Co"))))
	if single["imap"] != "0.412s;;;0" || single["smtp"] != "U" || single["authorization_days"] != "90;14:;3:;0" {
		t.Errorf("%v", single)
	}
}

// localCheck is a line of docs.checkmk.com, "Local checks".
var localCheck = regexp.MustCompile(`^([0123P]) ("[^"]+"|[^\s"]+) (-|[A-Za-z_][A-Za-z0-9_]*=-?[0-9.]+(;[0-9.:]*){0,4}(\|[A-Za-z_][A-Za-z0-9_]*=-?[0-9.]+(;[0-9.:]*){0,4})*) (\S.*)$`)

func TestCheckmkIsRead(t *testing.T) {
	run := several(i18n.German)
	lines := strings.Split(strings.TrimSuffix(string(Checkmk.Write(run)), "\n"), "\n")
	if len(lines) != len(run.Checks) {
		t.Fatalf("%d services of %d", len(lines), len(run.Checks))
	}
	services := map[string]bool{}
	for _, line := range lines {
		m := localCheck.FindStringSubmatch(line)
		if m == nil {
			t.Errorf("%q", line)
			continue
		}
		services[m[2]] = true
	}
	if len(services) != len(lines) || !services[`"Mailgrant Ärger & Co"`] {
		t.Errorf("%v", services)
	}
}

// sample is a line of Prometheus' text format 0.0.4; tests/monitor asks its own
// parser.
var sample = regexp.MustCompile(`^[a-z_]+(\{([a-z]+="([^"\\\n]|\\[\\"n])*",?)+\})? -?[0-9.]+$`)

func TestPrometheusIsRead(t *testing.T) {
	typed := map[string]bool{}
	for _, line := range strings.Split(strings.TrimSuffix(string(Prometheus.Write(several(i18n.English))), "\n"), "\n") {
		if name, ok := strings.CutPrefix(line, "# TYPE "); ok {
			name = strings.Fields(name)[0]
			if typed[name] {
				t.Errorf("%s has two groups", name)
			}
			typed[name] = true
		} else if name, _, _ := strings.Cut(strings.Fields(line)[0], "{"); !strings.HasPrefix(line, "# HELP ") && (!sample.MatchString(line) || !typed[name]) {
			t.Errorf("%q", line)
		}
	}
	if len(typed) != 10 {
		t.Errorf("%d metrics: %v", len(typed), typed)
	}
	if promtool, err := exec.LookPath("promtool"); err == nil {
		cmd := exec.Command(promtool, "check", "metrics")
		cmd.Stdin = strings.NewReader(string(Prometheus.Write(several(i18n.German))))
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("promtool: %v\n%s", err, out)
		}
	}
}

// TestPRTGIsRead by the schema of the manual's "Custom Sensors".
func TestPRTGIsRead(t *testing.T) {
	for _, run := range []*Run{several(i18n.German), one("Application"), one("Nobody")} {
		var sensor struct {
			PRTG struct {
				Result []struct {
					Channel, Unit, CustomUnit string
					Value                     *float64
					LimitMode                 int
					LimitMinError             *float64
				}
				Text string
			}
		}
		d := json.NewDecoder(strings.NewReader(string(PRTG.Write(run))))
		if err := d.Decode(&sensor); err != nil {
			t.Fatal(err)
		}
		seen := map[string]bool{}
		for _, c := range sensor.PRTG.Result {
			if c.Channel == "" || c.Value == nil || seen[c.Channel] || (c.Unit == "Custom") != (c.CustomUnit != "") || c.LimitMinError != nil && c.LimitMode != 1 {
				t.Errorf("%+v", c)
			}
			if !strings.Contains("Custom Count TimeResponse", c.Unit) {
				t.Errorf("unit %q", c.Unit)
			}
			seen[c.Channel] = true
		}
		if n := len(sensor.PRTG.Result); n == 0 || n > 50 || sensor.PRTG.Text == "" || strings.Contains(sensor.PRTG.Text, "#") {
			t.Errorf("%d channels, text %q", n, sensor.PRTG.Text)
		}
	}
}

// TestZabbixIsRead: every row that is discovered is found again.
func TestZabbixIsRead(t *testing.T) {
	var doc struct {
		Data      []map[string]string
		Mailboxes []map[string]any
		Counts    map[string]int
	}
	if err := json.Unmarshal(Zabbix.Write(several(i18n.German)), &doc); err != nil {
		t.Fatal(err)
	}
	macro := regexp.MustCompile(`^\{#[A-Z0-9_.]+\}$`)
	for _, discovered := range doc.Data {
		found := 0
		for name := range discovered {
			if !macro.MatchString(name) {
				t.Errorf("macro %q", name)
			}
		}
		for _, m := range doc.Mailboxes {
			for key, value := range m {
				if value == nil {
					t.Errorf("%s is null", key)
				}
			}
			if m["name"] == discovered["{#MAILBOX}"] {
				found++
			}
		}
		if found != 1 {
			t.Errorf("%v is found %d times", discovered, found)
		}
	}
	if len(doc.Data) != 7 || doc.Counts["critical"] != 3 {
		t.Errorf("%d rows, %v", len(doc.Data), doc.Counts)
	}
}
