package apply

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
)

// Store reads generations. It needs no more rights than the group of the state directory has.
type Store struct{ Dir string }

// Current returns the generation that is installed. It wraps fs.ErrNotExist when there is none.
func (s Store) Current() (Manifest, error) {
	n, err := s.current()
	if err != nil {
		return Manifest{}, err
	}
	m, err := s.Get(n)
	if now, again := s.current(); err != nil && again == nil && now != n {
		return s.Get(now) // it was replaced, and removed, between the two looks
	}
	return m, err
}

func (s Store) current() (int, error) {
	target, err := os.Readlink(filepath.Join(s.Dir, currentName))
	if err != nil {
		return 0, fmt.Errorf("cannot find the current generation: %w", err)
	}
	n, ok := number(target)
	if !ok {
		return 0, fmt.Errorf("cannot find the current generation: %q is no number", target)
	}
	return n, nil
}

// Get returns one generation. It wraps fs.ErrNotExist when there is none of that number.
func (s Store) Get(n int) (Manifest, error) {
	data, err := os.ReadFile(s.file(n, manifestName))
	if err != nil {
		return Manifest{}, fmt.Errorf("cannot read generation %d: %w", n, err)
	}
	var m Manifest
	if err := json.Unmarshal(data, &m); err != nil {
		return Manifest{}, fmt.Errorf("cannot read generation %d: %v", n, err)
	}
	if m.Number != n {
		return Manifest{}, fmt.Errorf("cannot read generation %d: its manifest says %d", n, m.Number)
	}
	return m, nil
}

// List returns all generations, oldest first. One that cannot be read does not hide the others: it is left out and
// told of in the error.
func (s Store) List() ([]Manifest, error) {
	entries, err := os.ReadDir(s.Dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("cannot list generations: %w", err)
	}
	var all []Manifest
	var unread []error
	for _, entry := range entries {
		n, ok := number(entry.Name())
		if !ok {
			continue
		}
		m, err := s.Get(n)
		if err != nil {
			unread = append(unread, err)
			continue
		}
		all = append(all, m)
	}
	slices.SortFunc(all, func(a, b Manifest) int { return a.Number - b.Number })
	return all, errors.Join(unread...)
}

// Cluster returns the cluster file that a generation was made from. It wraps fs.ErrNotExist when it was made from none.
func (s Store) Cluster(n int) ([]byte, error) {
	data, err := os.ReadFile(s.file(n, clusterName))
	if err != nil {
		return nil, fmt.Errorf("cannot read the cluster file of generation %d: %w", n, err)
	}
	return data, nil
}

// Drift returns the installed files that are no longer what the generation installed. It only looks at what stat(2)
// says: the contents are not for everybody.
func (s Store) Drift(m Manifest) ([]string, error) {
	var drifted []string
	for _, f := range m.Files {
		if f.State == FileHandWritten {
			continue
		}
		info, err := os.Lstat(f.Path)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			if f.State == FileInstalled {
				drifted = append(drifted, f.Path)
			}
		case err != nil:
			return drifted, fmt.Errorf("cannot look at %q: %w", f.Path, err)
		case f.State == FileAbsent, !f.unchanged(info):
			drifted = append(drifted, f.Path)
		}
	}
	return drifted, nil
}

func (s Store) dir(n int) string { return filepath.Join(s.Dir, strconv.Itoa(n)) }

func (s Store) file(n int, name string) string { return filepath.Join(s.dir(n), name) }

// number reads the name of a generation's directory. What is being written or removed has another form of name.
func number(name string) (int, bool) {
	n, err := strconv.Atoi(name)
	return n, err == nil && n > 0 && n <= maxNumber && strconv.Itoa(n) == name
}
