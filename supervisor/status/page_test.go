package status

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func printed(t *testing.T, style Style, draw func(*page)) string {
	t.Helper()
	p := &page{Style: style}
	draw(p)
	var out bytes.Buffer
	if err := p.writeTo(&out); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestWrap(t *testing.T) {
	for _, row := range []struct {
		name         string
		width        int
		indent       int
		text, wanted string
	}{
		{"fits", 30, 2, "one two three", "  one two three\n"},
		{"no width", 0, 2, strings.Repeat("word ", 60) + "end", "  " + strings.Repeat("word ", 60) + "end\n"},
		{"just fits", 22, 2, "one two three four x", "  one two three four x\n"},
		{"one too many", 22, 2, "one two three four xy", "  one two three four\n  xy\n"},
		{"a word that is too long stays whole", 22, 0, "a /very/long/path/that/nobody/should/break b", "a\n/very/long/path/that/nobody/should/break\nb\n"},
		{"a terminal that is too narrow to wrap well", 5, 2, "one two three four five six", "  one two three four\n  five six\n"},
		{"blanks inside stay", 40, 0, "one   two", "one   two\n"},
	} {
		t.Run(row.name, func(t *testing.T) {
			got := printed(t, Style{Width: row.width}, func(p *page) { p.put(row.indent, say(row.text)) })
			if diff := cmp.Diff(row.wanted, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestTable(t *testing.T) {
	rows := func() []row {
		return []row{
			{cells: []line{say("a"), say("bbbb"), say("the last one")}},
			{cells: []line{say("ccc"), say("d"), say("is wrapped under itself")}, under: []row{{cells: []line{say("x"), say("y")}}}},
			{cells: []line{say("short")}},
		}
	}
	for _, row := range []struct {
		name  string
		style Style
		want  string
	}{
		{"wide", Style{Unicode: true}, "  a    bbbb  the last one\n  ccc  d     is wrapped under itself\n      x  y\n  short\n"},
		{"narrow", Style{Width: 34, Unicode: true}, "  a    bbbb  the last one\n  ccc  d     is wrapped under\n             itself\n      x  y\n  short\n"},
	} {
		t.Run(row.name, func(t *testing.T) {
			got := printed(t, row.style, func(p *page) { p.table(2, rows()) })
			if diff := cmp.Diff(row.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// Columns are as wide as what is seen, not as its bytes or its colours.
func TestTableCountsCharacters(t *testing.T) {
	rows := []row{
		{cells: []line{{{"größe", bad}}, say("1")}},
		{cells: []line{say("size"), say("2")}},
	}
	got := printed(t, Style{Unicode: true, Colour: true}, func(p *page) { p.table(0, rows) })
	if diff := cmp.Diff("\x1b[1;31mgröße\x1b[0m  1\nsize   2\n", got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestClean(t *testing.T) {
	for _, row := range []struct{ name, text, unicode, ascii string }{
		{"plain", "plain text", "plain text", "plain text"},
		{"several lines", "a\nb\tc\r\nd", "a b c  d", "a b c  d"},
		{"an escape sequence", "\x1b[2Jgone", "\uFFFD[2Jgone", "?[2Jgone"},
		{"a C1 control", "\u009b31m", "\uFFFD31m", "?31m"},
		{"right to left", "a\u202eb", "a\uFFFDb", "a?b"},
		{"not UTF-8", "a\xffb", "a\uFFFDb", "a?b"},
		{"letters", "größe", "größe", "gr??e"},
		{"our own signs", "a → b … 3×", "a → b … 3×", "a -> b ... 3x"},
		{"delete", "a\x7fb", "a\uFFFDb", "a?b"},
	} {
		t.Run(row.name, func(t *testing.T) {
			got := [2]string{Style{Unicode: true}.clean(row.text), Style{}.clean(row.text)}
			if want := [2]string{row.unicode, row.ascii}; got != want {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
}

func TestMarksAreOfOneWidth(t *testing.T) {
	for _, style := range []Style{{}, {Unicode: true}} {
		for _, mark := range []tone{plain, faint, good, warn, bad} {
			if got := (line{style.mark(mark)}).width(); got != style.marked() {
				t.Errorf("%+v: mark %q is %d wide, want %d", style, style.mark(mark).text, got, style.marked())
			}
		}
	}
}

// full is a disk without room.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space left") }

func TestWhatCannotBeWritten(t *testing.T) {
	for name, print := range map[string]func(io.Writer) error{
		"Text":         func(w io.Writer) error { return Text(w, holder(), wide) },
		"ChecksText":   func(w io.Writer) error { return ChecksText(w, holder(), wide) },
		"ChangeText":   func(w io.Writer) error { return ChangeText(w, *holder().Change, now, wide) },
		"PlanText":     func(w io.Writer) error { return PlanText(w, Plan{}, wide) },
		"HistoryText":  func(w io.Writer) error { return HistoryText(w, nil, now, wide) },
		"HistoryText1": func(w io.Writer) error { return HistoryText(w, []Entry{{}}, now, wide) },
		"RemarksText":  func(w io.Writer) error { return RemarksText(w, Remark{}, nil, "", wide) },
	} {
		if err := print(full{}); err == nil {
			t.Errorf("%s: got no error, want that there is no space left", name)
		}
	}
}
