package pair

import (
	"os"
	"path/filepath"
	"testing"
)

func TestMakeRoom(t *testing.T) {
	path := filepath.Join(t.TempDir(), "max_user_instances")
	is := func(want string) {
		t.Helper()
		if text, err := os.ReadFile(path); err != nil || string(text) != want {
			t.Errorf("got %q, %v, want %q", text, err, want)
		}
	}
	if err := os.WriteFile(path, []byte("128\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	back, err := makeRoom(path, 13)
	if err != nil {
		t.Fatal(err)
	}
	is("1040")
	if _, err := makeRoom(path, 2); err != nil {
		t.Fatal(err)
	}
	is("1040") // that is enough for two more
	if err := back(); err != nil {
		t.Fatal(err)
	}
	is("128\n")
}

func TestNoRoom(t *testing.T) {
	if _, err := makeRoom("/nowhere/max", 2); errorText(err) != "cannot make room for 2 pairs: open /nowhere/max: no such file or directory" {
		t.Errorf("got %v", err)
	}
	path := filepath.Join(t.TempDir(), "max")
	if err := os.WriteFile(path, []byte("much"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := makeRoom(path, 2); errorText(err) != `cannot make room for 2 pairs: `+path+`: got "much", want a number` {
		t.Errorf("got %v", err)
	}
}
