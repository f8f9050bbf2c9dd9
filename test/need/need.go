package need

import (
	"fmt"
	"os"
	"os/exec"
	"testing"
)

// Everything says whether nothing may be missing here.
func Everything() bool { return os.Getenv("CI") == "true" || os.Getenv("LBSUP_TEST_ALL") == "1" }

// Programs needs each of the programs on PATH.
func Programs(t testing.TB, names ...string) {
	t.Helper()
	for _, name := range names {
		_, err := exec.LookPath(name)
		That(t, err == nil, name)
	}
}

// Root needs its rights.
func Root(t testing.TB) {
	t.Helper()
	That(t, os.Geteuid() == 0, "root")
}

// That needs something else, which what names.
func That(t testing.TB, there bool, what string) {
	t.Helper()
	if !there {
		NoError(t, fmt.Errorf("this test needs %s", what))
	}
}

// NoError needs what has told by an error that it is missing, such as lab.Missing.
func NoError(t testing.TB, missing error) {
	t.Helper()
	switch {
	case missing == nil:
	case Everything():
		t.Fatal(missing)
	default:
		t.Skip(missing)
	}
}
