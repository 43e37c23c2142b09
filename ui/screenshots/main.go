// Command screenshots draws the window's main states, in both languages, light
// and dark, without a display. Its argument is the folder to write to.
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"image/color"
	"image/png"
	"log"
	"os"
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"

	"mailgrant/internal/i18n"
	"mailgrant/ui"
	"mailgrant/ui/presenter"
	"mailgrant/ui/scripted"
)

// shades is the window's theme, light or dark whatever the system says.
type shades struct {
	fyne.Theme
	variant fyne.ThemeVariant
}

func (s shades) Color(name fyne.ThemeColorName, _ fyne.ThemeVariant) color.Color {
	return s.Theme.Color(name, s.variant)
}

func main() {
	height := flag.Float64("height", 800, "of the window")
	only := flag.String("scenes", "welcome,draft,assistant-preflight,waiting,wrong-account,tested-good,tested-one-bad,watching,round-trip,history,overview,overview-testing,takeover,takeover-problems,queue-waiting,practice", "which, or all; empty: none")
	variants := flag.String("variants", "light,dark", "which")
	report := flag.String("report", "", "write the report of a test, as HTML, beside the pictures; of this program version")
	flag.Parse()
	log.SetFlags(0)
	log.SetPrefix("screenshots: ")
	if flag.NArg() != 1 {
		log.Fatal("the folder to write to is missing")
	}
	a := test.NewApp()
	for _, language := range i18n.Languages {
		if *report != "" {
			file := filepath.Join(flag.Arg(0), fmt.Sprintf("report-%s.html", language))
			if err := writeReport(scripted.Find("tested-one-bad"), language, *report, file); err != nil {
				log.Fatal(err)
			}
		}
		for _, name := range strings.Split(*variants, ",") {
			variant := theme.VariantLight
			if name == "dark" {
				variant = theme.VariantDark
			}
			a.Settings().SetTheme(shades{ui.Look(), variant})
			for _, scene := range scenes(*only) {
				file := filepath.Join(flag.Arg(0), fmt.Sprintf("%s-%s-%s.png", scene.Name, language, name))
				if err := draw(scene, language, fyne.NewSize(1280, float32(*height)), file); err != nil {
					log.Fatal(err)
				}
			}
		}
	}
}

func scenes(names string) []scripted.Scene {
	switch names {
	case "all":
		return scripted.Scenes
	case "":
		return nil
	}
	var chosen []scripted.Scene
	for _, name := range strings.Split(names, ",") {
		chosen = append(chosen, scripted.Find(name))
	}
	return chosen
}

func draw(scene scripted.Scene, language i18n.Language, size fyne.Size, file string) error {
	w := test.NewWindow(nil)
	defer w.Close()
	s := scripted.NewStage(language, scripted.Helpdesk())
	if err := scene.Open(s, func(s *scripted.Stage) { s.Show(w, size) }); err != nil {
		return err
	}
	var picture bytes.Buffer
	err := errors.Join(png.Encode(&picture, w.Canvas().Capture()), os.MkdirAll(filepath.Dir(file), 0o755))
	if err != nil {
		return err
	}
	return os.WriteFile(file, picture.Bytes(), 0o644)
}

// writeReport is what the window saves after a test.
func writeReport(scene scripted.Scene, language i18n.Language, version, file string) error {
	s := scripted.NewStage(language, scripted.Helpdesk())
	s.Version = version
	if err := scene.Open(s, func(s *scripted.Stage) { s.Play() }); err != nil {
		return err
	}
	data, err := s.Presenter.Report(file, presenter.ReportChoice{})()
	if err != nil {
		return err
	}
	return os.WriteFile(file, data, 0o644)
}
