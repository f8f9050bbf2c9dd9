package selinux

import (
	"regexp"
	"strings"
	"testing"
)

var declaration = regexp.MustCompile(`(?m)^\((?:type|typeattribute|boolean) (\w+)( \w+)?\)$`)

// Each name of the stub is there because the module needs it: without it the compiler refuses, or says what it leaves out.
func TestStub(t *testing.T) {
	src := full(t)
	types := src["types.cil"]
	names := declaration.FindAllStringSubmatch(types, -1)
	if len(names) < 40 {
		t.Fatalf("found %d names in the stub", len(names))
	}
	for _, name := range names {
		without := strings.Replace(types, name[0]+"\n", "", 1)
		src["types.cil"] = nowhere(without, name[1])
		src["never.cil"] = nowhere(full(t)["never.cil"], name[1])
		src["frame.cil"] = nowhere(full(t)["frame.cil"], name[1])
		p, err := compile(t, src)
		if err == nil && len(p.leftOut()) == 0 {
			t.Errorf("a policy without %s is compiled, and nothing is said", name[1])
		}
	}
}

// nowhere takes a name out of the statements of the stub itself.
func nowhere(text, name string) string {
	var kept strings.Builder
	for statement := range strings.SplitAfterSeq(text, ")\n") {
		if strings.HasPrefix(strings.TrimSpace(statement), "(typeattributeset "+name+" ") || strings.Contains(statement, "(roletype ") && strings.Contains(statement, " "+name+")") {
			continue
		}
		kept.WriteString(regexp.MustCompile(`([\s(])`+name+`([\s)])`).ReplaceAllString(statement, "$1$2"))
	}
	return kept.String()
}

// A policy that has given one of the ports a type keeps the ports' module out, and only that.
func TestPortTaken(t *testing.T) {
	src := full(t)
	src["taken.cil"] = "(roletype object_r ssh_port_t)\n(portcon tcp 6443 (system_u object_r ssh_port_t ((s0) (s0))))\n"
	if p, err := compile(t, src); err == nil || !strings.Contains(p.words, "portcon") {
		t.Errorf("two types for one port are compiled: %v\n%s", err, p.words)
	}
	delete(src, "lbsup_ports.cil")
	mustCompile(t, src)
}
