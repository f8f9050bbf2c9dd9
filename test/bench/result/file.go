package result

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// Read reads a results file. One that is not there has no rows.
func Read(path string) ([]Row, error) {
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("cannot read results: %v", err)
	}
	defer file.Close()
	rows, err := parse(file)
	if err != nil {
		return nil, fmt.Errorf("cannot read results %q: %v", path, err)
	}
	return rows, nil
}

func parse(r io.Reader) ([]Row, error) {
	var rows []Row
	scanner := bufio.NewScanner(r)
	scanner.Buffer(nil, 1<<20) // a row with thousands of raw values
	for line := 1; scanner.Scan(); line++ {
		var row Row
		if err := json.Unmarshal(scanner.Bytes(), &row); err != nil {
			return nil, fmt.Errorf("line %d: %v", line, err)
		}
		rows = append(rows, row)
	}
	return rows, scanner.Err()
}

// Put writes a row into a results file: in the place of the older row of the same measurement, or at the end. A benchmark that is interrupted has
// thus left what it measured, and one case that is repeated leaves the others.
func Put(path string, row Row) error {
	rows, err := Read(path)
	if err != nil {
		return err
	}
	if i := slices.IndexFunc(rows, row.same); i >= 0 {
		rows[i] = row
	} else {
		rows = append(rows, row)
	}
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	for _, r := range rows {
		if err := encoder.Encode(r); err != nil {
			return fmt.Errorf("cannot write results %q: %v", path, err)
		}
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return fmt.Errorf("cannot write results: %v", err)
	}
	fresh := path + ".new"
	if err := os.WriteFile(fresh, text.Bytes(), 0o644); err != nil {
		return fmt.Errorf("cannot write results: %v", err)
	}
	return os.Rename(fresh, path)
}
