package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

const suffix = ".jsonl"

// segmentName sorts as text in the order of the numbers.
func segmentName(number int) string { return fmt.Sprintf("%08d%s", number, suffix) }

// numbers lists the segments in a directory, oldest first. A file with another name is not ours.
func numbers(dir string) ([]int, error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("cannot list the timeline: %w", err)
	}
	var all []int
	for _, e := range entries {
		text, ok := strings.CutSuffix(e.Name(), suffix)
		n, err := strconv.Atoi(text)
		if ok && err == nil && n > 0 && e.Name() == segmentName(n) {
			all = append(all, n)
		}
	}
	slices.Sort(all)
	return all, nil
}

func path(dir string, number int) string { return filepath.Join(dir, segmentName(number)) }

// syncDir makes new and removed names of a directory last, see "Calling fsync() does not necessarily ensure" in fsync(2).
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
