package main

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lbsup/lbsup/checks"
	"github.com/lbsup/lbsup/render"
)

func TestConstantsAgree(t *testing.T) {
	if healthSocket != render.HealthSocket || supervisor != checks.Supervisor {
		t.Errorf("got %q and %q, want %q and %q", healthSocket, supervisor, render.HealthSocket, checks.Supervisor)
	}
}

func TestParseArguments(t *testing.T) {
	for _, tc := range []struct {
		name, line string // split at spaces
		want       options
		problem    string
	}{
		{"none", "", options{socket: healthSocket, name: supervisor}, ""},
		{"a name", "haproxy", options{socket: healthSocket, name: "haproxy"}, ""},
		{"a socket", "-s /tmp/x", options{socket: "/tmp/x", name: supervisor}, ""},
		{"both", "-s /tmp/x web", options{socket: "/tmp/x", name: "web"}, ""},
		{"both, the other way", "web -s /tmp/x", options{socket: "/tmp/x", name: "web"}, ""},
		{"help", "web --help", options{help: true}, ""},
		{"h", "-h", options{help: true}, ""},
		{"version", "--version", options{version: true}, ""},
		{"no socket", "web -s", options{}, "-s wants the path of a socket"},
		{"two names", "a b", options{}, "one NAME at a time"},
		{"an unknown option", "-x", options{}, "unknown option -x"},
		{"an unknown option that plays tricks", "-\x1b[1m", options{}, "unknown option -?[1m"},
		{"a name with a slash", "a/b", options{}, "no check can be named a/b"},
		{"a name with a line end", "a\r\nX:y", options{}, "no check can be named a??X:y"},
		{"a name that is not ASCII", "é", options{}, "no check can be named é"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got, problem := parseArguments(strings.FieldsFunc(tc.line, func(r rune) bool { return r == ' ' }))
			if problem != tc.problem {
				t.Errorf("got problem %q, want %q", problem, tc.problem)
			}
			if diff := cmp.Diff(tc.want, got, cmp.AllowUnexported(options{})); problem == "" && diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	if _, problem := parseArguments([]string{""}); problem != "no check can be named " {
		t.Errorf("an empty name: got problem %q", problem)
	}
}

func TestSplit(t *testing.T) {
	for _, tc := range []struct {
		name, text string
		want       []string
	}{
		{"as the kernel writes it", "a\x00b c\x00\x00", []string{"a", "b c", ""}},
		{"the last end is missing", "a\x00b", []string{"a", "b"}},
		{"no program name", "\x00", []string{""}},
		{"nothing", "", []string{""}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, split(tc.text)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func FuzzArguments(f *testing.F) {
	f.Add("lbsup-check\x00-s\x00/x\x00web\x00")
	f.Add("")
	f.Fuzz(func(t *testing.T, line string) {
		o, problem := parseArguments(split(line)[1:])
		if problem == "" && !o.help && !o.version && (strings.ContainsAny(o.name, " \r\n/?#%") || o.name == "" || o.socket == "") {
			t.Errorf("%q asks for %+v", line, o)
		}
	})
}
