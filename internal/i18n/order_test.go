package i18n

import (
	"slices"
	"testing"
)

func TestNamesStandWhereAReaderLooksForThem(t *testing.T) {
	for _, want := range [][]string{
		{"Aachen", "ärger", "Arzt", "Büro", "Buxtehude", "zoo", "Zubehör"},
		{"alpha", "Beta", "echo", "ÉCLAIR", "Omega", "Österreich", "Owl", "Über", "ufer", "Zürich"},
		{"Straße", "strasse 2", "Strauß", "Træ", "Trag"},
		{"Muller", "Müller", "Müllerei", "Mumm"},
		{"Łódź", "Lofoten", "Žilina", "Zimmer", "Ωmega"},
		{"desk1@contoso.com", "desk2@contoso.com", "desk010@contoso.com", "desk10@contoso.com", "desk100@contoso.com", "desk@contoso.com"},
		{"0", "7 a", "07 b", "12345678", "99999999", "100000000", "999999999", "1000000000", "123456789012345678", "1234567890123456789", "a"},
		{"Bu\u0308ro 1", "Büro 2", "Bus"}, // macOS takes a letter and its accent apart
	} {
		got := slices.Clone(want)
		slices.Reverse(got)
		slices.SortFunc(got, Compare)
		if !slices.Equal(got, want) {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if Compare("Büro", "Büro") != 0 {
		t.Error("a name does not equal itself")
	}
	if Compare("büro", "Büro") == 0 || Compare("Buro", "Büro") == 0 || Compare("büro", "Büro") != -Compare("Büro", "büro") {
		t.Error("two names have no order")
	}
}
