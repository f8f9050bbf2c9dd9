package cost

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
)

// tick is the unit of the times in /proc/PID/stat: USER_HZ, which is 100 on every machine that Linux runs lbsup on (proc(5)).
const tick = 10 * time.Millisecond

// processorTime is what a process has used, all its threads together.
func processorTime(pid int) (time.Duration, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, fmt.Errorf("cannot read the processor time of process %d: %v", pid, err)
	}
	return parseStat(string(text))
}

// parseStat reads fields 14 and 15. Field 2 is the name in parentheses, and may contain both blanks and parentheses.
func parseStat(text string) (time.Duration, error) {
	end := strings.LastIndexByte(text, ')')
	fields := strings.Fields(text[end+1:])
	if end < 0 || len(fields) < 13 {
		return 0, fmt.Errorf("cannot read a process's statistics: got %q", text)
	}
	var ticks int64
	for _, field := range fields[11:13] {
		n, err := strconv.ParseInt(field, 10, 64)
		if err != nil || n < 0 {
			return 0, fmt.Errorf("cannot read a process's statistics: got %q, want ticks", field)
		}
		ticks += n
	}
	return time.Duration(ticks) * tick, nil
}

// residentMegabytes is the memory that a process keeps in use.
func residentMegabytes(pid int) (float64, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, fmt.Errorf("cannot read the memory of process %d: %v", pid, err)
	}
	return parseResident(string(text))
}

func parseResident(text string) (float64, error) {
	for line := range strings.Lines(text) {
		if f := strings.Fields(line); len(f) == 3 && f[0] == "VmRSS:" && f[2] == "kB" {
			kilobytes, err := strconv.ParseUint(f[1], 10, 63)
			if err != nil {
				break
			}
			return float64(kilobytes) / 1024, nil
		}
	}
	return 0, fmt.Errorf("cannot read the memory of a process: there is no good VmRSS in %q", text)
}
