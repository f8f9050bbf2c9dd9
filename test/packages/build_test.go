package packages

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"

	"github.com/lbsup/lbsup/test/need"
)

// The versions that are built: one is upgraded to the other.
const (
	older = "0.1.0"
	newer = "0.2.0"
)

var scratch string

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "lbsup-packages-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	scratch = dir
	return m.Run()
}

// source is the archive of this checkout, unpacked in two places whose paths are of different length. What else happens in the checkout
// meanwhile does not matter.
var source = sync.OnceValues(func() (trees [2]string, err error) {
	if err := makeIn(filepath.Join("..", ".."), "source", "VERSION="+older, "DIST="+filepath.Join(scratch, "source")); err != nil {
		return trees, err
	}
	for i, dir := range []string{"a", "elsewhere"} {
		trees[i] = filepath.Join(scratch, dir, "lbsup-"+older)
		if err := os.Mkdir(filepath.Join(scratch, dir), 0o755); err != nil {
			return trees, err
		}
		if err := command("tar", "-xzf", filepath.Join(scratch, "source", archive(older)), "-C", filepath.Join(scratch, dir)); err != nil {
			return trees, err
		}
	}
	return trees, nil
})

// first and second are folders with the same packages, built in different places; the first build ran the tests that the RPM asks for. upgrade has
// those of the newer version.
var (
	first   = sync.OnceValues(func() (string, error) { return built("first", 0, older) })
	second  = sync.OnceValues(func() (string, error) { return built("second", 1, older, "RPMFLAGS=--nocheck") })
	upgrade = sync.OnceValues(func() (string, error) { return built("upgrade", 0, newer, "RPMFLAGS=--nocheck") })
)

func built(name string, tree int, version string, variables ...string) (string, error) {
	trees, err := source()
	if err != nil {
		return "", err
	}
	dist := filepath.Join(scratch, name)
	return dist, makeIn(trees[tree], append([]string{"deb", "rpm", "VERSION=" + version, "DIST=" + dist}, variables...)...)
}

func makeIn(dir string, args ...string) error {
	return command("make", append([]string{"--silent", "-C", dir, "ARCH=amd64"}, args...)...)
}

func command(name string, args ...string) error {
	if out, err := exec.Command(name, args...).CombinedOutput(); err != nil {
		return fmt.Errorf("cannot run %s %q: %v: %s", name, args, err, out)
	}
	return nil
}

// packagesIn builds what is not built yet.
func packagesIn(t *testing.T, build func() (string, error)) string {
	t.Helper()
	need.Programs(t, "rpmbuild", "dpkg-deb")
	dir, err := build()
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

func archive(version string) string    { return "lbsup-" + version + ".tar.gz" }
func deb(version string) string        { return "lbsup_" + version + "-1_amd64.deb" }
func rpm(version string) string        { return "lbsup-" + version + "-1.x86_64.rpm" }
func rpmSELinux(version string) string { return "lbsup-selinux-" + version + "-1.noarch.rpm" }
func rpmSource(version string) string  { return "lbsup-" + version + "-1.src.rpm" }
