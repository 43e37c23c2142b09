package policy

import (
	"encoding/xml"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const templates = "../../packaging/policies"

func readXML(t *testing.T, name string, into any) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(templates, name))
	if err == nil {
		err = xml.Unmarshal(data, into)
	}
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return string(data)
}

// TestTemplates: Group Policy offers what the program reads, under the same
// names and kinds, with a text for everything in both languages.
func TestTemplates(t *testing.T) {
	type element struct {
		ValueName string `xml:"valueName,attr"`
	}
	var admx struct {
		Policies []struct {
			Name      string    `xml:"name,attr"`
			Key       string    `xml:"key,attr"`
			Value     string    `xml:"valueName,attr"`
			Text      []element `xml:"elements>text"`
			Enum      []element `xml:"elements>enum"`
			MultiText []element `xml:"elements>multiText"`
		} `xml:"policies>policy"`
	}
	text := readXML(t, "Mailgrant.admx", &admx)
	kinds := map[string]reflect.Kind{}
	for _, p := range admx.Policies {
		if p.Key != `Software\Policies\Mailgrant` {
			t.Errorf("%s: key %q", p.Name, p.Key)
		}
		if p.Value != "" {
			kinds[p.Value] = reflect.Bool
		}
		for _, e := range append(p.Text, p.Enum...) {
			kinds[e.ValueName] = reflect.String
		}
		for _, e := range p.MultiText {
			kinds[e.ValueName] = reflect.Slice
		}
	}
	for i := range reflect.TypeFor[Policy]().NumField() {
		field := reflect.TypeFor[Policy]().Field(i)
		name := field.Tag.Get("json")
		if kinds[name] != field.Type.Kind() {
			t.Errorf("%s is a %v in the template and a %v in the program", name, kinds[name], field.Type.Kind())
		}
		delete(kinds, name)
	}
	if len(kinds) > 0 {
		t.Errorf("the program does not read %v", kinds)
	}
	for _, cloud := range clouds {
		if !strings.Contains(text, "<string>"+cloud+"</string>") {
			t.Errorf("no cloud %s", cloud)
		}
	}
	used := regexp.MustCompile(`\$\((string|presentation)\.([^)]+)\)`).FindAllStringSubmatch(text, -1)
	for _, lang := range []string{"de-DE", "en-US"} {
		var adml struct {
			Strings []struct {
				ID   string `xml:"id,attr"`
				Text string `xml:",chardata"`
			} `xml:"resources>stringTable>string"`
			Presentations []struct {
				ID string `xml:"id,attr"`
			} `xml:"resources>presentationTable>presentation"`
		}
		readXML(t, lang+"/Mailgrant.adml", &adml)
		var have []string
		for _, s := range adml.Strings {
			have = append(have, "string."+s.ID)
			if strings.TrimSpace(s.Text) == "" {
				t.Errorf("%s: %s is empty", lang, s.ID)
			}
		}
		for _, p := range adml.Presentations {
			have = append(have, "presentation."+p.ID)
		}
		for _, u := range used {
			i := slices.Index(have, u[1]+"."+u[2])
			if i < 0 {
				t.Errorf("%s: no %s %s", lang, u[1], u[2])
				continue
			}
			have[i] = ""
		}
		if left := slices.DeleteFunc(have, func(s string) bool { return s == "" }); len(left) > 0 {
			t.Errorf("%s: unused: %v", lang, left)
		}
	}
}
