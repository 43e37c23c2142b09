// Package assets holds what Mailgrant shows but does not compute: its icon,
// its texts in every language and the page a browser sees after a sign-in.
//
// It imports nothing of the project, so every other package may use it.
package assets

import "embed"

// Translations holds translations/<language>/<area>.json. Each file maps a
// dotted key to a text, or to a list of texts for numbered steps.
//
//go:embed translations
var Translations embed.FS

// Icon is the program's icon, a square PNG of 256 pixels made from
// icon/icon.svg.
//
//go:embed icon/icon-256.png
var Icon []byte

// ResultPage is the page that ends a sign-in in the browser, a template of
// package markup.
//
//go:embed result.html
var ResultPage string
