// Winres writes what Windows shows about a program before it runs: icon,
// manifest and version resource. The result is an object file beside main.go,
// which the go command links into a program for Windows by its name.
//
//	go run ./packaging/winres -program mailgrant -object rsrc_windows_amd64.syso
//	go run ./packaging/winres -ico mailgrant.ico
//
// It runs in the project's folder. Name, identifier and version come from
// FyneApp.toml, the only place of them.
package main

import (
	"bytes"
	"cmp"
	_ "embed"
	"encoding/json"
	"flag"
	"fmt"
	"image"
	_ "image/png"
	"log"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/BurntSushi/toml"
	"github.com/tc-hib/winres"
	"github.com/tc-hib/winres/version"
)

// What Windows shows about a program, filled in from FyneApp.toml.
var (
	//go:embed manifest.xml
	manifest string
	//go:embed version.json
	versions string
)

// sizes are those Windows asks for at 100 to 200 % scale, and 256 for tiles.
var sizes = []int{16, 20, 24, 32, 40, 48, 64, 128, 256}

// small are enough for a program of the console, which nobody sees as a tile.
var small = sizes[:6]

// descriptions are what the Task Manager and a file's properties show, in English
// and German.
var descriptions = map[string][2]string{
	"mailgrant":     {"Mailgrant", "Mailgrant"},
	"mailgrant-cli": {"Mailgrant on the command line", "Mailgrant für die Befehlszeile"},
}

type metadata struct {
	Details struct {
		Name    string
		ID      string
		Version string
		Build   int
	}
}

func main() {
	log.SetFlags(0)
	log.SetPrefix("winres: ")
	program := flag.String("program", "mailgrant", "mailgrant or mailgrant-cli")
	object := flag.String("object", "", "object `file` to write")
	ico := flag.String("ico", "", "icon `file` to write")
	flag.Parse()
	if err := run(*program, *object, *ico); err != nil {
		log.Fatal(err)
	}
}

func run(program, object, ico string) error {
	var meta metadata
	if _, err := toml.DecodeFile("FyneApp.toml", &meta); err != nil {
		return err
	}
	shown := sizes
	if program == "mailgrant-cli" {
		shown = small
	}
	icon, err := readIcon(filepath.Join("assets", "icon"), shown)
	if err != nil {
		return err
	}
	var out bytes.Buffer
	if ico != "" {
		err = icon.SaveICO(&out)
	} else if resources, wrong := resourceSet(meta, program, icon); wrong != nil {
		err = wrong
	} else {
		err = resources.WriteObject(&out, archOf(object))
	}
	if err != nil {
		return err
	}
	return os.WriteFile(cmp.Or(ico, object), out.Bytes(), 0o644)
}

func readIcon(folder string, sizes []int) (*winres.Icon, error) {
	images := make([]image.Image, 0, len(sizes))
	for _, size := range sizes {
		f, err := os.Open(filepath.Join(folder, fmt.Sprintf("icon-%d.png", size)))
		if err != nil {
			return nil, err
		}
		img, _, err := image.Decode(f)
		f.Close()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f.Name(), err)
		}
		if got := img.Bounds().Size(); got != image.Pt(size, size) {
			return nil, fmt.Errorf("%s: %v pixels", f.Name(), got)
		}
		images = append(images, img)
	}
	return winres.NewIconFromImages(images)
}

func resourceSet(meta metadata, program string, icon *winres.Icon) (*winres.ResourceSet, error) {
	described, ok := descriptions[program]
	if !ok {
		return nil, fmt.Errorf("no program %q", program)
	}
	number, err := fileVersion(meta.Details.Version, meta.Details.Build)
	if err != nil {
		return nil, err
	}
	var set winres.ResourceSet
	// GLFW gives this icon to a window until the program sets one:
	// https://www.glfw.org/docs/latest/group__window.html (GLFW_ICON).
	if err := set.SetIcon(winres.Name("GLFW_ICON"), icon); err != nil {
		return nil, err
	}
	fill := strings.NewReplacer(
		"{id}", meta.Details.ID, "{name}", meta.Details.Name, "{version}", meta.Details.Version, "{number}", number,
		"{program}", program, "{description}", described[0], "{beschreibung}", described[1],
	)
	if err := set.Set(winres.RT_MANIFEST, winres.ID(1), winres.LCIDDefault, []byte(fill.Replace(manifest))); err != nil {
		return nil, err
	}
	var info version.Info
	if err := json.Unmarshal([]byte(fill.Replace(versions)), &info); err != nil {
		return nil, err
	}
	set.SetVersionInfo(info)
	return &set, nil
}

// fileVersion turns 1.2.3 and build 4 into the four numbers Windows compares.
func fileVersion(text string, build int) (string, error) {
	parts := append(strings.Split(text, "."), strconv.Itoa(build))
	if len(parts) != 4 {
		return "", fmt.Errorf("FyneApp.toml: version %q is not three numbers", text)
	}
	for _, part := range parts {
		if _, err := strconv.ParseUint(part, 10, 16); err != nil {
			return "", fmt.Errorf("FyneApp.toml: version %q, build %d: %w", text, build, err)
		}
	}
	return strings.Join(parts, "."), nil
}

// archOf is the processor that an object's name says: the go command takes it
// by that name only.
func archOf(object string) winres.Arch {
	if strings.HasSuffix(object, "_arm64.syso") {
		return winres.ArchARM64
	}
	return winres.ArchAMD64
}
