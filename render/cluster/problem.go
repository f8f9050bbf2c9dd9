package cluster

import (
	"fmt"
	"strings"
)

// Problem is one thing that is wrong with a cluster file.
type Problem struct {
	File         string
	Line, Column int
	Path         string // such as services[2].bind[0]
	Message      string // cannot …: got X, want Y
	Hint         string
}

func (p Problem) String() string {
	s := fmt.Sprintf("%s:%d:%d: ", p.File, p.Line, p.Column)
	if p.Path != "" {
		s += p.Path + ": "
	}
	return s + p.Message
}

// Problems is everything that is wrong with a cluster file, in the order of its lines.
type Problems []Problem

func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}
