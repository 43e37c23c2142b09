package cli

import (
	"context"
	"fmt"
	"runtime"

	"github.com/spf13/cobra"
)

func (p *program) versionCommand() *cobra.Command {
	return p.command("version", cobra.NoArgs, func(context.Context, []string) error {
		fmt.Fprintf(p.Stdout, "%s %s (%s, %s/%s)\n", p.app.Name, p.app.Version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
		return nil
	})
}
