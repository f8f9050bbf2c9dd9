package main

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
)

// What the end of a long log has room for: lines, bytes, characters of a line, lines that continue another.
const (
	mostLines   = 60
	mostBytes   = 9000
	longestLine = 300
	longestNote = 12
	// longestRead is as much as is kept of a line before its end has come.
	longestRead = 4096
)

// note is a line worth repeating, and those that continue it.
type note struct {
	line string
	more []string
}

// notes reads what go test prints and notes what belongs to a failure.
type notes struct {
	partial []byte
	all     []note
	// depth is how far the lines are indented that continue the last note; 0 if none do.
	depth    int
	inFailed bool // what a test says is of interest if it failed
	ok, bad  int  // packages
}

var (
	verdict = regexp.MustCompile(`^ *--- (FAIL|PASS|SKIP|BENCH): `)
	// The messages of a test, also what the race detector has testing say.
	message = regexp.MustCompile(`^( +)(\S+_test|testing)\.go:\d+: `)
	// A script's own words stand in the middle of a long message.
	script   = regexp.MustCompile(`^ +FAIL: \S+:\d+: `)
	compiler = regexp.MustCompile(`^(vet: )?\S+\.go:\d+:\d+: `)
	death    = regexp.MustCompile(`^(panic: |fatal error: |running tests:|\s+panic: )`)
	running  = regexp.MustCompile(`^\t+(Test|Fuzz|Example|Benchmark)\S* \(`)
)

func (n *notes) Write(data []byte) (int, error) {
	for rest := data; len(rest) > 0; {
		line, after, ended := bytes.Cut(rest, []byte("\n"))
		if room := longestRead - len(n.partial); room > 0 {
			n.partial = append(n.partial, line[:min(room, len(line))]...)
		}
		if ended {
			n.read(string(n.partial))
			n.partial = n.partial[:0]
		}
		rest = after
	}
	return len(data), nil
}

func (n *notes) read(line string) {
	depth := n.depth
	n.depth = 0
	switch found := message.FindStringSubmatch(line); {
	case verdict.MatchString(line):
		n.inFailed = strings.Contains(line, "--- FAIL: ")
		if n.inFailed {
			n.add(line)
		}
	case found != nil && n.inFailed:
		n.add(line)
		n.depth = len(found[1]) + 4
	case strings.HasPrefix(line, "ok  \t"):
		n.ok++
	case strings.HasPrefix(line, "FAIL\t"):
		n.bad++
		n.inFailed = false
		n.add(line)
	case script.MatchString(line), compiler.MatchString(line), death.MatchString(line), running.MatchString(line):
		n.add(line)
	case depth > 0 && strings.HasPrefix(line, strings.Repeat(" ", depth)):
		if last := &n.all[len(n.all)-1]; len(last.more) < longestNote {
			last.more = append(last.more, cut(line))
		}
		n.depth = depth
	}
}

func (n *notes) add(line string) { n.all = append(n.all, note{line: cut(line)}) }

func cut(line string) string {
	if runes := []rune(line); len(runes) > longestLine {
		return string(runes[:longestLine]) + "…"
	}
	return line
}

// recap is what is worth repeating: with as much of each message as there is room for.
func (n *notes) recap() string {
	var lines []string
	for _, most := range []int{longestNote, 4, 1, 0} {
		if lines = n.lines(most); len(lines) <= mostLines && size(lines) <= mostBytes {
			break
		}
	}
	total := len(lines)
	for len(lines) > mostLines || size(lines) > mostBytes {
		lines = lines[:len(lines)-1]
	}
	if left := total - len(lines); left > 0 {
		lines = append(lines, fmt.Sprintf("… and %d lines more: see above", left))
	}
	return fmt.Sprintf("\nWhat failed, once more (packages: %d ok, %d failed):\n%s\n", n.ok, n.bad, strings.Join(lines, "\n"))
}

// lines are the notes with at most so many lines that continue each.
func (n *notes) lines(most int) []string {
	var lines []string
	for _, note := range n.all {
		lines = append(lines, note.line)
		lines = append(lines, note.more[:min(most, len(note.more))]...)
	}
	return lines
}

func size(lines []string) int { return len(strings.Join(lines, "\n")) }
