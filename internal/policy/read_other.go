//go:build !windows

package policy

// systemFile is where the policies of a machine lie.
const systemFile = "/etc/mailgrant/policies.json"

func read(source string) (Policy, error) {
	if source == "" {
		source = systemFile
	}
	return readFile(source)
}
