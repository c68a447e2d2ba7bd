// Concord turns customer extracts into consented golden records.
// See README.md; everything starts in jobs/cli.
package main

import (
	"os"

	"concord/jobs/cli"
)

func main() { os.Exit(cli.Main(os.Args[1:], os.Stdout, os.Stderr)) }
