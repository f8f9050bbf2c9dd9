package main

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// module is a module of two packages, one of which fails.
func module(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"go.mod":           "module example\n\ngo 1.26\n",
		"good/a_test.go":   "package good\n\nimport \"testing\"\n\nfunc TestGood(t *testing.T) { t.Log(\"well\") }\n",
		"bad/b_test.go":    "package bad\n\nimport \"testing\"\n\nfunc TestBad(t *testing.T) {\n\tt.Run(\"row\", func(t *testing.T) { t.Error(\"got 1\\nwant 2\") })\n}\n",
		"broken/c_test.go": "package broken\n\nfunc broken() { x() }\n",
	} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestGoTest(t *testing.T) {
	t.Chdir(module(t))
	for _, row := range []struct {
		name     string
		packages []string
		code     int
		shown    []string
		recap    []string
	}{
		{name: "all is well", packages: []string{"./good"}, shown: []string{"ok  \texample/good"}},
		{name: "a test fails", packages: []string{"./good", "./bad"}, code: 1,
			shown: []string{"ok  \texample/good", "--- FAIL: TestBad/row", "FAIL\texample/bad"},
			recap: []string{"1 ok, 1 failed", "--- FAIL: TestBad (", "    --- FAIL: TestBad/row (", "        b_test.go:6: got 1\n            want 2\n", "FAIL\texample/bad"}},
		{name: "it does not compile", packages: []string{"./broken"}, code: 1,
			shown: []string{"# example/broken"}, recap: []string{"c_test.go:3:17: undefined: x\n", "FAIL\texample/broken [build failed]\n"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			var out strings.Builder
			if code := run(append([]string{"go", "test"}, row.packages...), &out); code != row.code {
				t.Errorf("got %d, want %d", code, row.code)
			}
			shown, recap, found := strings.Cut(out.String(), "\nWhat failed, once more (packages: ")
			if found != (row.code != 0) {
				t.Errorf("recap: %v", found)
			}
			wanted(t, shown, row.shown)
			wanted(t, recap, row.recap)
		})
	}
}

func wanted(t *testing.T, text string, parts []string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("there is no %q in\n%s", part, text)
		}
	}
}

func TestExitCode(t *testing.T) {
	for _, row := range []struct {
		name string
		argv []string
		code int
		want string
	}{
		{"its own", []string{"sh", "-c", "exit 7"}, 7, "\nWhat failed, once more"},
		{"good", []string{"sh", "-c", "echo hello >&2"}, 0, "hello\n"},
		{"a signal", []string{"sh", "-c", "kill -9 $$"}, 1, "\nWhat failed, once more"},
		{"told to end", []string{"sh", "-c", "trap 'exit 3' TERM; kill -TERM $PPID; for _ in $(seq 300); do sleep 0.1; done; exit 9"}, 3, "\nWhat failed"},
		{"no program", []string{"./no-such-program"}, 1, "recap: error: "},
		{"nothing to run", nil, 2, "recap: error: usage: "},
	} {
		t.Run(row.name, func(t *testing.T) {
			var out strings.Builder
			if code := run(row.argv, &out); code != row.code || !strings.HasPrefix(out.String(), row.want) {
				t.Errorf("got %d and %q", code, out.String())
			}
		})
	}
}

// What a test leaves behind holds the pipe, and nobody waits for it.
func TestLeftBehind(t *testing.T) {
	var out strings.Builder
	if code := run([]string{"sh", "-c", "sleep 600 & echo $!"}, &out); code != 0 {
		t.Errorf("got %d", code)
	}
	var pid int
	for _, digit := range strings.TrimSpace(out.String()) {
		pid = pid*10 + int(digit-'0')
	}
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Error(err)
	}
}
