package failover

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
)

// processor is how long all processors of this machine have been busy and idle since its start.
type processor struct{ busy, idle float64 }

func readProcessor() (processor, error) {
	text, err := os.ReadFile("/proc/stat")
	if err != nil {
		return processor{}, fmt.Errorf("cannot tell how busy the machine is: %v", err)
	}
	return parseProcessor(string(text))
}

// parseProcessor reads the first line of /proc/stat: user, nice, system, idle, iowait, irq, softirq, steal. What follows is part of user and nice.
func parseProcessor(text string) (processor, error) {
	line, _, _ := strings.Cut(text, "\n")
	fields := strings.Fields(line)
	if len(fields) < 9 || fields[0] != "cpu" {
		return processor{}, fmt.Errorf("cannot tell how busy the machine is: got %q, want \"cpu\" and eight times", line)
	}
	var p processor
	for i, field := range fields[1:9] {
		ticks, err := strconv.ParseUint(field, 10, 64)
		if err != nil {
			return processor{}, fmt.Errorf("cannot tell how busy the machine is: got %q, want a time", field)
		}
		if idle := i == 3 || i == 4; idle {
			p.idle += float64(ticks)
		} else {
			p.busy += float64(ticks)
		}
	}
	return p, nil
}

// crowded is the share of time from which on the client itself has to wait for a processor.
const crowded = 80

// since says in percent how busy the machine was.
func (p processor) since(before processor) float64 {
	busy, idle := p.busy-before.busy, p.idle-before.idle
	if busy+idle == 0 {
		return 0
	}
	return 100 * busy / (busy + idle)
}

// busy tells how busy the machine was while something was done.
func (l *ledger) busy(do func()) error {
	before, err := readProcessor()
	do()
	after, errAfter := readProcessor()
	if err := errors.Join(err, errAfter); err != nil {
		return err
	}
	l.say("%s", busyness(after.since(before)))
	return nil
}

func busyness(percent float64) string {
	text := fmt.Sprintf("this machine was busy for %.0f %% of the time", percent)
	if percent >= crowded {
		text += ": the client had to wait too, and these numbers tell more of the machine than of the pairs"
	}
	return text
}
