package cluster

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write what is got into testdata")

// TestBadFiles parses each file of testdata/bad and wants exactly the problems, and hints, that its .txt says.
func TestBadFiles(t *testing.T) {
	names, err := filepath.Glob("testdata/bad/*.yaml")
	if err != nil || len(names) < 60 {
		t.Fatalf("want at least 60 bad files, got %d (%v)", len(names), err)
	}
	for _, name := range names {
		base := strings.TrimSuffix(name, ".yaml")
		t.Run(filepath.Base(base), func(t *testing.T) {
			c, problems := Parse("lbsup.yaml", readFile(t, name))
			if c != nil || len(problems) == 0 {
				t.Fatal("the file was accepted")
			}
			if *update {
				if err := os.WriteFile(base+".txt", []byte(told(problems)), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(string(readFile(t, base+".txt")), told(problems)); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
}

func readFile(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// told is what a person would see.
func told(problems Problems) string {
	var out strings.Builder
	for _, p := range problems {
		out.WriteString(p.String() + "\n")
		if p.Hint != "" {
			out.WriteString("  hint: " + p.Hint + "\n")
		}
	}
	return out.String()
}
