package main

import (
	"crypto/sha256"
	"debug/buildinfo"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
)

// The parts of CycloneDX 1.6 that are used (cyclonedx.org/docs/1.6/json).
type bom struct {
	Schema       string       `json:"$schema"`
	Format       string       `json:"bomFormat"`
	SpecVersion  string       `json:"specVersion"`
	SerialNumber string       `json:"serialNumber"`
	Version      int          `json:"version"`
	Metadata     metadata     `json:"metadata"`
	Components   []component  `json:"components"`
	Dependencies []dependency `json:"dependencies"`
}

type metadata struct {
	Component component `json:"component"`
}

type component struct {
	Type       string      `json:"type"`
	Ref        string      `json:"bom-ref"`
	Name       string      `json:"name"`
	Version    string      `json:"version"`
	PURL       string      `json:"purl,omitempty"`
	Hashes     []hash      `json:"hashes,omitempty"`
	Properties []property  `json:"properties,omitempty"`
	Components []component `json:"components,omitempty"`
}

type hash struct {
	Algorithm string `json:"alg"`
	Content   string `json:"content"`
}

type property struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

type dependency struct {
	Ref string   `json:"ref"`
	On  []string `json:"dependsOn"`
}

// sbom lists the modules in all programs, from the programs themselves, and the
// programs as files of the release. Nothing of it tells when it was made: the
// same programs give the same list.
func sbom(version string, programs []string) ([]byte, error) {
	modules := map[string]component{}
	root := component{Type: "application", Ref: "mailgrant@" + version, Name: "Mailgrant", Version: version}
	for _, path := range programs {
		info, err := buildinfo.ReadFile(path)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		sum, err := sumOf(path)
		if err != nil {
			return nil, err
		}
		root.Components = append(root.Components, component{
			Type: "file", Ref: filepath.Base(path), Name: filepath.Base(path), Version: version,
			Hashes: []hash{{"SHA-256", sum}},
		})
		add(modules, "stdlib", info.GoVersion[len("go"):], "")
		for _, m := range info.Deps {
			if m.Replace != nil {
				m = m.Replace
			}
			add(modules, m.Path, m.Version, m.Sum)
		}
	}
	refs := slices.Sorted(maps.Keys(modules))
	b := bom{
		Schema: "http://cyclonedx.org/schema/bom-1.6.schema.json", Format: "CycloneDX", SpecVersion: "1.6", Version: 1,
		Metadata: metadata{root}, Dependencies: []dependency{{root.Ref, refs}},
	}
	for _, ref := range refs {
		b.Components = append(b.Components, modules[ref])
		b.Dependencies = append(b.Dependencies, dependency{ref, []string{}})
	}
	// A UUID of version 8 (RFC 9562) from what the list says.
	content, err := json.Marshal(b)
	if err != nil {
		return nil, err
	}
	id := sha256.Sum256(content)
	id[6], id[8] = id[6]&0x0f|0x80, id[8]&0x3f|0x80
	b.SerialNumber = fmt.Sprintf("urn:uuid:%x-%x-%x-%x-%x", id[:4], id[4:6], id[6:8], id[8:10], id[10:16])
	data, err := json.MarshalIndent(b, "", "  ")
	return append(data, '\n'), err
}

// add notes a module by its package URL (purl-spec, type golang).
func add(modules map[string]component, path, version, sum string) {
	purl := "pkg:golang/" + path + "@" + version
	c := component{Type: "library", Ref: purl, Name: path, Version: version, PURL: purl}
	if sum != "" {
		c.Properties = []property{{"go:sum", sum}} // a hash of hashes, which CycloneDX has no name for
	}
	modules[purl] = c
}

func sumOf(path string) (string, error) {
	data, err := os.ReadFile(path)
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:]), err
}
