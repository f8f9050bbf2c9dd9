package story

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestWrap(t *testing.T) {
	for _, row := range []struct {
		name, line string
		width      int
		want       []string
	}{
		{"short", "one two", 20, []string{"one two"}},
		{"empty", "", 20, []string{""}},
		{"as wide as allowed", "one two", 7, []string{"one two"}},
		{"wider", "one two three", 8, []string{"one two", "  three"}},
		{"a break at the very edge", "one two three", 7, []string{"one two", "  three"}},
		{"indented", "  one two three", 10, []string{"  one two", "    three"}},
		{"several breaks", "a b c d e f", 5, []string{"a b c", "  d e", "  f"}},
		{"a word that is too long", "unbreakable", 5, []string{"unbreakable"}},
		{"a word that is too long, and more", "unbreakable thing here", 8, []string{"unbreakable", "  thing", "  here"}},
		{"letters of more than a byte", "·· ·· ··", 5, []string{"·· ··", "  ··"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			if diff := cmp.Diff(row.want, wrap(row.line, row.width)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func FuzzWrap(f *testing.F) {
	f.Add("/etc/lbsup/lbsup.yaml:9:7: vrrp.instances[0]: cannot do without router_id", 30)
	f.Add("  → did you mean \"router_id\"?", 12)
	f.Fuzz(func(t *testing.T, line string, width int) {
		if strings.ContainsAny(line, "\n\t") || width < 1 || width > 200 {
			return
		}
		got := strings.Join(wrap(line, width), " ")
		if diff := cmp.Diff(strings.Fields(line), strings.Fields(got)); diff != "" {
			t.Errorf("words were lost (-want +got)\n%s", diff)
		}
	})
}

func TestTrim(t *testing.T) {
	for _, row := range []struct {
		name, line string
		unicode    bool
		want       string
	}{
		{"short", "12345678", true, "12345678"},
		{"long", "123456789", true, "1234567…"},
		{"long, in ASCII", "123456789", false, "12345..."},
		{"a space at the cut", "123456 789", true, "123456…"},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got := (Style{Unicode: row.unicode}).trim(row.line, 8); got != row.want {
				t.Errorf("got %q, want %q", got, row.want)
			}
		})
	}
}

func TestExcerpt(t *testing.T) {
	const output = "cluster a · well\n\nVirtual addresses\n  ✓ VI_1\n\nChecks\n  ✓ haproxy\n\nLast change\n  ✓ live\n"
	for _, row := range []struct {
		name     string
		sections []string
		want     string
	}{
		{"the head alone", nil, "cluster a · well"},
		{"in the output's order", []string{"Last change", "Virtual addresses"}, "cluster a · well\nVirtual addresses\n  ✓ VI_1\nLast change\n  ✓ live"},
		{"one that is not there", []string{"What is wrong"}, "cluster a · well"},
	} {
		t.Run(row.name, func(t *testing.T) {
			if diff := cmp.Diff(row.want, Excerpt(output, row.sections...)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}
