package selinux

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	prerequisite "github.com/lbsup/lbsup/test/need"
)

const source = "../../selinux"

var (
	stub   = []string{"classes.cil", "types.cil", "never.cil", "frame.cil"}
	module = []string{"lbsup.cil", "lbsup_ports.cil"}
)

// text is the source of a policy, file by file.
type text map[string]string

// full is the stub with the module, as they are.
func full(t *testing.T) text {
	t.Helper()
	all := text{}
	for _, name := range stub {
		all[name] = read(t, filepath.Join(source, "stub", name))
	}
	for _, name := range module {
		all[name] = read(t, filepath.Join(source, name))
	}
	return all
}

func read(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// policy is a compiled one.
type policy struct {
	binary, contexts string
	words            string // of the compiler
}

// compile has secilc make a policy; err is that of the compiler.
func compile(t *testing.T, src text) (policy, error) {
	t.Helper()
	prerequisite.Programs(t, "secilc", "sesearch", "seinfo", "matchpathcon")
	dir := t.TempDir()
	p := policy{binary: filepath.Join(dir, "policy"), contexts: filepath.Join(dir, "file_contexts")}
	arguments := []string{"-vvv", "-o", p.binary, "-f", p.contexts}
	for name, content := range src {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		arguments = append(arguments, path)
	}
	out, err := exec.CommandContext(t.Context(), "secilc", arguments...).CombinedOutput()
	p.words = string(out)
	return p, err
}

// mustCompile wants the whole policy: nothing optional left out.
func mustCompile(t *testing.T, src text) policy {
	t.Helper()
	p, err := compile(t, src)
	if err != nil {
		t.Fatalf("%v\n%s", err, p.words)
	}
	if left := p.leftOut(); len(left) > 0 {
		t.Fatalf("left out: %s", strings.Join(left, ", "))
	}
	return p
}

// leftOut are the optional blocks that were, as the compiler tells.
func (p policy) leftOut() []string {
	var names []string
	for line := range strings.Lines(p.words) {
		if _, rest, found := strings.Cut(line, "Disabling optional '"); found {
			name, _, _ := strings.Cut(rest, "'")
			names = append(names, name)
		}
	}
	return names
}

// ask runs one of setools' programs.
func ask(t *testing.T, name string, arguments ...string) string {
	t.Helper()
	var stderr bytes.Buffer
	cmd := exec.CommandContext(t.Context(), name, arguments...)
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s", name, err, stderr.String())
	}
	return string(out)
}
