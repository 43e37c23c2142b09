package mailbox

import (
	"encoding/json"
	"strings"
	"testing"
)

const sieve Protocol = "sieve"

// A protocol that is added to the table is read, checked, copied and written
// like the others, without a word about it elsewhere.
func TestADefinitionMayNameAServerOfANewKind(t *testing.T) {
	text := strings.Replace(example, `"smtp":`, `"sieve": {"host": "mail.test", "port": 4190, "security": "starttls"}, "smtp":`, 1)
	unknown := func() {
		t.Helper()
		if _, err := Parse([]byte(text)); err == nil || !strings.Contains(err.Error(), "sieve") {
			t.Errorf("an unknown protocol: %v", err)
		}
	}
	unknown()
	forget := Register(Kind{Protocol: sieve, Title: "ManageSieve", Ports: []Port{{4190, SecuritySTARTTLS}}})
	d, err := Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if s := d.Server(sieve); s == nil || s.Port != 4190 || len(d.Servers) != 3 || d.Servers[2].Protocol != sieve {
		t.Errorf("servers %v", d.Servers)
	}
	again, err := Parse(d.Format())
	if err != nil || string(again.Format()) != string(d.Format()) || !strings.Contains(string(d.Format()), `"sieve": {`) {
		t.Errorf("%v\n%s", err, d.Format())
	}
	for wrong, field := range map[string]string{`"port": 4190`: "sieve.port", `"sieve": {`: "sieve.extra", `"starttls"}, "smtp"`: "sieve.security"} {
		with := map[string]string{
			`"port": 4190`: `"port": 0`, `"sieve": {`: `"sieve": {"extra": 1, `, `"starttls"}, "smtp"`: `"none"}, "smtp"`,
		}[wrong]
		if _, err := Parse([]byte(strings.Replace(text, wrong, with, 1))); err == nil || !strings.Contains(err.Error(), strings.TrimPrefix(field, "sieve.")) {
			t.Errorf("%s: %v", field, err)
		}
	}
	forget()
	unknown()
}

// Who reads the table while a protocol comes or goes sees it with or without.
func TestAProtocolComesWhileDefinitionsAreRead(t *testing.T) {
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		for {
			select {
			case <-stop:
				return
			default:
			}
			if d, err := Parse([]byte(example)); err != nil || len(d.Servers) != 2 || d.Format() == nil || len(Protocols()) < 3 {
				t.Errorf("%v, %v", d.Servers, err)
			}
		}
	}()
	for range 100 {
		Register(Kind{Protocol: sieve, Title: "ManageSieve", Ports: []Port{{4190, SecuritySTARTTLS}}})()
	}
	close(stop)
	<-stopped
}

func TestServersKeepTheirOrderAndCopiesTheirServers(t *testing.T) {
	d, err := Parse([]byte(example))
	if err != nil {
		t.Fatal(err)
	}
	other := d
	other.SetServer(POP3, &Server{Host: "pop.test", Port: 995, Security: SecurityTLS})
	if got := other.Servers.Protocols(); len(got) != 3 || got[1] != POP3 || d.Server(POP3) != nil {
		t.Errorf("%v; the first one has %v", got, d.Servers.Protocols())
	}
	other.SetServer(IMAP, nil)
	if other.Server(IMAP) != nil || d.Server(IMAP) == nil {
		t.Errorf("%v; the first one has %v", other.Servers.Protocols(), d.Servers.Protocols())
	}
	clone := d.Clone()
	clone.Server(IMAP).Host = "elsewhere.test"
	if d.Server(IMAP).Host != "outlook.office365.com" {
		t.Error("a copy shares its server")
	}
}

// Other encoders than Format write the same bytes, and escape as they are told.
func TestDefinitionsAreWrittenByAnyEncoder(t *testing.T) {
	d, err := Parse([]byte(strings.Replace(example, `helpdesk@`, `a&b@`, 1)))
	if err != nil {
		t.Fatal(err)
	}
	escaped, err := json.Marshal(d)
	if err != nil || !strings.Contains(string(escaped), `a\u0026b@`) || !strings.Contains(string(d.Format()), "a&b@") {
		t.Errorf("%v\n%s\n%s", err, escaped, d.Format())
	}
	var back Definition
	if err := json.Unmarshal(escaped, &back); err != nil || string(back.Format()) != string(d.Format()) {
		t.Errorf("%v\n%s", err, back.Format())
	}
	for text, want := range map[string]string{`[]`: "file: ", `{"imap": 5}`: "imap: ", `{"imap": {"port": "x"}}`: "imap.port: "} {
		_, err := Parse([]byte(text))
		if err == nil || !strings.HasPrefix(err.Error(), want) || strings.Contains(err.Error(), "struct") {
			t.Errorf("%s: %v", text, err)
		}
	}
}
