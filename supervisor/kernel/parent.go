package kernel

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
)

// Parent returns the parent of a process.
func Parent(pid int) (int, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, fmt.Errorf("cannot find the parent of process %d: %v", pid, err)
	}
	parent, err := parseParent(string(text))
	if err != nil {
		return 0, fmt.Errorf("cannot find the parent of process %d: %v", pid, err)
	}
	return parent, nil
}

// parseParent reads the fourth field of /proc/PID/stat (proc(5)). The second is the program's name in parentheses, which may
// hold spaces and parentheses itself: the last one ends it.
func parseParent(text string) (int, error) {
	end := strings.LastIndexByte(text, ')')
	if end < 0 {
		return 0, errors.New("its status has no name")
	}
	fields := strings.Fields(text[end+1:])
	if len(fields) < 2 {
		return 0, errors.New("its status is cut short")
	}
	parent, err := strconv.Atoi(fields[1])
	if err != nil || parent < 0 {
		return 0, fmt.Errorf("its status names the parent %q", fields[1])
	}
	return parent, nil
}
