package report

import (
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestTable(t *testing.T) {
	var b strings.Builder
	Table(&b, example())
	golden(t, "table.txt", b.String())
}

func TestMarkdown(t *testing.T) { golden(t, "table.md", Markdown(example(), 2)) }

func TestPlain(t *testing.T) {
	var b strings.Builder
	Plain(&b, example()[:3])
	golden(t, "plain.txt", b.String())
}

func TestPlot(t *testing.T) {
	text := Plot(example())
	golden(t, "plot.svg", text)
	decoder := xml.NewDecoder(strings.NewReader(text))
	for {
		if _, err := decoder.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
	if strings.Contains(text, "NaN") || strings.Contains(text, "Inf") {
		t.Error("a place in the plot is no number")
	}
	if strings.Contains(text, "both HAProxies dead") {
		t.Error("what nobody else was measured in has no place in a comparison")
	}
}

func TestNothingMeasured(t *testing.T) {
	var b strings.Builder
	Table(&b, nil)
	if Markdown(nil, 2) == "" || Plot(nil) == "" || b.Len() == 0 {
		t.Error("nothing is said")
	}
}

func TestEverySubjectHasItsColour(t *testing.T) {
	seen := map[string]bool{}
	for _, colour := range colours {
		seen[colour] = true
	}
	if len(seen) != 5 {
		t.Errorf("got %d colours, want 5", len(seen))
	}
}

func TestSplice(t *testing.T) {
	const page = "before\n<!-- bench:failover -->\nold\n<!-- /bench:failover -->\nafter\n"
	got, err := Splice(page, "failover", "\nnew\n\n")
	if want := "before\n<!-- bench:failover -->\nnew\n<!-- /bench:failover -->\nafter\n"; err != nil || got != want {
		t.Errorf("got %q, %v, want %q", got, err, want)
	}
	again, err := Splice(got, "failover", "new")
	if err != nil || again != got {
		t.Errorf("a second time changes it: %q, %v", again, err)
	}
	for _, row := range []struct{ name, page, want string }{
		{"no marker", "x", `cannot find "<!-- bench:failover -->" in the page`},
		{"no end", "<!-- bench:failover -->", `cannot find "<!-- /bench:failover -->" after "<!-- bench:failover -->" in the page`},
		{"wrong order", "<!-- /bench:failover --><!-- bench:failover -->", `cannot find "<!-- /bench:failover -->" after "<!-- bench:failover -->" in the page`},
	} {
		if _, err := Splice(row.page, "failover", "new"); err == nil || err.Error() != row.want {
			t.Errorf("%s: got %v, want %s", row.name, err, row.want)
		}
	}
}
