package native

import "testing"

func TestClaimName(t *testing.T) {
	if claimName(`/Home/A/`) != claimName(`/home/a`) {
		t.Error("one folder, two names")
	}
	if claimName("/home/a") == claimName("/home/b") {
		t.Error("two folders, one name")
	}
}

func TestReleaseTwice(t *testing.T) {
	release, first := Claim(t.TempDir())
	if !first {
		t.Fatal("a new folder is taken")
	}
	release()
	release()
}
