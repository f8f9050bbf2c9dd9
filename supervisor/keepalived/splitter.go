package keepalived

import (
	"bytes"
	"errors"
)

// longestLine is far more than a name of keepalived's can make a line.
const longestLine = 1024

var errLongLine = errors.New("cannot read keepalived's line: it is longer than 1024 bytes")

// splitter makes lines of what is read, which may end in the middle of one.
type splitter struct {
	partial []byte
	skip    bool // the rest of a line that was too long
}

// feed calls line with each line that is whole now, or with the error of one that is too long, once.
func (s *splitter) feed(data []byte, line func(string, error)) {
	for {
		head, tail, found := bytes.Cut(data, []byte{'\n'})
		if !s.skip && len(s.partial)+len(head) > longestLine {
			s.partial, s.skip = nil, true
			line("", errLongLine)
		}
		if !s.skip {
			s.partial = append(s.partial, head...)
		}
		if !found {
			return
		}
		if !s.skip && len(s.partial) > 0 {
			line(string(s.partial), nil)
		}
		s.partial, s.skip, data = nil, false, tail
	}
}
