package checks

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestLine(t *testing.T) {
	for _, tc := range []struct{ name, in, want string }{
		{"plain", "HTTP 200 OK", "HTTP 200 OK"},
		{"empty", "", ""},
		{"several lines", " one\r\n\ttwo \n", "one two"},
		{"terminal escapes", "\x1b]0;title\x07", "?]0;title?"},
		{"not UTF-8", "a\xff\xfeb", "a?b"},
		{"a letter of two bytes", "Gerät", "Gerät"},
		{"too long", strings.Repeat("é", 301), strings.Repeat("é", 299) + "…"},
		{"just fits", strings.Repeat("é", 300), strings.Repeat("é", 300)},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := Line(tc.in); got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

func FuzzLine(f *testing.F) {
	for _, seed := range []string{"", "ok", "a\nb", "\x1b[1m", "\xff", strings.Repeat("x\n", 5000)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, in string) {
		got := Line(in)
		if !utf8.ValidString(got) || utf8.RuneCountInString(got) > lineLimit {
			t.Fatalf("Line(%q) = %q: not valid or too long", in, got)
		}
		for _, r := range got {
			if !unicode.IsPrint(r) {
				t.Fatalf("Line(%q) = %q: has %q", in, got, r)
			}
		}
		if again := Line(got); again != got {
			t.Fatalf("Line(%q) = %q, and again %q", in, got, again)
		}
	})
}
