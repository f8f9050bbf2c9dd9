package store

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"github.com/lbsup/lbsup/supervisor/status"
)

// Limits bound what the timeline takes on disk.
type Limits struct {
	Bytes    int64 // of one segment
	Segments int
}

// Usual is room for about fifty thousand moments.
var Usual = Limits{Bytes: 1 << 20, Segments: 12}

// Store writes. It has one owner; anybody may read meanwhile, with a Reader.
type Store struct {
	dir    string
	limits Limits
	file   *os.File // the newest segment
	number int
	size   int64
	dirty  bool // something was written since the last Sync
}

// Open makes a directory ready for more. It returns how many bytes of a line that was cut off it dropped.
func Open(dir string, limits Limits) (*Store, int64, error) {
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return nil, 0, fmt.Errorf("cannot make the directory of the timeline: %w", err)
	}
	all, err := numbers(dir)
	if err != nil {
		return nil, 0, err
	}
	s := &Store{dir: dir, limits: limits, number: 1}
	if len(all) > 0 {
		s.number = all[len(all)-1]
	}
	dropped, err := s.resume()
	if err != nil {
		return nil, 0, err
	}
	return s, dropped, s.forget()
}

// resume opens the newest segment at the end of its last whole line.
func (s *Store) resume() (dropped int64, err error) {
	file, err := os.OpenFile(path(s.dir, s.number), os.O_RDWR|os.O_CREATE, 0o640)
	if err != nil {
		return 0, fmt.Errorf("cannot open the timeline: %w", err)
	}
	whole, size, err := wholeLines(file)
	if err == nil && whole < size {
		err = file.Truncate(whole)
	}
	if err != nil {
		return 0, errors.Join(fmt.Errorf("cannot open the timeline: %w", err), file.Close())
	}
	s.file, s.size = file, whole
	return size - whole, nil
}

// wholeLines returns where the last whole line of a file ends, and the size of the file.
func wholeLines(file *os.File) (whole, size int64, err error) {
	info, err := file.Stat()
	if err != nil {
		return 0, 0, err
	}
	size = info.Size()
	block := make([]byte, 4096)
	for end := size; end > 0; {
		start := max(0, end-int64(len(block)))
		part := block[:end-start]
		if _, err := file.ReadAt(part, start); err != nil {
			return 0, 0, err
		}
		for i := len(part) - 1; i >= 0; i-- {
			if part[i] == '\n' {
				return start + int64(i) + 1, size, nil
			}
		}
		end = start
	}
	return 0, size, nil
}

// Append writes moments at the end. After an error none of them is kept, and what was there before is whole.
func (s *Store) Append(ms []status.Moment) error {
	var lines []byte
	for _, m := range ms {
		line, err := json.Marshal(m)
		if err != nil {
			return fmt.Errorf("cannot write a moment of the timeline: %w", err)
		}
		lines = append(append(lines, line...), '\n')
	}
	if s.size > 0 && s.size+int64(len(lines)) > s.limits.Bytes {
		if err := s.turn(); err != nil {
			return err
		}
	}
	if _, err := s.file.WriteAt(lines, s.size); err != nil {
		return errors.Join(fmt.Errorf("cannot write the timeline: %w", err), s.file.Truncate(s.size))
	}
	s.size, s.dirty = s.size+int64(len(lines)), true
	return nil
}

// turn begins a new segment.
func (s *Store) turn() error {
	if err := s.Sync(); err != nil {
		return err
	}
	file, err := os.OpenFile(path(s.dir, s.number+1), os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o640)
	if err != nil {
		return fmt.Errorf("cannot begin a new segment of the timeline: %w", err)
	}
	_ = s.file.Close() // it was synced
	s.file, s.number, s.size = file, s.number+1, 0
	return s.forget()
}

// forget removes the segments that are too many.
func (s *Store) forget() error {
	all, err := numbers(s.dir)
	for len(all) > s.limits.Segments && err == nil {
		err = os.Remove(path(s.dir, all[0]))
		all = all[1:]
	}
	if err == nil {
		err = syncDir(s.dir)
	}
	if err != nil {
		return fmt.Errorf("cannot keep the timeline within its bounds: %w", err)
	}
	return nil
}

// Sync puts what was written on the disk.
func (s *Store) Sync() error {
	if !s.dirty {
		return nil
	}
	if err := s.file.Sync(); err != nil {
		return fmt.Errorf("cannot put the timeline on disk: %w", err)
	}
	s.dirty = false
	return nil
}

// Close ends the writing.
func (s *Store) Close() error { return errors.Join(s.Sync(), s.file.Close()) }
