package packages

import (
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/lbsup/lbsup/test/need"
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
	need.Programs(t, "rpmlint", "lintian")
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
