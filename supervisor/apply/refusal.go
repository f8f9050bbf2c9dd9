package apply

import (
	"errors"
	"io/fs"
	"strings"
	"syscall"
)

// problems is a refusal with all its reasons at once.
type problems []Problem

func (ps problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}

// hinted is an error that knows what a person can do about it.
type hinted struct {
	error
	hint string
}

func (h hinted) Unwrap() error { return h.error }

// reasons turns any error of a stage into what a report shows.
func reasons(err error) []Problem {
	var ps problems
	if errors.As(err, &ps) {
		return ps
	}
	p := Problem{Message: err.Error(), Hint: hintFor(err)}
	var h hinted
	if errors.As(err, &h) {
		p.Hint = h.hint
	}
	return []Problem{p}
}

// hintFor says what helps against the failures that disks and permissions bring.
func hintFor(err error) string {
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return "free some space on that file system and try again; nothing was changed"
	case errors.Is(err, syscall.EROFS):
		return "the file system is read-only; make it writable and try again"
	case errors.Is(err, syscall.EIO):
		return "the disk reports an error: see the kernel's log"
	case errors.Is(err, syscall.EBUSY), errors.Is(err, syscall.EXDEV):
		return "a file that is a mount point cannot be replaced: mount its directory instead"
	case errors.Is(err, fs.ErrPermission):
		return "lbsup apply must run as root"
	default:
		return ""
	}
}
