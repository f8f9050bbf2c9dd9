package main

import "syscall"

// healthSocket is render.HealthSocket; a test compares them.
const healthSocket = "/run/lbsup/health.sock"

// supervisor is checks.Supervisor; a test compares them.
const supervisor = "supervisor"

type options struct {
	socket, name  string
	help, version bool
}

// commandLineLimit is far more than the options and a name need.
const commandLineLimit = 4096

// commandLine reads the arguments from the kernel: without package os the runtime hands them to nobody.
func commandLine() (arguments []string, problem string) {
	fd, err := syscall.Open("/proc/self/cmdline", syscall.O_RDONLY|syscall.O_CLOEXEC, 0)
	if err != nil {
		return nil, "cannot read the command line from /proc: " + err.Error()
	}
	var buffer [commandLineLimit]byte
	n, err := syscall.Read(fd, buffer[:])
	if err != nil || n == 0 || n == len(buffer) {
		return nil, "cannot read the command line from /proc: it is empty or too long"
	}
	return split(string(buffer[:n]))[1:], ""
}

// split cuts a text at its zero bytes; one ends each argument.
func split(text string) (parts []string) {
	start := 0
	for i := range len(text) {
		if text[i] == 0 {
			parts = append(parts, text[start:i])
			start = i + 1
		}
	}
	if start < len(text) || len(parts) == 0 {
		parts = append(parts, text[start:])
	}
	return parts
}

func parseArguments(arguments []string) (o options, problem string) {
	o = options{socket: healthSocket, name: supervisor}
	named := false
	for i := 0; i < len(arguments); i++ {
		switch argument := arguments[i]; {
		case argument == "--help" || argument == "-h":
			return options{help: true}, ""
		case argument == "--version":
			return options{version: true}, ""
		case argument == "-s":
			if i++; i == len(arguments) || arguments[i] == "" {
				return o, "-s wants the path of a socket"
			}
			o.socket = arguments[i]
		case argument != "" && argument[0] == '-':
			return o, "unknown option " + printable(argument)
		case named:
			return o, "one NAME at a time"
		case !nameable(argument):
			return o, "no check can be named " + printable(argument)
		default:
			o.name, named = argument, true
		}
	}
	return o, ""
}

// nameable keeps what would be a second line, or another question, out of the request.
func nameable(name string) bool {
	for i := range len(name) {
		if c := name[i]; c <= ' ' || c >= 0x7f || c == '/' || c == '?' || c == '%' || c == '#' {
			return false
		}
	}
	return name != ""
}

// printable keeps control characters out of a terminal.
func printable(text string) string {
	clean := []byte(text)
	for i, c := range clean {
		if c < ' ' || c == 0x7f {
			clean[i] = '?'
		}
	}
	return string(clean)
}
