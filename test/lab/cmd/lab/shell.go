package main

import (
	"fmt"
	"maps"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"

	"github.com/lbsup/lbsup/test/lab"
	"github.com/lbsup/lbsup/test/lab/cmd/story"
)

// shell becomes a shell inside a node.
func shell(args []string) error {
	kept := lab.Kept()
	if len(kept) == 0 {
		return fmt.Errorf("no lab is running: build one first")
	}
	names := slices.Sorted(maps.Keys(kept[0].Leaders))
	node := strings.Join(args, " ")
	if node == "" && len(names) > 0 {
		node = names[0]
	}
	leader, ok := kept[0].Leaders[node]
	if !ok {
		return fmt.Errorf("no node %q is running; these are: %s", node, strings.Join(names, ", "))
	}
	nsenter, err := exec.LookPath("nsenter")
	if err != nil {
		return err
	}
	argv := append([]string{"nsenter"}, append(lab.Enter(leader), "/bin/bash", "--login")...)
	environment := []string{"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root", "TERM=" + os.Getenv("TERM"),
		"LC_ALL=" + story.StyleOf(os.Stdout, os.Getenv).Locale()}
	if err := os.Chdir("/"); err != nil {
		return err
	}
	return syscall.Exec(nsenter, argv, environment)
}
