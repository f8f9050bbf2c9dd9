package packages

import (
	"bytes"
	"debug/elf"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

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
	for path, want := range map[string]string{rpm(older): "/usr/share/licenses/lbsup/LICENSE", rpmSELinux(older): "/usr/share/selinux/packages/targeted/lbsup.cil"} {
		if got := filesOfRPM(t, filepath.Join(dir, path)); !slices.Contains(got, want) {
			t.Errorf("%s: %s is missing: %q", path, want, got)
		}
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

// theirs are the folders that packages which lbsup's require have on EL9, EL10 and Fedora alike.
var theirs = []string{
	// filesystem
	"/etc/", "/usr/bin/", "/usr/lib/", "/usr/libexec/", "/usr/share/", "/usr/share/bash-completion/completions/", "/usr/share/doc/", "/usr/share/licenses/",
	"/usr/share/man/man1/", "/usr/share/man/man5/", "/usr/share/man/man7/", "/usr/share/man/man8/", "/var/lib/",
	// systemd
	"/usr/lib/systemd/system/", "/usr/lib/sysusers.d/", "/usr/lib/tmpfiles.d/",
	// firewalld-filesystem, polkit, selinux-policy
	"/usr/lib/firewalld/services/", "/usr/share/polkit-1/rules.d/", "/usr/share/selinux/packages/",
}

// A folder that no package has would stay when the last file in it goes.
func TestFolders(t *testing.T) {
	dir := packagesIn(t, first)
	for _, name := range []string{rpm(older), rpmSELinux(older)} {
		files := filesOfRPM(t, filepath.Join(dir, name))
		if got := nobodys(files); len(got) > 0 {
			t.Errorf("%s: folders that no package has: %q", name, got)
		}
	}
	if got := nobodys([]string{"/usr/share/lbsup/one/", "/usr/share/lbsup/one/file"}); len(got) != 1 || got[0] != "/usr/share/lbsup/" {
		t.Errorf("one that nobody has: got %q", got)
	}
}

func nobodys(files []string) (found []string) {
	above := func(file string) string { return file[:strings.LastIndexByte(strings.TrimSuffix(file, "/"), '/')+1] }
	for _, file := range files {
		for folder := above(file); folder != "/" && !slices.Contains(theirs, folder); folder = above(folder) {
			if !slices.Contains(files, folder) && !slices.Contains(found, folder) {
				found = append(found, folder)
			}
		}
	}
	return found
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
