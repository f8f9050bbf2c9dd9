// Command lbsup turns one cluster file into a running, verified pair of load balancers.
//
// Each sub-command has a file of its own, which holds its help and its flags too; commands.go lists them.
package main

import (
	"io"
	"os"
)

// version is set by the build: -ldflags "-X main.version=…".
var version = "dev"

func main() { os.Exit(run(os.Args, os.Stdin, os.Stdout, os.Stderr)) }

// run is the whole program but its end. args[0] is the program's own name.
func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	p := &program{stdin: stdin, stdout: stdout, stderr: stderr, environment: os.Getenv}
	if len(args) > 0 {
		args = args[1:]
	}
	return p.run(args)
}
