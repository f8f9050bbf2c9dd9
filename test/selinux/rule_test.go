package selinux

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// rule is a line of sesearch -A.
type rule struct {
	source, target, class string
	permissions           []string
	condition             string // empty, or the boolean and what it must be
}

// parseRule reads "allow a b:c { p q };" and "allow a b:c p; [ boolean ]:True".
func parseRule(line string) (rule, error) {
	body, condition, ended := strings.Cut(strings.TrimSpace(line), ";")
	body, is := strings.CutPrefix(body, "allow ")
	source, rest, spaced := strings.Cut(body, " ")
	target, rest, classed := strings.Cut(rest, ":")
	class, rest, granted := strings.Cut(rest, " ")
	permissions := strings.Fields(strings.Trim(rest, "{} "))
	if !ended || !is || !spaced || !classed || !granted || len(permissions) == 0 || source == "" || target == "" || class == "" {
		return rule{}, fmt.Errorf("cannot read rule %q: want allow SOURCE TARGET:CLASS PERMISSIONS;", line)
	}
	return rule{source, target, class, permissions, strings.TrimSpace(condition)}, nil
}

// inForce says whether a rule holds while every boolean is off.
func (r rule) inForce() bool { return r.condition == "" || strings.HasSuffix(r.condition, ":False") }

// rules are all of a policy, attributes replaced by their types.
type rules []rule

func rulesOf(t *testing.T, p policy) rules {
	t.Helper()
	members := map[string][]string{}
	name := ""
	for line := range strings.Lines(ask(t, "seinfo", p.binary, "-x", "-a")) {
		switch field := strings.TrimSpace(line); {
		case strings.HasPrefix(field, "attribute "):
			name = strings.Trim(strings.TrimPrefix(field, "attribute "), ";")
		case name != "" && field != "":
			members[name] = append(members[name], field)
		}
	}
	types := func(name string) []string {
		if some, is := members[name]; is {
			return some
		}
		return []string{name}
	}
	var all rules
	for line := range strings.Lines(ask(t, "sesearch", p.binary, "-A")) {
		r, err := parseRule(line)
		if err != nil {
			t.Fatal(err)
		}
		for _, source := range types(r.source) {
			for _, target := range types(r.target) {
				if target == "self" {
					target = source
				}
				all = append(all, rule{source, target, r.class, r.permissions, r.condition})
			}
		}
	}
	if len(all) == 0 {
		t.Fatal("sesearch finds no rule at all")
	}
	return all
}

// granted are the rules in force that give a source one of some permissions on a target; "*" is any.
func (all rules) granted(source, target, class string, permissions ...string) rules {
	fits := func(want, got string) bool { return want == "*" || want == got }
	var some rules
	for _, r := range all {
		if !r.inForce() || !fits(source, r.source) || !fits(target, r.target) || !fits(class, r.class) {
			continue
		}
		if slices.ContainsFunc(permissions, func(p string) bool { return p == "*" || slices.Contains(r.permissions, p) }) {
			some = append(some, r)
		}
	}
	return some
}

func TestParseRule(t *testing.T) {
	for _, row := range []struct {
		name, line string
		want       rule
		err        string
	}{
		{"one permission", "allow a_t b_t:fd use;\n", rule{"a_t", "b_t", "fd", []string{"use"}, ""}, ""},
		{"several", "allow a_t self:file { open read };", rule{"a_t", "self", "file", []string{"open", "read"}, ""}, ""},
		{"conditional", "allow a_t b_t:file { read }; [ x ]:True", rule{"a_t", "b_t", "file", []string{"read"}, "[ x ]:True"}, ""},
		{"another rule", "dontaudit a_t b_t:fd use;", rule{}, `cannot read rule "dontaudit a_t b_t:fd use;": want allow SOURCE TARGET:CLASS PERMISSIONS;`},
		{"nothing granted", "allow a_t b_t:fd { };", rule{}, `cannot read rule "allow a_t b_t:fd { };": want allow SOURCE TARGET:CLASS PERMISSIONS;`},
		{"cut off", "allow a_t b_t:fd use", rule{}, `cannot read rule "allow a_t b_t:fd use": want allow SOURCE TARGET:CLASS PERMISSIONS;`},
	} {
		t.Run(row.name, func(t *testing.T) {
			got, err := parseRule(row.line)
			if diff := cmp.Diff(row.want, got, cmp.AllowUnexported(rule{}), cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			if message := fmt.Sprint(err); row.err != "" && message != row.err || row.err == "" && err != nil {
				t.Errorf("got error %q, want %q", message, row.err)
			}
		})
	}
}

// FuzzParseRule checks that a rule that was read says something of everything.
func FuzzParseRule(f *testing.F) {
	for _, seed := range []string{"", "allow a b:c d;", "allow a b:c { d e };", "allow a b:c d; [ e ]:True", "allow  :  ;", "allow a b:c {};"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, line string) {
		r, err := parseRule(line)
		if err == nil && (r.source == "" || r.target == "" || r.class == "" || len(r.permissions) == 0) {
			t.Errorf("%q was read as %+v", line, r)
		}
	})
}
