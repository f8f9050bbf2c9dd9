package main

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"

	"github.com/lbsup/lbsup/test/lab"
)

const readyLine = "lab: ready"

// up starts a process of its own that serves the lab, because the stub backends live as long as their process, and returns when the pair is
// there.
func up(args []string) error {
	if _, err := parseService("up", args); err != nil {
		return err
	}
	if err := lab.Missing(); err != nil {
		return err
	}
	if kept := lab.Kept(); len(kept) > 0 {
		return fmt.Errorf("a lab is running (owner %d): take it down first", kept[0].Owner)
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	server := exec.Command(self, append([]string{"serve"}, args...)...)
	server.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	out, err := server.StdoutPipe()
	if err != nil {
		return err
	}
	server.Stderr = server.Stdout // one pipe, so that its end means the process's
	if err := server.Start(); err != nil {
		return err
	}
	for scanner := bufio.NewScanner(out); scanner.Scan(); {
		if strings.HasPrefix(scanner.Text(), readyLine) {
			return nil
		}
		fmt.Println(scanner.Text())
	}
	return errors.Join(errors.New("the lab did not come up"), server.Wait())
}
