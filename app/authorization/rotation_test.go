package authorization

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
)

// TestFourProcessesRenewAThousandTimes: the tenant rotates refresh tokens and
// ends the whole family when one is used twice, so a single mix-up or loss in
// any process fails every renewal after it.
func TestFourProcessesRenewAThousandTimes(t *testing.T) {
	if file := os.Getenv("MAILGRANT_TEST_RENEW"); file != "" {
		renewMany(file)
	}
	const processes = 4
	each := renewals / processes
	r := newRig(t)
	r.signIn(t)
	file := filepath.Join(t.TempDir(), "def.json")
	if err := os.WriteFile(file, r.d.Format(), 0o600); err != nil {
		t.Fatal(err)
	}
	before, err := r.load(r.d)
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, processes)
	for range processes {
		go func() {
			c := exec.Command(os.Args[0], "-test.run=^TestFourProcessesRenewAThousandTimes$")
			c.Env = append(os.Environ(), "MAILGRANT_TEST_RENEW="+file, "MAILGRANT_TEST_HOME="+r.home, "MAILGRANT_TEST_TIMES="+strconv.Itoa(each))
			out, err := c.CombinedOutput()
			if err != nil {
				err = fmt.Errorf("%w: %s", err, out)
			}
			done <- err
		}()
	}
	for range processes {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	if _, err := r.Refresh(t.Context(), r.d); err != nil {
		t.Errorf("after %d renewals: %v", renewals, err)
	}
	if after, err := r.load(r.d); err != nil || after.RefreshToken.Reveal() == before.RefreshToken.Reveal() {
		t.Errorf("the refresh token was not rotated: %v", err)
	}
}

// renewMany is the child.
func renewMany(file string) {
	d, err := mailbox.Read(file)
	times, _ := strconv.Atoi(os.Getenv("MAILGRANT_TEST_TIMES"))
	m := New(os.Getenv("MAILGRANT_TEST_HOME"), i18n.For(i18n.English), slog.New(slog.DiscardHandler))
	for n := 0; n < times && err == nil; n++ {
		_, err = m.Refresh(context.Background(), d)
	}
	if err != nil {
		fmt.Println(err)
		os.Exit(3)
	}
	os.Exit(0)
}
