package haproxy

import (
	"fmt"
	"slices"
	"strings"
)

// sections are the keywords that HAProxy takes as the begin of a section wherever a line starts with one.
var sections = []string{
	"acme", "backend", "cache", "crt-store", "defaults", "fcgi-app", "frontend", "global", "http-errors", "listen", "log-forward",
	"log-profile", "mailers", "peers", "program", "resolvers", "ring", "traces", "userlist",
}

// checkRaw refuses what would not stay one line of the section that the admin wrote it for.
func checkRaw(line string) error {
	if strings.ContainsFunc(line, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }) {
		return fmt.Errorf("cannot take raw line %q: want one line without control characters", line)
	}
	keyword := keywordOf(line)
	switch {
	case slices.Contains(sections, keyword):
		return fmt.Errorf("cannot take raw line %q: it would begin a new section", line)
	case strings.HasPrefix(keyword, "."):
		return fmt.Errorf("cannot take raw line %q: it would make the lines below it depend on a condition", line)
	case strings.HasSuffix(line, `\`):
		return fmt.Errorf("cannot take raw line %q: it must not end in a backslash", line)
	}
	return nil
}

// keywordOf is the first word of a line as HAProxy reads it: without quotes and backslashes.
func keywordOf(line string) string {
	words := strings.Fields(strings.NewReplacer(`"`, "", `'`, "", `\`, "").Replace(line))
	if len(words) == 0 {
		return ""
	}
	return words[0]
}

// families are the keywords of which the second word, too, says what a line sets.
var families = []string{"option", "stats", "timeout"}

// repeated are the keywords of which HAProxy takes every line and not the last one.
var repeated = []string{"default-server", "log", "stats socket"}

// subject is what a line sets: the lines of one subject replace each other. The empty subject stands for all that add up.
func subject(line string) string {
	words := strings.Fields(line)
	if len(words) > 1 && (words[0] == "no" || words[0] == "default") {
		words = words[1:]
	}
	if len(words) == 0 {
		return ""
	}
	name := words[0]
	if slices.Contains(families, name) && len(words) > 1 {
		name += " " + words[1]
	}
	if slices.Contains(repeated, name) {
		return ""
	}
	return name
}

// settings writes lbsup's own lines of a section except those that the admin replaces, then the admin's.
func (p *page) settings(where string, own, admins []string) {
	replaced := map[string]bool{}
	for _, line := range admins {
		replaced[subject(line)] = true
	}
	for _, line := range own {
		if s := subject(line); s == "" || !replaced[s] {
			p.setting(line)
		}
	}
	p.raw(where, admins)
}
