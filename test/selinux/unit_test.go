package selinux

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lbsup/lbsup/render"
)

// Each program has its domain. That of the supervisor comes with the program's label; another one the unit has to name, or it would run as the
// supervisor, which writes nothing and listens to no link.
func TestDomainsOfUnits(t *testing.T) {
	want := map[string]string{
		"lbsup.service":         "",
		"lbsup-apply@.service":  "lbsup_apply_t",
		"lbsup-recover.service": "lbsup_apply_t",
		"lbsup-wire.service":    "lbsup_wire_t",
		"lbsup-orphans.service": "lbsup_orphans_t",
	}
	units, err := filepath.Glob("../../packaging/systemd/*.service")
	if err != nil {
		t.Fatal(err)
	}
	says := regexp.MustCompile(`(?m)^SELinuxContext=-system_u:system_r:(\w+):s0$`)
	got := map[string]string{}
	for _, unit := range units {
		domain := ""
		if found := says.FindStringSubmatch(read(t, unit)); found != nil {
			domain = found[1]
		}
		got[filepath.Base(unit)] = domain
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// What tmpfiles.d makes has a label of its own: none is left to what the policy says of /run, /etc and /var/lib.
func TestLabelsOfWhatIsMade(t *testing.T) {
	p := mustCompile(t, full(t))
	kinds := map[string]string{"d": "dir", "p": "pipe", "f": "file"}
	for line := range strings.Lines(read(t, "../../packaging/lbsup.tmpfiles")) {
		fields := strings.Fields(line)
		if len(fields) == 0 || fields[0] == "#" {
			continue
		}
		kind, known := kinds[fields[0]]
		if !known {
			t.Errorf("a line that this test does not know: %s", line)
			continue
		}
		got := strings.TrimSpace(ask(t, "matchpathcon", "-N", "-n", "-f", p.contexts, "-m", kind, fields[1]))
		if !strings.Contains(got, ":lbsup_") && !strings.Contains(got, ":keepalived_var_run_t:") {
			t.Errorf("%s is labelled %q", fields[1], got)
		}
	}
}

// What ReadWritePaths= names is mounted by systemd before the program starts: where that is refused, the unit does not start at all.
func TestMountedForUnits(t *testing.T) {
	p := mustCompile(t, full(t))
	all := rulesOf(t, p)
	units, err := filepath.Glob("../../packaging/systemd/*.service")
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, unit := range units {
		for _, found := range regexp.MustCompile(`(?m)^ReadWritePaths=(.*)$`).FindAllStringSubmatch(read(t, unit), -1) {
			for path := range strings.FieldsSeq(found[1]) {
				path, class := strings.TrimPrefix(path, "-"), "dir"
				if path == render.ServerStateFile {
					class = "file"
				}
				label := strings.Split(ask(t, "matchpathcon", "-N", "-n", "-f", p.contexts, "-m", class, path), ":")
				if len(label) < 3 || len(all.granted("init_t", label[2], class, "mounton")) == 0 {
					t.Errorf("%s: systemd may not mount %s, which is labelled %q", filepath.Base(unit), path, label)
				}
				seen++
			}
		}
	}
	if seen < 5 {
		t.Errorf("only %d paths were looked at", seen)
	}
}
