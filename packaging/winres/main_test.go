package main

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/tc-hib/winres"
	"github.com/tc-hib/winres/version"
)

func TestResources(t *testing.T) {
	icon, err := readIcon("../../assets/icon", sizes)
	if err != nil {
		t.Fatal(err)
	}
	var meta metadata
	meta.Details.Name, meta.Details.ID, meta.Details.Version, meta.Details.Build = "Mailgrant", "com.example.app", "1.2.3", 4
	for program := range descriptions {
		set, err := resourceSet(meta, program, icon)
		if err != nil {
			t.Fatal(err)
		}
		checkManifest(t, string(set.Get(winres.RT_MANIFEST, winres.ID(1), winres.LCIDDefault)))
		for i, language := range []uint16{0x0409, 0x0407} {
			info, err := version.FromBytes(set.Get(winres.RT_VERSION, winres.ID(1), language))
			if err != nil {
				t.Fatalf("%s, language %x: %v", program, language, err)
			}
			if info.FileVersion != [4]uint16{1, 2, 3, 4} {
				t.Errorf("%s, language %x: file version %v", program, language, info.FileVersion)
			}
			text, err := json.Marshal(info)
			if err != nil {
				t.Fatal(err)
			}
			for _, want := range []string{program + ".exe", descriptions[program][i], fmt.Sprintf("%04X", language)} {
				if !strings.Contains(string(text), `"`+want+`"`) {
					t.Errorf("%s, language %x: no %q in %s", program, language, want, text)
				}
			}
		}
		got, err := set.GetIcon(winres.Name("GLFW_ICON"))
		if err != nil || len(sizesOf(t, got)) != len(sizes) {
			t.Errorf("%s: icon %v, %v", program, got, err)
		}
	}
}

// sizesOf reads the number of images out of an icon as Windows would.
func sizesOf(t *testing.T, icon *winres.Icon) []byte {
	t.Helper()
	var ico strings.Builder
	if err := icon.SaveICO(&ico); err != nil {
		t.Fatal(err)
	}
	count := int(ico.String()[4])
	out := make([]byte, count)
	for i := range out {
		out[i] = ico.String()[6+16*i]
	}
	return out
}

func checkManifest(t *testing.T, text string) {
	t.Helper()
	for d := xml.NewDecoder(strings.NewReader(text)); ; {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatalf("manifest: %v\n%s", err, text)
		}
	}
	for _, want := range []string{
		`version="1.2.3.4"`, `name="com.example.app"`, `level="asInvoker"`, `PerMonitorV2`,
		`>UTF-8</activeCodePage>`, `<longPathAware`, `Microsoft.Windows.Common-Controls`, `{8e0f7a12-bfb3-4fe8-b9a5-48fd50a15a9a}`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("manifest lacks %s:\n%s", want, text)
		}
	}
	for _, left := range []string{"{id}", "{number}", "{description}", "amd64"} { // the same manifest is in programs for arm64
		if strings.Contains(text, left) {
			t.Errorf("manifest says %s", left)
		}
	}
}

func TestFileVersion(t *testing.T) {
	for _, bad := range []string{"", "1.2", "1.2.3.4", "1.2.x", "1.2.-3", "1.2.70000"} {
		if got, err := fileVersion(bad, 1); err == nil {
			t.Errorf("fileVersion(%q) = %v, want an error", bad, got)
		}
	}
	if got, err := fileVersion("10.20.30", 5); err != nil || got != "10.20.30.5" {
		t.Errorf("fileVersion = %v, %v", got, err)
	}
}
