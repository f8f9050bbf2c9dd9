package kernel

import (
	"fmt"
	"os"
	"strings"
)

// Runs tells whether a process of this host executes a program of that name.
func Runs(program string) (bool, error) {
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return false, fmt.Errorf("cannot list the processes: %w", err)
	}
	for _, entry := range entries {
		if name := entry.Name(); name[0] < '0' || name[0] > '9' {
			continue
		}
		comm, err := os.ReadFile("/proc/" + entry.Name() + "/comm") // one that has ended meanwhile is none
		if err == nil && strings.TrimSuffix(string(comm), "\n") == program {
			return true, nil
		}
	}
	return false, nil
}
