package haproxy

import "time"

// Process is one row of the master CLI's "show proc".
type Process struct {
	PID     int
	Type    string // "master", "worker", or the name of a program
	Reloads int
	Failed  int // reloads that failed since the last one that did not; the master's row alone, from HAProxy 2.6 on
	Uptime  time.Duration
	Version string
}

// Processes is what the master CLI's "show proc" says.
type Processes struct {
	Master      Process
	Workers     []Process // those that serve; more than one only with nbproc
	OldWorkers  []Process // those that a reload replaced and that still have connections
	Programs    []Process
	OldPrograms []Process
}

// has reports whether a process is among the workers, serving or old.
func (p Processes) has(pid int) bool {
	for _, rows := range [][]Process{p.Workers, p.OldWorkers} {
		for _, row := range rows {
			if row.PID == pid {
				return true
			}
		}
	}
	return false
}

func pids(rows []Process) []int {
	list := make([]int, 0, len(rows))
	for _, row := range rows {
		list = append(list, row.PID)
	}
	return list
}
