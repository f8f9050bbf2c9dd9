package test

import (
	"fmt"
	"path/filepath"
	"strings"
)

// source is one file that is shipped: its package and imports without our module's path.
type source struct {
	pkg     string
	imports []use
	calls   []use
}

type use struct {
	what  string
	where string // file:line
}

// complaints are the broken rules, one line each, beginning with the place.
func complaints(s source) []string {
	var all []string
	for _, use := range s.imports {
		for _, rule := range rules {
			if rule.forbids(s.pkg, use.what) {
				all = append(all, fmt.Sprintf("%s: %s must not import %s: %s", use.where, s.pkg, use.what, rule.why))
			}
		}
	}
	for _, use := range s.calls {
		if why := callForbidden(s.pkg, use); why != "" {
			all = append(all, fmt.Sprintf("%s: %s must not call %s: %s", use.where, s.pkg, use.what, why))
		}
	}
	return all
}

func (r rule) forbids(from, to string) bool {
	if !matchesAny(r.from, from) || !matchesAny(r.to, to) {
		return false
	}
	for _, exception := range r.except {
		if importer, ok := strings.CutSuffix(exception, " <-"); ok {
			if matches(importer, from) {
				return false
			}
		} else if matches(exception, to) {
			return false
		}
	}
	return true
}

func matchesAny(patterns []string, path string) bool {
	for _, pattern := range patterns {
		if matches(pattern, path) {
			return true
		}
	}
	return false
}

func matches(pattern, path string) bool {
	switch {
	case pattern == "...":
		return true
	case pattern == "*":
		return matchesAny([]string{"cmd/...", "supervisor/...", "render/...", "checks/...", "test/...", "packaging/..."}, path)
	}
	if base, ok := strings.CutSuffix(pattern, "/..."); ok {
		return path == base || strings.HasPrefix(path, base+"/")
	}
	return path == pattern
}

// callForbidden says why a call may not stand where it stands, or nothing.
func callForbidden(pkg string, call use) string {
	file, _, _ := strings.Cut(call.where, ":")
	if matchesAny(pure, pkg) && matchesAny(clocks, call.what) {
		return "a pure decision has no clock: time comes in with the event"
	}
	if function, ok := strings.CutPrefix(call.what, "net."); ok && matchesAny(pure, pkg) && function != "SplitHostPort" && function != "JoinHostPort" {
		return "a pure decision asks no network: of net it may use what takes texts apart"
	}
	inMain := strings.HasPrefix(pkg, "cmd/") && filepath.Base(file) == "main.go"
	switch call.what {
	case "os.Exit", "syscall.Exit":
		if !inMain {
			return "a program ends in its main.go, so that everything on the way out runs"
		}
	case "log.Fatal", "log.Fatalf", "log.Fatalln":
		return "bad input is an error for the caller to handle"
	case "time.Sleep":
		return "a sleep cannot be cancelled and makes its test slow"
	}
	return ""
}
