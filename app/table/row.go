package table

import (
	"cmp"
	"strconv"
	"strings"

	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/redact"
)

// definition makes a normalised definition of cells by their fields. Its
// errors are about cells that have no place in a definition; Validate finds
// the rest.
func definition(cells map[string]string) (mailbox.Definition, mailbox.Invalid) {
	d := mailbox.Definition{}
	if hasOAuth(cells) || cells["authentication"] != mailbox.AuthPassword {
		d.OAuth = &mailbox.OAuth{}
	}
	d.Fill(cells)
	var wrong mailbox.Invalid
	presets, given := presets(d), mailbox.Given{}
	for _, k := range mailbox.Kinds() {
		server, err := server(k, cells, presets)
		given[k.Protocol], wrong = server, append(wrong, err...)
	}
	if d.Servers = mailbox.NewServers(given); len(d.Servers) == 0 {
		d.Servers = presets
	}
	return d.Normalize(), wrong
}

func hasOAuth(cells map[string]string) bool {
	for field, cell := range cells {
		if strings.HasPrefix(field, "oauth.") && cell != "" {
			return true
		}
	}
	return false
}

// presets are the servers of the row's provider; none of one that is not known.
func presets(d mailbox.Definition) mailbox.Servers {
	if n := d.Normalize(); n.OAuth != nil {
		return n.OAuth.Presets()
	}
	return nil
}

// Secure tells what the usual ports mean; "" of another. None of them is taken for
// one without encryption.
func Secure(port string) string {
	for _, k := range mailbox.Kinds() {
		for _, usual := range k.Ports {
			switch {
			case strconv.Itoa(usual.Number) != port:
			case usual.Security == mailbox.SecurityNone:
				return mailbox.SecuritySTARTTLS
			default:
				return usual.Security
			}
		}
	}
	return ""
}

// server reads the three cells of a server; nil without any. What is left out of
// them is the usual: the host is the provider's.
func server(k mailbox.Kind, cells map[string]string, presets mailbox.Servers) (*mailbox.Server, mailbox.Invalid) {
	name := string(k.Protocol)
	preset := mailbox.Server{Port: k.Ports[0].Number, Security: k.Ports[0].Security}
	if known := presets.Of(k.Protocol); known != nil {
		preset = *known
	}
	host, port, security := cells[name+".host"], cells[name+".port"], cells[name+".security"]
	if host == "" && port == "" && security == "" {
		return nil, nil
	}
	s := mailbox.Server{Host: cmp.Or(host, preset.Host), Port: preset.Port, Security: security}
	if security == "" {
		if s.Security = Secure(port); s.Security == "" {
			s.Security = preset.Security
		}
	}
	if port == "" {
		return &s, nil
	}
	n, err := strconv.Atoi(port)
	if err != nil {
		return &s, mailbox.Invalid{{Field: name + ".port", Problem: "port", Args: i18n.Args{"value": redact.Line(port)}}}
	}
	s.Port = n
	return &s, nil
}
