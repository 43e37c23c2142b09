package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// The three files of a package in winget's repository, in the form of manifest
// version 1.9.0 (Microsoft Learn, "Create your package manifest"). The setup is
// NSIS: /S is known to winget, the scope is ours.
const (
	wingetVersion = `PackageIdentifier: Mailgrant.Mailgrant
PackageVersion: {version}
DefaultLocale: en-US
ManifestType: version
ManifestVersion: 1.9.0
`
	wingetInstaller = `PackageIdentifier: Mailgrant.Mailgrant
PackageVersion: {version}
Platform:
- Windows.Desktop
MinimumOSVersion: 10.0.0.0
InstallerType: nullsoft
UpgradeBehavior: install
AppsAndFeaturesEntries:
- DisplayName: Mailgrant
  ProductCode: Mailgrant
Installers:
- Architecture: x64
  Scope: machine
  InstallerUrl: {url}
  InstallerSha256: {sum}
  InstallerSwitches:
    Custom: /AllUsers
  ElevationRequirement: elevationRequired
- Architecture: x64
  Scope: user
  InstallerUrl: {url}
  InstallerSha256: {sum}
  InstallerSwitches:
    Custom: /CurrentUser
ManifestType: installer
ManifestVersion: 1.9.0
`
	wingetLocale = `PackageIdentifier: Mailgrant.Mailgrant
PackageVersion: {version}
PackageLocale: {locale}
Publisher: Mailgrant
PackageName: Mailgrant
PackageUrl: {website}
License: {licence}
ShortDescription: {description}
ManifestType: {kind}
ManifestVersion: 1.9.0
`
)

// winget writes the manifests of a setup. Its address is where releases of the
// website lie.
func winget(version, setup, folder string) error {
	sum, err := sumOf(setup)
	if err != nil {
		return err
	}
	website, err := fact("Website")
	if err != nil {
		return err
	}
	fill := strings.NewReplacer(
		"{version}", version, "{sum}", strings.ToUpper(sum), "{website}", website,
		"{url}", website+"/releases/download/v"+version+"/"+filepath.Base(setup), "{licence}", "MIT",
	)
	files := map[string]string{
		"Mailgrant.Mailgrant.yaml": wingetVersion, "Mailgrant.Mailgrant.installer.yaml": wingetInstaller,
		"Mailgrant.Mailgrant.locale.en-US.yaml": locale("en-US", "defaultLocale", "Gives a server product's mailbox its OAuth2 authorization on Microsoft 365 and proves that IMAP, POP3 and SMTP work."),
		"Mailgrant.Mailgrant.locale.de-DE.yaml": locale("de-DE", "locale", "Gibt dem Postfach eines Serverprodukts seine OAuth2-Autorisierung bei Microsoft 365 und weist nach, dass IMAP, POP3 und SMTP funktionieren."),
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(fill.Replace(text)), 0o644); err != nil {
			return err
		}
	}
	return nil
}

func locale(name, kind, description string) string {
	return strings.NewReplacer("{locale}", name, "{kind}", kind, "{description}", description).Replace(wingetLocale)
}

// fact reads FyneApp.toml, as the build scripts do.
func fact(name string) (string, error) {
	data, err := os.ReadFile("FyneApp.toml")
	if err != nil {
		return "", err
	}
	for _, line := range strings.Split(string(data), "\n") {
		if key, value, ok := strings.Cut(line, "="); ok && strings.TrimSpace(key) == name {
			return strings.Trim(strings.TrimSpace(value), `"`), nil
		}
	}
	return "", fmt.Errorf("FyneApp.toml has no %s", name)
}
