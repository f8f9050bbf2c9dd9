package watch

import (
	"os"
	"path/filepath"
	"strings"
)

// maxLinks is how many symbolic links the kernel follows in one path (path_resolution(7)).
const maxLinks = 40

// chain returns every directory entry that opening a path goes through: /, its directories, the targets of symbolic links,
// and the file itself. A change of any of them may be a change of the file. Beyond an entry that does not exist there is
// nothing, so the chain ends with it.
func chain(path string) []string {
	var entries []string
	at := "/"
	rest := split(path)
	for links := 0; len(rest) > 0; {
		name := rest[0]
		rest = rest[1:]
		if name == ".." {
			at = filepath.Dir(at)
			continue
		}
		entry := filepath.Join(at, name)
		entries = append(entries, entry)
		target, err := os.Readlink(entry)
		if err != nil {
			at = entry
			if _, err := os.Lstat(entry); err != nil {
				return entries
			}
			continue
		}
		if links++; links > maxLinks {
			return entries
		}
		if filepath.IsAbs(target) {
			at = "/"
		}
		rest = append(split(target), rest...)
	}
	return entries
}

// split does not clean the path: what ".." means after a symbolic link is for the link's target to say.
func split(path string) []string {
	var names []string
	for name := range strings.SplitSeq(path, "/") {
		if name != "" && name != "." {
			names = append(names, name)
		}
	}
	return names
}

// directories are where the entries of some chains are, without repetition.
func directories(chains map[string][]string) map[string]bool {
	found := map[string]bool{}
	for _, entries := range chains {
		for _, entry := range entries {
			found[filepath.Dir(entry)] = true
		}
	}
	return found
}
