package diagnosis

import "strings"

// codeLookup is Microsoft's own page about a code of its sign-in service.
const codeLookup = "code-lookup"

// entraLinks adds that page for each code found. Only the digits come from
// the text: nothing from a server ever becomes a link.
func entraLinks(d Diagnosis) (links []string) {
	for _, code := range d.Codes {
		if number, ok := strings.CutPrefix(code, "AADSTS"); ok && len(links) < 3 {
			links = append(links, theBook().urls[codeLookup]+"?code="+number)
		}
	}
	return links
}
