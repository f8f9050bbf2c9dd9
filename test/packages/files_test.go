package packages

import (
	"bytes"
	"crypto/sha256"
	"debug/elf"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The same sources make the same bytes, wherever they lie.
func TestReproducible(t *testing.T) {
	one, other := packagesIn(t, first), packagesIn(t, second)
	for _, name := range []string{archive(older), deb(older), rpm(older), rpmSELinux(older), rpmSource(older)} {
		if a, b := sum(t, filepath.Join(one, name)), sum(t, filepath.Join(other, name)); a != b {
			t.Errorf("%s: two builds differ: %s and %s", name, a, b)
		}
	}
	// The archive makes itself again, too.
	if a, b := sum(t, filepath.Join(scratch, "source", archive(older))), sum(t, filepath.Join(one, archive(older))); a != b {
		t.Errorf("%s: that of the checkout differs from that of the archive: %s and %s", archive(older), a, b)
	}
	if sum(t, filepath.Join(one, deb(older))) == sum(t, filepath.Join(packagesIn(t, upgrade), deb(newer))) {
		t.Error("two versions are the same: this test sees no difference")
	}
}

func sum(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%x", sha256.Sum256(data))
}

// What the linters may say, and why, is written beside the packages' sources.
func TestLint(t *testing.T) {
	need(t, "rpmlint", "lintian")
	dir := packagesIn(t, first)
	config, err := filepath.Abs("../../packaging/rpm/rpmlint.toml")
	if err != nil {
		t.Fatal(err)
	}
	lint := func(config string) string {
		out, err := exec.Command("rpmlint", "-c", config, filepath.Join(dir, rpm(older)), filepath.Join(dir, rpmSELinux(older)), filepath.Join(dir, rpmSource(older))).CombinedOutput()
		if err != nil && len(out) == 0 {
			t.Fatal(err)
		}
		return string(out)
	}
	complaint := regexp.MustCompile(`(?m)^\S+: [EW]: .*$`)
	if all := complaint.FindAllString(lint(config), -1); len(all) > 0 {
		t.Errorf("rpmlint:\n%s", strings.Join(all, "\n"))
	}
	if bare := lint(os.DevNull); !complaint.MatchString(bare) {
		t.Errorf("rpmlint finds nothing without the list of exceptions either, so this test sees nothing:\n%s", bare)
	}
	if out, err := exec.Command("lintian", "--allow-root", "--fail-on", "error,warning", filepath.Join(dir, deb(older))).CombinedOutput(); err != nil || len(out) > 0 {
		t.Errorf("lintian: %v\n%s", err, out)
	}
}

// Both packages have the same files, but for what the distributions call otherwise.
func TestContents(t *testing.T) {
	dir := packagesIn(t, first)
	both := func(files []string) []string {
		return slices.DeleteFunc(files, func(file string) bool {
			return strings.HasSuffix(file, "/") || strings.HasPrefix(file, "/usr/share/doc/") || strings.HasPrefix(file, "/usr/share/licenses/") ||
				strings.HasPrefix(file, "/usr/share/zsh/") || strings.HasPrefix(file, "/usr/share/lintian/")
		})
	}
	inDeb, inRPM := both(filesOfDeb(t, filepath.Join(dir, deb(older)))), both(filesOfRPM(t, filepath.Join(dir, rpm(older))))
	if diff := cmp.Diff(inDeb, inRPM); diff != "" {
		t.Errorf("(-deb +rpm)\n%s", diff)
	}
	for _, want := range []string{"/usr/bin/lbsup", "/usr/libexec/keepalived/lbsup-check", "/usr/share/man/man5/lbsup.yaml.5.gz", "/usr/lib/firewalld/services/lbsup-vrrp.xml"} {
		if !slices.Contains(inDeb, want) {
			t.Errorf("%s is missing: %q", want, inDeb)
		}
	}
	if got, want := filesOfRPM(t, filepath.Join(dir, rpmSELinux(older))), "/usr/share/selinux/packages/targeted/lbsup.cil"; !slices.Contains(got, want) {
		t.Errorf("%s is missing: %q", want, got)
	}
}

func filesOfDeb(t *testing.T, path string) (files []string) {
	t.Helper()
	for line := range strings.Lines(output(t, "dpkg-deb", "--contents", path)) {
		f := strings.Fields(line)
		if f[1] != "root/root" {
			t.Errorf("not root's: %s", line)
		}
		files = append(files, strings.TrimPrefix(f[5], "."))
	}
	slices.Sort(files)
	return files
}

func filesOfRPM(t *testing.T, path string) (files []string) {
	t.Helper()
	for line := range strings.Lines(output(t, "rpm", "-qp", "--qf", `[%{FILEMODES:perms} %{FILENAMES}\n]`, path)) {
		mode, file, _ := strings.Cut(strings.TrimSpace(line), " ")
		if strings.HasPrefix(mode, "d") {
			file += "/"
		}
		files = append(files, file)
	}
	slices.Sort(files)
	return files
}

// The programs are static and stripped, for the machine that the package names, and say the version of the package.
func TestPrograms(t *testing.T) {
	dir := packagesIn(t, first)
	tree := t.TempDir()
	if err := command("dpkg-deb", "--extract", filepath.Join(dir, deb(older)), tree); err != nil {
		t.Fatal(err)
	}
	for _, program := range []string{"usr/bin/lbsup", "usr/libexec/keepalived/lbsup-check"} {
		testProgram(t, filepath.Join(tree, program), elf.EM_X86_64)
	}
	got := output(t, filepath.Join(tree, "usr/bin/lbsup"), "version")
	if !strings.HasPrefix(got, "lbsup "+older+" ") {
		t.Errorf("got %q, want version %s", got, older)
	}
}

func testProgram(t *testing.T, path string, machine elf.Machine) {
	t.Helper()
	file, err := elf.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if file.Machine != machine {
		t.Errorf("%s is for %v", path, file.Machine)
	}
	if file.Section(".symtab") != nil || file.Section(".debug_info") != nil {
		t.Errorf("%s is not stripped", path)
	}
	for _, program := range file.Progs {
		if program.Type == elf.PT_INTERP {
			t.Errorf("%s is not static", path)
		}
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(data, []byte(scratch)) {
		t.Errorf("%s knows where it was built", path)
	}
}

func output(t *testing.T, name string, args ...string) string {
	t.Helper()
	out, err := exec.Command(name, args...).Output()
	if err != nil {
		t.Fatalf("%s %q: %v", name, args, err)
	}
	return string(out)
}
