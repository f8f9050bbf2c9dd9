package main

import "syscall"

// The exit codes, as in the manual page.
const (
	exitHealthy = 0
	exitNot     = 1 // not healthy, or nobody there to say so
	exitUsage   = 2
)

// version is set by the linker.
var version = "dev"

const usage = `usage: lbsup-check [-s SOCKET] [NAME]

Asks the health socket of lbsup whether check NAME is healthy; without a NAME,
whether the supervisor itself is. Prints the reason.

  -s SOCKET   the socket to ask, instead of ` + healthSocket + `
  --help      print this
  --version   print the version

exit status: 0 healthy, 1 not healthy or no answer, 2 usage error
`

func main() { syscall.Exit(run()) }

func run() int {
	arguments, err := commandLine()
	if err != "" {
		return say(1, exitNot, "error: "+err)
	}
	o, problem := parseArguments(arguments)
	switch {
	case problem != "":
		return say(2, exitUsage, "lbsup-check: error: "+problem+"\n"+usage)
	case o.help:
		return say(1, exitHealthy, usage)
	case o.version:
		return say(1, exitHealthy, "lbsup-check "+version)
	}
	healthy, reason := ask(o.socket, o.name)
	if !healthy {
		return say(1, exitNot, reason)
	}
	return say(1, exitHealthy, reason)
}

// say writes a text, with a line's end, and returns the code: nobody may be listening, and that changes nothing.
func say(fd, code int, text string) int {
	if text == "" || text[len(text)-1] != '\n' {
		text += "\n"
	}
	_, _ = syscall.Write(fd, []byte(text))
	return code
}
