package store

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/lbsup/lbsup/supervisor/status"
)

// Reader reads a timeline from its beginning and can be asked again for what came since. It keeps no file open and
// little in memory: a slow reader costs the writer nothing, and misses what went meanwhile.
type Reader struct {
	dir    string
	number int   // the segment it is in; 0: it has not begun
	offset int64 // behind the last line that it has read
}

// NewReader reads the timeline in a directory.
func NewReader(dir string) *Reader { return &Reader{dir: dir} }

// Next returns the next moments, at most those of one segment, and none when it has read all there is. What cannot be
// read as a moment is counted.
func (r *Reader) Next() (ms []status.Moment, unread int, err error) {
	for {
		all, err := numbers(r.dir)
		if err != nil || len(all) == 0 {
			return nil, 0, err
		}
		if r.number < all[0] { // at the beginning, or what it was in is gone
			r.number, r.offset = all[0], 0
		}
		text, err := r.lines()
		if err != nil {
			return nil, 0, err
		}
		ms, unread = decode(text)
		r.offset += int64(len(text))
		if len(text) > 0 || r.number >= all[len(all)-1] {
			return ms, unread, nil
		}
		r.number, r.offset = r.number+1, 0
	}
}

// lines reads the whole lines that the segment has beyond the offset.
func (r *Reader) lines() ([]byte, error) {
	file, err := os.Open(path(r.dir, r.number))
	if errors.Is(err, fs.ErrNotExist) { // it went a moment ago, or is missing among the others
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("cannot read the timeline: %w", err)
	}
	defer func() { _ = file.Close() }()
	text, err := io.ReadAll(io.NewSectionReader(file, r.offset, longestSegment))
	if err != nil {
		return nil, fmt.Errorf("cannot read the timeline: %w", err)
	}
	return text[:bytes.LastIndexByte(text, '\n')+1], nil
}

// longestSegment bounds what is read at once, whatever stands on the disk.
const longestSegment = 16 << 20

// decode reads lines. One that a disk or a hand has spoilt spoils no other.
func decode(text []byte) (ms []status.Moment, unread int) {
	for line := range bytes.Lines(text) {
		var m status.Moment
		if err := json.Unmarshal(line, &m); err != nil || m.Time.IsZero() || m.Kind == "" {
			unread++
			continue
		}
		ms = append(ms, m)
	}
	return ms, unread
}

// Last returns the newest moment, the zero one if there is none.
func Last(dir string) (status.Moment, error) {
	all, err := numbers(dir)
	if err != nil {
		return status.Moment{}, err
	}
	for i := len(all) - 1; i >= 0; i-- {
		ms, _, err := (&Reader{dir: dir, number: all[i]}).Next()
		if err != nil || len(ms) > 0 {
			return lastOf(ms), err
		}
	}
	return status.Moment{}, nil
}

func lastOf(ms []status.Moment) status.Moment {
	if len(ms) == 0 {
		return status.Moment{}
	}
	return ms[len(ms)-1]
}
