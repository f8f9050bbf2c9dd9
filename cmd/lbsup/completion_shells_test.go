package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lbsup/lbsup/test/need"
)

// shell runs a script in a real shell, with the completion as $1, and returns what it printed, without the descriptions and in order.
func shell(t *testing.T, name, file string, script string, args ...string) []string {
	t.Helper()
	program, err := exec.LookPath(name)
	need.NoError(t, err)
	flags := map[string][]string{"bash": {"--norc", "-c", script, "sh"}, "zsh": {"-fc", script, "sh"}, "fish": {"--no-config", "-c", script}}[name]
	cmd := exec.CommandContext(t.Context(), program, append(append(flags, filepath.Join(completion, file)), args...)...)
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir(), "LC_ALL=C"}
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	var words []string
	for line := range strings.Lines(string(out)) {
		word, _, _ := strings.Cut(strings.TrimSpace(line), "\t")
		words = append(words, word)
	}
	slices.Sort(words)
	return words
}

// The shells themselves complete these lines.
func TestCompletionInShells(t *testing.T) {
	all := names()
	slices.Sort(all)
	for _, row := range []struct {
		name, line string
		want       []string
	}{
		{"the start of a command", "lbsup hist", []string{"history"}},
		{"every command", "lbsup ", all},
		{"a command behind a flag with a value", "lbsup --socket x hist", []string{"history"}},
		{"a flag of a command", "lbsup status --js", []string{"--json"}},
		{"a flag of every command", "lbsup status --no-c", []string{"--no-color"}},
		{"the subject of help", "lbsup help hist", []string{"history"}},
	} {
		t.Run("bash "+row.name, func(t *testing.T) {
			const script = `source "$1"; read -ra COMP_WORDS <<<"$2"; [[ $2 != *" " ]] || COMP_WORDS+=("")
				COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _lbsup; printf '%s\n' "${COMPREPLY[@]}"`
			if diff := cmp.Diff(row.want, shell(t, "bash", "lbsup.bash", script, row.line)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
		t.Run("fish "+row.name, func(t *testing.T) {
			if diff := cmp.Diff(row.want, shell(t, "fish", "lbsup.fish", `source $argv[1]; complete -C "$argv[2]"`, row.line)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
	// zsh completes for people at a terminal only: so what it would be told.
	t.Run("zsh", func(t *testing.T) {
		const script = `words=(lbsup status --js)
			_arguments() { if [[ $1 == -C ]]; then state=argument; words=(status); else print -l -- "$@"; fi }
			source "$1"`
		want := []string{"--help[this help]", "--json[everything, for programs; keys are added and never change]",
			"--no-color[no colours, also on a terminal]", "--socket=[the supervisor's control socket]:socket:_files",
			"--watch[shown anew each second, until interrupted]"}
		if diff := cmp.Diff(want, shell(t, "zsh", "lbsup.zsh", script)); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	})
}
