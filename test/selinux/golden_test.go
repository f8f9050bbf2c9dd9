package selinux

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files anew")

// What is granted, to the last permission: to each domain of ours, and to those of others.
func TestGranted(t *testing.T) {
	p := mustCompile(t, full(t))
	found := map[string][]string{}
	for _, line := range lines(ask(t, "sesearch", p.binary, "-A", "-T", "--dontaudit")) {
		name := chapter(line)
		found[name] = append(found[name], line)
	}
	for _, name := range []string{"lbsup_t", "lbsup_apply_t", "lbsup_check_t", "lbsup_probe_t", "lbsup_hook_t", "lbsup_wire_t", "lbsup_orphans_t", "others", "transitions", "not-audited"} {
		golden(t, name, found[name])
	}
	golden(t, "ports", lines(ask(t, "seinfo", p.binary, "--portcon")))
}

// chapter is the golden file that a line of sesearch belongs to.
func chapter(line string) string {
	kind, rest, _ := strings.Cut(line, " ")
	source, _, _ := strings.Cut(rest, " ")
	switch {
	case kind == "type_transition":
		return "transitions"
	case kind == "dontaudit":
		return "not-audited"
	case strings.HasPrefix(source, "lbsup_"):
		return source
	default:
		return "others"
	}
}

func lines(text string) []string {
	var all []string
	for line := range strings.Lines(text) {
		all = append(all, strings.TrimSpace(line))
	}
	slices.Sort(all)
	return all
}

func golden(t *testing.T, name string, got []string) {
	t.Helper()
	path := filepath.Join("testdata", name+".golden")
	text := strings.TrimSpace(strings.Join(got, "\n")) + "\n"
	if *update {
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(read(t, path), text); diff != "" {
		t.Errorf("%s (-want +got)\n%s", path, diff)
	}
}
