// Command standin takes the place of lbsup in the tests of its units: what matters there is what the unit lets a program do, not what lbsup does.
package main

import (
	"bufio"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"
)

func main() { os.Exit(run(os.Args[1:])) }

func run(args []string) int {
	if len(args) > 0 && args[0] == "run" {
		return supervise()
	}
	if len(args) == 3 && args[0] == "apply" {
		return apply(args[2])
	}
	return 2
}

// apply does what the test wrote down for this request: the wishes of one file, a line each.
func apply(request string) int {
	file, err := os.Open("/etc/lbsup/" + request + ".wishes")
	if err != nil {
		fmt.Println(err)
		return 1
	}
	for scanner := bufio.NewScanner(file); scanner.Scan(); {
		fmt.Println(scanner.Text() + ": " + grant(scanner.Text()))
	}
	return 0
}

// supervise holds the two sockets of the unit, says that it is ready, and grants wishes on the control socket as far as it can.
func supervise() int {
	if _, err := os.Stat("/etc/lbsup/crash"); err == nil {
		return 1
	}
	listeners := map[string]net.Listener{}
	for i, name := range strings.Split(os.Getenv("LISTEN_FDNAMES"), ":") {
		listener, err := net.FileListener(os.NewFile(uintptr(3+i), name))
		if err != nil {
			fmt.Println(name, err)
			return 1
		}
		listeners[name] = listener
	}
	if listeners["health"] == nil || listeners["control"] == nil {
		fmt.Println("no sockets: ", os.Getenv("LISTEN_FDNAMES"))
		return 1
	}
	go http.Serve(listeners["health"], http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprintln(w, "well") }))
	go control(listeners["control"])
	notify("READY=1")
	for range time.Tick(time.Second) {
		notify("WATCHDOG=1")
	}
	return 0
}

func notify(state string) {
	conn, err := net.Dial("unixgram", os.Getenv("NOTIFY_SOCKET"))
	if err != nil {
		return
	}
	defer conn.Close()
	conn.Write([]byte(state))
}

func control(listener net.Listener) {
	for {
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		line, _ := bufio.NewReader(conn).ReadString('\n')
		fmt.Fprintln(conn, grant(strings.TrimSpace(line)))
		conn.Close()
	}
}

// grant tries one wish and says "granted", or why not.
func grant(wish string) string {
	verb, argument, _ := strings.Cut(wish, " ")
	var err error
	switch verb {
	case "write":
		err = write(argument)
	case "read":
		_, err = os.ReadFile(argument)
	case "fifo":
		var fd int
		if fd, err = syscall.Open(argument, syscall.O_RDWR|syscall.O_NONBLOCK, 0); err == nil {
			syscall.Close(fd)
		}
	case "dial":
		var conn net.Conn
		if conn, err = net.DialTimeout("unix", argument, time.Second); err == nil {
			conn.Close()
		}
	case "bind":
		var listener net.Listener
		if listener, err = net.Listen("tcp", argument); err == nil {
			listener.Close()
		}
	case "chown":
		err = os.Chown(argument, 0, 1)
	case "run":
		var out []byte
		if out, err = exec.Command("/bin/sh", "-c", argument).CombinedOutput(); err != nil {
			err = errors.New(strings.ReplaceAll(err.Error()+": "+string(out), "\n", " "))
		}
	default:
		err = errors.New("no such wish")
	}
	if err != nil {
		return err.Error()
	}
	return "granted"
}

func write(path string) error {
	err := os.WriteFile(path, []byte("standin\n"), 0o600)
	if err == nil && !strings.HasPrefix(path, "/dev/") && !strings.HasSuffix(path, ".cfg") {
		err = os.Remove(path)
	}
	return err
}
