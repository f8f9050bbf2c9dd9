package packages

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/lbsup/lbsup/test/need"
)

// unexpanded is what rpm leaves of a macro that it does not know. rpm's own %{…} in queries are no macros.
var unexpanded = regexp.MustCompile(`%[{?!(]*[a-z_][a-z0-9_]*`)

// parsed is the spec file as rpm reads it where EL and Fedora have their macros. A target of its own keeps this machine's out.
func parsed(t *testing.T, spec string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "lbsup.spec")
	if err := os.WriteFile(path, []byte(spec), 0o644); err != nil {
		t.Fatal(err)
	}
	macros, err := filepath.Abs("testdata/macros.el")
	if err != nil {
		t.Fatal(err)
	}
	command := exec.CommandContext(t.Context(), "rpmspec", "--macros", "/usr/lib/rpm/macros:"+macros, "--target", "x86_64-linux", "-P", path)
	out, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return string(out)
}

// The spec file as it stands uses no macro that EL and Fedora lack: one that is not known stays in a script as a word that the shell cannot read.
func TestSpecOfEL(t *testing.T) {
	need.Programs(t, "rpmspec")
	data, err := os.ReadFile("../../packaging/rpm/lbsup.spec")
	if err != nil {
		t.Fatal(err)
	}
	spec := strings.NewReplacer("@VERSION@", older, "@DATE@", "Wed Jan 01 2025").Replace(string(data))
	left := func(spec string) (found []string) {
		for line := range strings.Lines(parsed(t, spec)) {
			word := unexpanded.FindString(strings.TrimSpace(line))
			if word != "" && !isSection(line) {
				found = append(found, strings.TrimSpace(line))
			}
		}
		return found
	}
	if found := left(spec); len(found) > 0 {
		t.Errorf("not known there:\n%s", strings.Join(found, "\n"))
	}
	if found := left(strings.Replace(spec, "%firewalld_reload", "%nobodys_macro", 1)); len(found) != 1 {
		t.Errorf("one that nobody knows: got %q", found)
	}
	text := parsed(t, spec)
	for _, want := range []string{"BuildRequires:  systemd-rpm-macros", "BuildRequires:  selinux-policy-devel", "Requires(post): systemd",
		"units-post lbsup.service", "selinux-install /usr/share/selinux/packages/targeted/lbsup.cil", "/usr/lib/systemd/system/lbsup.service"} {
		if !strings.Contains(text, want) {
			t.Errorf("lacks %q", want)
		}
	}
	if strings.Contains(text, "systemd-sysusers") {
		t.Error("makes users itself, which triggers do there")
	}
}

// The source package names what it is built with, wherever it was made: `dnf builddep` reads it there.
func TestSourceRequires(t *testing.T) {
	dir := packagesIn(t, first)
	got := output(t, "rpm", "-qp", "--requires", filepath.Join(dir, rpmSource(older)))
	for _, want := range []string{"golang >= ", "selinux-policy-devel\n", "systemd-rpm-macros\n", "firewalld-filesystem\n"} {
		if !strings.Contains(got, want) {
			t.Errorf("lacks %q:\n%s", want, got)
		}
	}
}

// From 4.20 on rpm makes dependencies of sysusers.d: not of who joins haproxy's group, of all else.
func TestSpecOfUsers(t *testing.T) {
	need.Programs(t, "rpmspec")
	data, err := os.ReadFile("../../packaging/rpm/lbsup.spec")
	if err != nil {
		t.Fatal(err)
	}
	spec := strings.NewReplacer("@VERSION@", older, "@DATE@", "Wed Jan 01 2025", "\n%prep", "\nneeds %{__requires_exclude}\ngives %{__provides_exclude}\n\n%prep").Replace(string(data))
	text := parsed(t, spec)
	for name, want := range map[string]map[string]bool{
		"needs": {"group(haproxy)": true, "group(lbsup)": false, "user(lbsup)": false, "haproxy": false},
		"gives": {"groupmember(lbsup/haproxy) = bSBs": true, "group(lbsup-admin) = ZyBs": false, "user(lbsup) = dSBs": false},
	} {
		expression := regexp.MustCompile(`(?m)^` + name + ` (\S+)$`).FindStringSubmatch(text)
		if expression == nil {
			t.Errorf("%s: no filter", name)
			continue
		}
		for dependency, filtered := range want {
			if got := regexp.MustCompile(expression[1]).MatchString(dependency); got != filtered {
				t.Errorf("%s %s: filtered is %v by %s", name, dependency, got, expression[1])
			}
		}
	}
}

// isSection is a line that says how the spec file goes on, or what a file is.
func isSection(line string) bool {
	word, _, _ := strings.Cut(strings.TrimSpace(line), " ")
	for _, known := range []string{"%package", "%description", "%prep", "%build", "%install", "%check", "%pre", "%post", "%preun", "%postun", "%posttrans",
		"%files", "%changelog", "%license", "%doc", "%dir", "%ghost", "%attr"} {
		if word == known || strings.HasPrefix(word, known+"(") {
			return true
		}
	}
	return false
}
