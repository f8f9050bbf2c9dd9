package apply

import (
	"strconv"
	"strings"
)

// globals is the part of HAProxy's global section that the host has to provide for.
type globals struct {
	chroot  string
	sockets []string // unix sockets of the runtime API
	maxconn int
}

// readGlobals reads a HAProxy configuration as far as globals needs it. HAProxy's own check judges the rest, so what is
// not understood here is passed over.
func readGlobals(text []byte) globals {
	var g globals
	inside := false
	for line := range strings.Lines(string(text)) {
		line, _, _ = strings.Cut(line, "#")
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}
		if isSection(words[0]) {
			inside = words[0] == "global"
		}
		if inside && len(words) > 1 {
			g.take(words)
		}
	}
	return g
}

func (g *globals) take(words []string) {
	switch words[0] {
	case "chroot":
		g.chroot = unquote(words[1])
	case "maxconn":
		if n, err := strconv.Atoi(words[1]); err == nil && n > 0 && n <= maxNumber {
			g.maxconn = n
		}
	case "stats":
		if len(words) < 3 || words[1] != "socket" {
			return
		}
		if path := strings.TrimPrefix(unquote(words[2]), "unix@"); strings.HasPrefix(path, "/") {
			g.sockets = append(g.sockets, path)
		}
	}
}

func unquote(word string) string { return strings.Trim(word, `"'`) }

func isSection(word string) bool {
	switch word {
	case "global", "defaults", "frontend", "backend", "listen", "resolvers", "peers", "mailers", "userlist", "cache",
		"program", "http-errors", "ring", "log-forward", "fcgi-app", "crt-list", "crt-store", "traces", "log-profile":
		return true
	default:
		return false
	}
}
