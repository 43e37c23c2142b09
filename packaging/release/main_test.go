package main

import (
	"archive/zip"
	"debug/elf"
	"debug/pe"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var release = flag.String("release", "", "the folder of a release")

func TestArchiveIsTheSameAgain(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "a.txt")
	if err := os.WriteFile(file, []byte("hello"), 0o600); err != nil {
		t.Fatal(err)
	}
	var archives []string
	for _, name := range []string{"1.zip", "2.zip"} {
		out := filepath.Join(dir, name)
		if err := archive(out, []string{"b/ü.txt=" + file, "a.txt=" + file}); err != nil {
			t.Fatal(err)
		}
		data, _ := os.ReadFile(out)
		archives = append(archives, string(data))
	}
	if archives[0] != archives[1] {
		t.Error("two archives differ")
	}
	r, err := zip.OpenReader(filepath.Join(dir, "1.zip"))
	if err != nil || len(r.File) != 2 || r.File[0].Name != "a.txt" || r.File[1].Name != "b/ü.txt" {
		t.Fatalf("%v: %v", err, r)
	}
	_ = r.Close()
	if archive(filepath.Join(dir, "3.zip"), []string{"nothing"}) == nil {
		t.Error("an entry without a file")
	}
}

func TestWinget(t *testing.T) {
	t.Chdir("../..")
	dir := t.TempDir()
	setup := filepath.Join(dir, "Mailgrant-9.8.7-setup.exe")
	if err := os.WriteFile(setup, []byte("setup"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := winget("9.8.7", setup, filepath.Join(dir, "winget")); err != nil {
		t.Fatal(err)
	}
	files, _ := filepath.Glob(filepath.Join(dir, "winget", "*.yaml"))
	if len(files) != 4 {
		t.Fatal(files)
	}
	all := ""
	for _, file := range files {
		data, _ := os.ReadFile(file)
		text := string(data)
		all += text
		for _, want := range []string{"PackageIdentifier: Mailgrant.Mailgrant\n", "PackageVersion: 9.8.7\n", "ManifestVersion: 1.9.0\n"} {
			if !strings.Contains(text, want) {
				t.Errorf("%s: no %s", file, want)
			}
		}
		if strings.ContainsAny(text, "{}\t") {
			t.Errorf("%s: %s", file, text)
		}
	}
	if !regexp.MustCompile(`InstallerUrl: https://\S+/v9\.8\.7/Mailgrant-9\.8\.7-setup\.exe\n  InstallerSha256: [0-9A-F]{64}\n`).MatchString(all) {
		t.Error(all)
	}
}

// TestSBOM: this test's own program is as good as any.
func TestSBOM(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	data, err := sbom("1.2.3", []string{self})
	again, _ := sbom("1.2.3", []string{self})
	if err != nil || string(data) != string(again) {
		t.Fatalf("%v, or two lists differ", err)
	}
	checkSBOM(t, data, "stdlib")
}

func checkSBOM(t *testing.T, data []byte, wanted ...string) {
	t.Helper()
	var b bom
	if err := json.Unmarshal(data, &b); err != nil {
		t.Fatal(err)
	}
	if b.Format != "CycloneDX" || b.SpecVersion != "1.6" || !regexp.MustCompile(`^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`).MatchString(b.SerialNumber) {
		t.Errorf("%+v", b)
	}
	refs := map[string]bool{b.Metadata.Component.Ref: true}
	var names []string
	for _, c := range b.Components {
		if refs[c.Ref] || c.Version == "" || !strings.HasPrefix(c.PURL, "pkg:golang/") {
			t.Errorf("%+v", c)
		}
		refs[c.Ref] = true
		names = append(names, c.Name)
	}
	for _, d := range b.Dependencies {
		for _, on := range append(d.On, d.Ref) {
			if !refs[on] {
				t.Errorf("%s is not listed", on)
			}
		}
	}
	for _, name := range wanted {
		if !slices.Contains(names, name) {
			t.Errorf("%s is missing in %v", name, names)
		}
	}
}

// TestRelease looks at a built release (packaging/test-release).
func TestRelease(t *testing.T) {
	if *release == "" {
		t.Skip("no release was named; packaging/test-release names one")
	}
	for name, machine := range map[string]elf.Machine{"amd64": elf.EM_X86_64, "arm64": elf.EM_AARCH64} {
		f, err := elf.Open(filepath.Join(*release, "mailgrant-cli-linux-"+name))
		if err != nil || f.Machine != machine || f.Section(".interp") != nil {
			t.Errorf("Linux %s: %v, or not static", name, err)
		}
	}
	for name, machine := range map[string]uint16{"amd64": pe.IMAGE_FILE_MACHINE_AMD64, "arm64": pe.IMAGE_FILE_MACHINE_ARM64} {
		f, err := pe.Open(filepath.Join(*release, "mailgrant-cli-windows-"+name+".exe"))
		if err != nil || f.Machine != machine || f.Section(".rsrc") == nil {
			t.Errorf("Windows %s: %v, or without resources", name, err)
		}
	}
	lists, _ := filepath.Glob(filepath.Join(*release, "*.cdx.json"))
	if len(lists) != 1 {
		t.Fatal(lists)
	}
	data, err := os.ReadFile(lists[0])
	if err != nil {
		t.Fatal(err)
	}
	checkSBOM(t, data, "stdlib", "github.com/emersion/go-smtp", "golang.org/x/sys")
}
