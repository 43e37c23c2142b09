//go:build windows && wine

package task

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// The scheduler takes our definition, replaces it, and lets it go.
func TestWineScheduler(t *testing.T) {
	ctx := context.Background()
	user, err := userName()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(os.Getenv("SystemRoot"), "System32", "Tasks", Weekly.name(user))
	renewal := Renewal{`C:\ProgramData\Mailgrant`, "Hält die Autorisierungen am Leben"}
	for range 2 {
		if err := renewal.Install(ctx); err != nil {
			t.Fatal(err)
		}
		if _, err := os.Stat(file); err != nil {
			t.Fatal(err)
		}
	}
	if there, err := renewal.Installed(ctx); !there || err != nil {
		t.Errorf("%v, %v", there, err)
	}
	if err := renewal.Remove(ctx); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(file); !os.IsNotExist(err) {
		t.Errorf("it stays: %v", err)
	}
}

func TestWineRefusalIsTold(t *testing.T) {
	if err := scheduler(context.Background(), "/Create", "/TN", "x", "/XML", `C:\none.xml`); err == nil {
		t.Error("no error")
	}
}

// The scheduler takes the watchman too.
func TestWineWatch(t *testing.T) {
	ctx := context.Background()
	o := Job{Command: []string{"monitor", "--all", "--event-log"}, Home: `C:\Große Ablage\Mailgrant`, Description: "Überwacht die Postfächer", Every: 15 * time.Minute}
	where, err := InstallWatch(ctx, o)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(os.Getenv("SystemRoot"), "System32", "Tasks", where)
	if _, err := os.Stat(file); err != nil {
		t.Error(err)
	}
	if err := RemoveWatch(ctx); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(file); !os.IsNotExist(err) {
		t.Errorf("it stays: %v", err)
	}
}
