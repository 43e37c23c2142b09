package cli

import (
	"context"
	"fmt"
	"runtime"
)

func (p *program) versionCommand() *command {
	return p.command("version", count{}, func(context.Context, []string) error {
		fmt.Fprintf(p.Stdout, "%s %s (%s, %s/%s)\n", p.app.Name, p.app.Version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
		return nil
	})
}
