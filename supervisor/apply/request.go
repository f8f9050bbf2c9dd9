package apply

import (
	"fmt"
	"strconv"
	"strings"
)

// Kind says what is asked of an apply.
type Kind string

// The kinds of request.
const (
	Reload    Kind = "reload"    // install what the cluster file says
	Overwrite Kind = "overwrite" // the same, also over an installed file that was edited by hand
	Force     Kind = "force"     // the same as Reload, also when the change takes away much
	Rollback  Kind = "rollback"  // put the files of an earlier generation back

	OverwriteForce Kind = "overwrite-force" // both
)

// overwrites tells whether a file that was edited by hand may be written over.
func (k Kind) overwrites() bool { return k == Overwrite || k == OverwriteForce }

// forces tells whether a change may take away much.
func (k Kind) forces() bool { return k == Force || k == OverwriteForce || k == Rollback }

// Request is one thing asked of an apply.
type Request struct {
	Kind   Kind
	Number int    // for Rollback: the generation to put back
	ID     string // whoever asks knows the report by it; empty when nobody waits for one
}

const (
	rollbackPrefix = string(Rollback) + "-"
	idMark         = "-id-"
	maxID          = 32
)

// maxNumber bounds what a request may name; more is a mistake, not a generation.
const maxNumber = 1_000_000_000

func (r Request) String() string {
	if r.Kind == Rollback {
		return rollbackPrefix + strconv.Itoa(r.Number)
	}
	return string(r.Kind)
}

// Instance is the instance name of the unit that carries the request out.
func (r Request) Instance() string {
	if r.ID == "" {
		return r.String()
	}
	return r.String() + idMark + r.ID
}

// ParseRequest reads the text form of a request, with the ID of an instance name or without.
func ParseRequest(text string) (Request, error) {
	asked, id, named := strings.Cut(text, idMark)
	if named && !isID(id) {
		return Request{}, fmt.Errorf("cannot understand request %q: want up to %d lower-case letters and digits after %q", text, maxID, idMark)
	}
	r, err := parseAsked(asked)
	if err != nil {
		return Request{}, err
	}
	r.ID = id
	return r, nil
}

// isID tells whether polkit's rule for lbsup would let the name of such a unit pass.
func isID(id string) bool {
	return id != "" && len(id) <= maxID && strings.Trim(id, "abcdefghijklmnopqrstuvwxyz0123456789") == ""
}

func parseAsked(text string) (Request, error) {
	switch Kind(text) {
	case Reload, Overwrite, Force, OverwriteForce:
		return Request{Kind: Kind(text)}, nil
	}
	digits, isRollback := strings.CutPrefix(text, rollbackPrefix)
	if !isRollback {
		return Request{}, fmt.Errorf("cannot understand request %q: want reload, overwrite, force, overwrite-force or rollback-N", text)
	}
	n, err := strconv.Atoi(digits)
	if err != nil || n < 1 || n > maxNumber || strconv.Itoa(n) != digits {
		return Request{}, fmt.Errorf("cannot understand request %q: want the number of a generation after %q", text, rollbackPrefix)
	}
	return Request{Kind: Rollback, Number: n}, nil
}
