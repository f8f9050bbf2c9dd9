package haproxy

import (
	"context"
	"fmt"
	"strings"
)

const (
	lineLimit   = 8000 // HAProxy reads a command line into one buffer of 16 KiB
	answerLimit = 1 << 20

	// With it each message begins with its severity, "[3]:" and less for an error. Not every answer to a command that failed
	// has one: what was done is read back.
	severities = "set severity-output number"
)

// run gives commands to the worker, many on a line, and returns what it said to them.
func (c Changer) run(ctx context.Context, commands []string) (string, error) {
	var words strings.Builder
	for len(commands) > 0 {
		line, taken := severities, 0
		for _, command := range commands {
			if taken > 0 && len(line)+1+len(command) > lineLimit {
				break
			}
			line += ";" + command
			taken++
		}
		answer, err := c.tell(ctx, line)
		words.WriteString(answer)
		if err != nil {
			return words.String(), err
		}
		commands = commands[taken:]
	}
	return words.String(), nil
}

// tell gives one line to the worker. The line is too long to be repeated in an error.
func (c Changer) tell(ctx context.Context, line string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	answer, err := exchange(ctx, c.Runtime.Socket, line, answerLimit)
	if err != nil {
		return answer, fmt.Errorf("cannot change HAProxy through %q: %w", c.Runtime.Socket, plain(ctx, err))
	}
	return answer, nil
}

// complaint is the first error in what the worker said.
func complaint(words string) string {
	for line := range strings.SplitSeq(words, "\n") {
		if len(line) > 4 && line[0] == '[' && line[1] >= '0' && line[1] <= '3' && line[2:4] == "]:" {
			return strings.TrimSpace(line[4:])
		}
	}
	return ""
}

func complaints(words string) string {
	if c := complaint(words); c != "" {
		return fmt.Sprintf("; HAProxy says %q", c)
	}
	return ""
}
