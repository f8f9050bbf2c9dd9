package standin

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

func TestAlive(t *testing.T) {
	for _, row := range []struct {
		name, stat string
		want       bool
	}{
		{"running", "12 (haproxy) S 1 12", true},
		{"stopped is not ended", "12 (haproxy) T 1 12", true},
		{"ended and not waited for", "12 (haproxy) Z 1 12", false},
		{"another name", "12 (haproxy2) S 1 12", false},
		{"a name with parentheses", "12 (a) (haproxy) S 1", false},
		{"cut short", "12 (haproxy)", false},
		{"nothing", "", false},
		{"wrong way round", ")haproxy( S", false},
	} {
		if got := alive(row.stat, "haproxy"); got != row.want {
			t.Errorf("%s: got %v", row.name, got)
		}
	}
}

func FuzzAlive(f *testing.F) {
	f.Add("12 (haproxy) S 1 12")
	f.Add(")(")
	f.Fuzz(func(t *testing.T, stat string) {
		if alive(stat, "haproxy") && len(stat) < len("(haproxy)S") {
			t.Errorf("%q is alive", stat)
		}
	})
}

// The file follows a process of its own name through two lives.
func TestFollow(t *testing.T) {
	dir := t.TempDir()
	program, file := filepath.Join(dir, "standin-sleep"), filepath.Join(dir, "track")
	if err := os.Symlink("/bin/sleep", program); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- Follow(ctx, "standin-sleep", file) }()
	expect(t, file, "1\n")
	for range 2 {
		cmd := exec.CommandContext(t.Context(), program, "60")
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		expect(t, file, "0\n")
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		expect(t, file, "1\n") // before anybody has waited for it
		_ = cmd.Wait()
	}
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func TestFollowCannotWrite(t *testing.T) {
	err := Follow(t.Context(), "no-such-process", "/nonexistent/track")
	if want := `cannot write track file "/nonexistent/track": open /nonexistent/track: no such file or directory`; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func expect(t *testing.T, file, want string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	for {
		if text, err := os.ReadFile(file); err == nil && string(text) == want {
			return
		}
		select {
		case <-time.After(time.Millisecond):
		case <-ctx.Done():
			t.Fatalf("the file never was %q", want)
		}
	}
}
