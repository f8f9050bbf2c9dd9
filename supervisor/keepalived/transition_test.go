package keepalived

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParseLine(t *testing.T) {
	for _, test := range []struct {
		line string
		want Transition
	}{
		{`INSTANCE "VI_1" MASTER 150`, Transition{Name: "VI_1", State: Master, Priority: 150}},
		{`INSTANCE "VI_1" BACKUP 0`, Transition{Name: "VI_1", State: Backup}},
		{`INSTANCE "api v6" FAULT 255`, Transition{Name: "api v6", State: Fault, Priority: 255}},
		{`GROUP "all" STOP 1`, Transition{Group: true, Name: "all", State: Stop, Priority: 1}},
		{`INSTANCE "VI_1" MASTER_RX_LOWER_PRI 150`, Transition{Name: "VI_1", State: "MASTER_RX_LOWER_PRI", Priority: 150}},
		{`INSTANCE "a"b" MASTER 150`, Transition{Name: `a"b`, State: Master, Priority: 150}},
	} {
		t.Run(test.line, func(t *testing.T) {
			got, err := ParseLine(test.line)
			if diff := cmp.Diff(test.want, got); err != nil || diff != "" {
				t.Errorf("%v (-want +got)\n%s", err, diff)
			}
		})
	}
}

func TestParseLineRefuses(t *testing.T) {
	for _, test := range []struct{ name, line, want string }{
		{"nothing", "", `cannot read keepalived's line "": it starts with neither INSTANCE nor GROUP`},
		{"another kind", `VRRP "x" MASTER 1`, `cannot read keepalived's line "VRRP \"x\" MASTER 1": it starts with neither INSTANCE nor GROUP`},
		{"no quotes", "INSTANCE x MASTER 1", `cannot read keepalived's line "INSTANCE x MASTER 1": it has no quoted name`},
		{"one quote", `INSTANCE "x MASTER 1`, `cannot read keepalived's line "INSTANCE \"x MASTER 1": it has no quoted name`},
		{"no name", `INSTANCE "" MASTER 1`, `cannot read keepalived's line "INSTANCE \"\" MASTER 1": it has no quoted name`},
		{"no priority", `INSTANCE "x" MASTER`, `cannot read keepalived's line "INSTANCE \"x\" MASTER": got 1 words after the name, want a state and a priority`},
		{"more than a line has", `INSTANCE "x" MASTER 1 2`, `cannot read keepalived's line "INSTANCE \"x\" MASTER 1 2": got 3 words after the name, want a state and a priority`},
		{"a priority in words", `INSTANCE "x" MASTER high`, `cannot read keepalived's line "INSTANCE \"x\" MASTER high": got priority "high", want 0 to 255`},
		{"a priority too high", `INSTANCE "x" MASTER 256`, `cannot read keepalived's line "INSTANCE \"x\" MASTER 256": got priority "256", want 0 to 255`},
	} {
		t.Run(test.name, func(t *testing.T) {
			if _, err := ParseLine(test.line); err == nil || err.Error() != test.want {
				t.Errorf("got  %v\nwant %s", err, test.want)
			}
		})
	}
}

func FuzzParseLine(f *testing.F) {
	for _, seed := range []string{`INSTANCE "VI_1" MASTER 150`, `GROUP "g" STOP 0`, `INSTANCE "`, "INSTANCE \"\xff\" \x00 1", ""} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, line string) {
		got, err := ParseLine(line)
		if err == nil && (got.Name == "" || got.State == "" || got.Priority < 0 || got.Priority > 255) {
			t.Errorf("got %+v", got)
		}
	})
}

// However the bytes are cut, the lines are the same.
func FuzzSplitter(f *testing.F) {
	f.Add("one\ntwo\n\nthree", 2)
	f.Add(strings.Repeat("x", longestLine+1)+"\nnext\n", 7)
	f.Add(strings.Repeat("x", longestLine)+"\nnext\n", longestLine)
	f.Fuzz(func(t *testing.T, text string, size int) {
		if whole, pieces := split(text, len(text)+1), split(text, max(1, size)); !slices.Equal(whole, pieces) {
			t.Errorf("whole %q, in pieces %q", whole, pieces)
		}
	})
}

func split(text string, size int) (lines []string) {
	var s splitter
	for data := []byte(text); len(data) > 0; {
		n := min(size, len(data))
		s.feed(data[:n], func(line string, err error) {
			if err != nil {
				line = err.Error()
			}
			lines = append(lines, line)
		})
		data = data[n:]
	}
	return lines
}

func TestSplitter(t *testing.T) {
	long := strings.Repeat("x", longestLine)
	for _, test := range []struct {
		name, text string
		want       []string
	}{
		{"lines", "a\nb\n", []string{"a", "b"}},
		{"empty ones are none", "\n\na\n\n", []string{"a"}},
		{"a partial one is kept", "a\nb", []string{"a"}},
		{"the longest", long + "\nb\n", []string{long, "b"}},
		{"too long", long + "x\nb\n", []string{errLongLine.Error(), "b"}},
		{"much too long", strings.Repeat(long, 9) + "\nb\n", []string{errLongLine.Error(), "b"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			for _, size := range []int{1, 3, 1000, 100000} {
				if diff := cmp.Diff(test.want, split(test.text, size)); diff != "" {
					t.Errorf("in pieces of %d (-want +got)\n%s", size, diff)
				}
			}
		})
	}
}
