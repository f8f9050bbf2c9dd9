package cluster

import (
	"bytes"
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// maxListed bounds how many problems one file may report: a person fixes the first few and looks again.
const maxListed = 100

// place is where a path of the file is written.
type place struct{ line, column int }

// mistake is a Problem that does not know yet where it is.
type mistake struct{ cannot, got, want, hint string }

func (m mistake) message() string {
	return "cannot " + m.cannot + ": got " + m.got + ", want " + m.want
}

// report collects the problems of one file and remembers where each of its paths is written.
type report struct {
	file   string
	lines  int
	places map[string]place
	found  Problems
}

func newReport(file string, data []byte) *report {
	places := make(map[string]place, len(data)/16) // about a path for each few bytes: it need not grow
	places[""] = place{1, 1}
	return &report{file: file, lines: bytes.Count(data, []byte("\n")) + 1, places: places}
}

// add records a mistake at the place of a path, or of the nearest thing around it that was written.
func (r *report) add(path string, m mistake) { r.addAt(r.find(path), path, m) }

func (r *report) addAt(at place, path string, m mistake) {
	r.found = append(r.found, Problem{
		File: r.file, Line: min(max(at.line, 1), r.lines), Column: max(at.column, 1),
		Path: path, Message: m.message(), Hint: m.hint,
	})
}

func (r *report) find(path string) place {
	for {
		if at, ok := r.places[path]; ok {
			return at
		}
		cut := strings.LastIndexAny(path, ".[")
		if cut < 0 {
			return r.places[""]
		}
		path = path[:cut]
	}
}

// line says where a path is written, for a message about another one.
func (r *report) line(path string) string { return "line " + strconv.Itoa(r.find(path).line) }

// problems returns what was found in the order of the file.
func (r *report) problems() Problems {
	slices.SortStableFunc(r.found, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column),
			cmp.Compare(a.Path, b.Path), cmp.Compare(a.Message, b.Message))
	})
	if len(r.found) <= maxListed {
		return r.found
	}
	last := r.found[maxListed-1]
	last.Path, last.Hint = "", "repair these first and look again"
	last.Message = mistake{cannot: "list every problem", got: strconv.Itoa(len(r.found)), want: "none"}.message()
	return append(r.found[:maxListed:maxListed], last)
}
