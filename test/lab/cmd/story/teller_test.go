package story

import (
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// tell tells a bit of everything.
func tell(style Style) string {
	var out strings.Builder
	t := NewTeller(&out, style)
	t.Title("a pair", "Real daemons on two\n\t\thosts.")
	t.Act(1, "The first")
	t.Say("What is about to happen, in words that do not\n\t\tfit into one line of sixty.")
	t.Command("lb-1", "cat >>f <<END\n  key: value\nEND")
	t.Output("cluster ocp0\n\n  f:1:2: cannot use this key: got \"router_idd\", want name or router_id\n")
	t.Table("generation  when    reason that is far longer than the columns allow\n")
	t.Proof("%d requests, all answered, which is more than enough for a line of sixty columns", 5)
	t.Figures([]Figure{{"HAProxy killed", "silent for 9 ms", "5 requests"}, {"start", "4 s", ""}})
	t.Failure(errors.New("expected a; got b"), "journal\nof two lines")
	t.End("Cleaned up after %s.", "3 s")
	return out.String()
}

func TestTeller(t *testing.T) {
	for _, row := range []struct {
		file  string
		style Style
	}{
		{"testdata/plain.txt", Style{Width: 60}},
		{"testdata/unicode.txt", Style{Width: 60, Unicode: true}},
		{"testdata/colour.txt", Style{Width: 60, Unicode: true, Colour: true}},
	} {
		t.Run(row.file, func(t *testing.T) {
			want, err := os.ReadFile(row.file)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), tell(row.style)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestTellerKeepsToTheWidth(t *testing.T) {
	for line := range strings.Lines(tell(Style{Width: 60})) {
		if width := len([]rune(strings.TrimRight(line, "\n"))); width > 60 {
			t.Errorf("%d columns: %q", width, line)
		}
	}
}

func TestStyleOfALog(t *testing.T) {
	file, err := os.CreateTemp(t.TempDir(), "log")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for _, row := range []struct {
		name        string
		environment map[string]string
		want        Style
		locale      string
	}{
		{"nothing set", nil, Style{Width: widest}, "C"},
		{"LANG", map[string]string{"LANG": "de_DE.UTF-8"}, Style{Width: widest, Unicode: true}, "C.UTF-8"},
		{"LC_ALL wins", map[string]string{"LANG": "de_DE.UTF-8", "LC_ALL": "C"}, Style{Width: widest}, "C"},
		{"LC_CTYPE", map[string]string{"LC_CTYPE": "C.utf8", "LANG": "C"}, Style{Width: widest, Unicode: true}, "C.UTF-8"},
	} {
		t.Run(row.name, func(t *testing.T) {
			got := StyleOf(file, func(name string) string { return row.environment[name] })
			if diff := cmp.Diff(row.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			if got.Locale() != row.locale {
				t.Errorf("got locale %q, want %q", got.Locale(), row.locale)
			}
		})
	}
}
