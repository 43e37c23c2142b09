package diagnosis

// QuotePowerShell makes a PowerShell string of a value that nothing in it can
// leave, for commands and scripts that administrators copy.
func QuotePowerShell(value string) string { return quote(value, "value") }
