package doctor

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/lbsup/lbsup/supervisor/doctor"
)

// line is something that doctor can say, as its source has it.
type line struct {
	level  doctor.Level
	format string
}

func (l line) String() string { return string(l.level) + ": " + l.format }

// ledger keeps which of doctor's lines were seen on a booted host, and whose fix did help there.
type ledger struct {
	lines map[line]*regexp.Regexp
	seen  map[line]string // where first
	fixes map[line]string // shown, one of each line
	good  map[line]bool
}

// open reads doctor's lines out of its source, so that a new one that no host shows is noticed.
func openLedger(t *testing.T) *ledger {
	t.Helper()
	l := &ledger{lines: map[line]*regexp.Regexp{}, seen: map[line]string{}, fixes: map[line]string{}, good: map[line]bool{}}
	files, err := filepath.Glob("../../supervisor/doctor/*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range files {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok {
				l.take(t, call)
			}
			return true
		})
	}
	if len(l.lines) < 80 {
		t.Fatalf("doctor's source has %d lines only", len(l.lines))
	}
	return l
}

// take looks whether a call says something: e.ok(id, format, …), e.warn(id, remedy, format, …), e.fail(id, remedy, format, …).
func (l *ledger) take(t *testing.T, call *ast.CallExpr) {
	t.Helper()
	says, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return
	}
	if by, ok := says.X.(*ast.Ident); !ok || by.Name != "e" {
		return
	}
	kind, ok := map[string]struct {
		level doctor.Level
		at    int
	}{"ok": {doctor.OK, 1}, "warn": {doctor.Warning, 2}, "fail": {doctor.Failing, 2}}[says.Sel.Name]
	if !ok {
		return
	}
	literal, ok := call.Args[kind.at].(*ast.BasicLit)
	if !ok {
		t.Errorf("a line of doctor that is no literal: this test cannot follow it")
		return
	}
	format, err := strconv.Unquote(literal.Value)
	if err != nil {
		t.Fatal(err)
	}
	pattern := regexp.MustCompile(`%[sdq]`).ReplaceAllString(regexp.QuoteMeta(format), `.+`)
	l.lines[line{kind.level, format}] = regexp.MustCompile("^" + pattern + "$")
}

// of is the line that a finding is: of several that fit, the one that leaves least open.
func (l *ledger) of(f doctor.Finding) (best line, found bool) {
	for one, pattern := range l.lines {
		if one.level == f.Level && pattern.MatchString(f.What) && len(one.format) > len(best.format) {
			best, found = one, true
		}
	}
	return best, found
}

func (l *ledger) saw(t *testing.T, f doctor.Finding) {
	t.Helper()
	one, found := l.of(f)
	if !found {
		t.Errorf("doctor said what its source does not have: %s: %s: %s", f.ID, f.Level, f.What)
		return
	}
	if l.seen[one] == "" {
		l.seen[one] = t.Name() + ": " + f.What
	}
	if f.Fix != "" && l.fixes[one] == "" {
		l.fixes[one] = f.Fix
	}
}

func (l *ledger) helped(f doctor.Finding) {
	if one, found := l.of(f); found {
		l.good[one] = true
	}
}

// complete fails for what the ledger lacks, and tells where each line was seen.
func (l *ledger) complete(t *testing.T) {
	for _, one := range l.sorted() {
		t.Logf("%-60.60s  %s", one, l.seen[one])
	}
	for _, text := range l.lacks() {
		t.Error(text)
	}
}

// lacks names each line that was not seen, and each fix that was not run, without a reason that stands in a table. A reason that is no longer one has
// to go, too.
func (l *ledger) lacks() (out []string) {
	note := func(one line, what string, done bool, reasons map[string]string) {
		switch why, excused := reasons[one.String()]; {
		case !done && !excused:
			out = append(out, fmt.Sprintf("%q %s", one, what))
		case done && excused:
			out = append(out, fmt.Sprintf("%q needs no reason any more: %s", one, why))
		}
	}
	said := map[string]bool{}
	for _, one := range l.sorted() {
		said[one.String()] = true
		note(one, "was never seen on a host", l.seen[one] != "", unseen)
		if l.fixes[one] != "" {
			note(one, fmt.Sprintf("shows the fix %q, which was never seen to help", l.fixes[one]), l.good[one], unhelped)
		}
	}
	for _, reasons := range []map[string]string{unseen, unhelped} {
		for _, text := range slices.Sorted(maps.Keys(reasons)) {
			if !said[text] {
				out = append(out, fmt.Sprintf("%q is nothing that doctor says: its reason can go", text))
			}
		}
	}
	return out
}

func (l *ledger) sorted() []line {
	return slices.SortedFunc(maps.Keys(l.lines), func(a, b line) int { return strings.Compare(a.String(), b.String()) })
}

// The ledger is of no use if it does not notice: here nothing was seen yet, then one line, whose fix was not run, then that too.
func TestLedger(t *testing.T) {
	l := openLedger(t)
	lacks := func(text string) bool {
		return slices.ContainsFunc(l.lacks(), func(one string) bool { return strings.Contains(one, text) })
	}
	if got := len(l.lacks()); got != len(l.lines) {
		t.Errorf("nothing was seen, and of %d lines it lacks %d", len(l.lines), got)
	}
	masked := doctor.Finding{Level: doctor.Failing, What: "haproxy.service is masked: it can never start", Fix: "systemctl unmask haproxy.service"}
	if !lacks("masked: it can never start\" was never seen") {
		t.Error("a line that was not seen is not lacking")
	}
	if l.saw(t, masked); !lacks(`shows the fix "systemctl unmask haproxy.service", which was never seen to help`) || lacks("can never start\" was never seen") {
		t.Error("a fix that was not run is not lacking, or a line that was seen is")
	}
	if l.helped(masked); lacks("can never start") {
		t.Error("it lacks a line that was seen, with a fix that helped")
	}
	if _, found := l.of(doctor.Finding{Level: doctor.OK, What: masked.What}); found {
		t.Error("it takes a line for another one of another level")
	}
}

// unseen are the lines that no host here can show, with the reason.
var unseen = map[string]string{}

// unhelped are the lines whose fix was not run here, with the reason.
var unhelped = map[string]string{
	"failing: HAProxy: %s":    installs,
	"failing: keepalived: %s": installs,
	"failing: HAProxy %s was built without OpenSSL, and the cluster file wants TLS": installs,
	"failing: %s is not installed":                                                                                                     installs,
	"failing: %s lacks the drop-in %s of the package lbsup":                                                                            installs,
	"failing: the policy has no module %s: keepalived may not ask the health socket":                                                   installs,
	"warning: the policy has no module %s: keepalived could not ask the health socket if SELinux enforced":                             installs,
	"warning: the rules of the firewall could not be read: %s":                                                                         installs,
	"failing: keepalived %s was built without VRRP authentication, and the cluster file wants it":                                      edits,
	"failing: this is %s, which carries no multicast: the nodes do not hear each other":                                                edits,
	"warning: %s sends the adverts of %s every %s, and the cluster file here says %s":                                                  edits,
	"warning: %s sends adverts of %s for other addresses than %s":                                                                      edits,
	"failing: %s (%s) uses router ID %d on %s too, for %s":                                                                             edits,
	"failing: certificate %s ended on %s: clients refuse it":                                                                           renews,
	"warning: certificate %s ends on %s":                                                                                               renews,
	"warning: the clock follows no other: certificates and the log need the true time":                                                 "a container may not set the machine's clock",
	"warning: this is %s: its ports drop what comes from addresses that they do not know, so each VIP must be an allowed address pair": "there is no OpenStack to ask",
	"warning: not everything can be examined by this user: not the firewall, the wire, certificates, and who listens":                  "there is no sudo here; what root sees is what all other tests see",
}

const (
	installs = "it installs a package, for which there is no archive here"
	edits    = "the cluster file has to be edited before"
	renews   = "a new certificate mends it, and is there before"
)
