package apply

import (
	"os"
	"path/filepath"
	"testing"
)

func TestContained(t *testing.T) {
	for _, row := range []struct {
		name, mark string
		want       bool
	}{
		{"a host", "run/systemd/system", false},
		{"systemd in a container", "run/systemd/container", true},
		{"podman", "run/.containerenv", true},
	} {
		t.Run(row.name, func(t *testing.T) {
			root := t.TempDir()
			mark := filepath.Join(root, row.mark)
			if err := os.MkdirAll(filepath.Dir(mark), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(mark, nil, 0o644); err != nil {
				t.Fatal(err)
			}
			if got := containedIn(root); got != row.want {
				t.Errorf("got %v, want %v", got, row.want)
			}
		})
	}
}
