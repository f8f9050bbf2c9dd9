package haproxy

import (
	"strings"
	"testing"
)

func TestQuote(t *testing.T) {
	for _, c := range []struct{ name, text, want, err string }{
		{"plain", "GET", "GET", ""},
		{"an address", "[2001:db8::1]:443", "[2001:db8::1]:443", ""},
		{"empty", "", "''", ""},
		{"a blank", "two words", "'two words'", ""},
		{"a comment", "a#b", "'a#b'", ""},
		{"a variable", "$HOME", "'$HOME'", ""},
		{"braces", "{a}", "'{a}'", ""},
		{"a backslash", `a\b`, `'a\b'`, ""},
		{"double quotes", `say "hi"`, `'say "hi"'`, ""},
		{"a single quote", "it's", `'it'\''s'`, ""},
		{"letters of the world", "grün", "'grün'", ""},
		{"a second line", "a\nlog 192.0.2.1 local0", "", "cannot write a control character (0x0a) into HAProxy's configuration"},
		{"NUL", "a\x00b", "", "cannot write a control character (0x00) into HAProxy's configuration"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := quote(c.text)
			if got != c.want || message(err) != c.err {
				t.Errorf("quote(%q): got %s and %q, want %s and %q", c.text, got, message(err), c.want, c.err)
			}
		})
	}
}

// FuzzQuote reads what was quoted as the manual says (2.2) and wants the same text back as a single word.
func FuzzQuote(f *testing.F) {
	for _, s := range []string{"", "a b", "it's", `\`, `\'`, "#", "$A", `"`, "''", "a\nb", "\x7f", "\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		quoted, err := quote(text)
		if err != nil {
			return
		}
		words := readWords(t, quoted)
		if len(words) != 1 || words[0] != text {
			t.Errorf("%q is quoted as %s and read as %q", text, quoted, words)
		}
	})
}

// readWords splits a line as HAProxy does: single quotes are literal, a backslash escapes outside of them, a hash outside of
// quotes ends the line, a blank a word. Double quotes, in which variables are replaced, must not occur.
func readWords(t *testing.T, line string) []string {
	t.Helper()
	var words []string
	var word strings.Builder
	begun, quoted := false, false
	for i := 0; i < len(line); i++ {
		switch b := line[i]; {
		case b < ' ' || b == 0x7f:
			t.Fatalf("a control character in %q", line)
		case b == '\'':
			quoted, begun = !quoted, true
		case quoted:
			word.WriteByte(b)
		case b == '"' || b == '$':
			t.Fatalf("HAProxy would replace something in %q", line)
		case b == '\\':
			i++
			word.WriteByte(line[i])
		case b == '#':
			i = len(line)
		case b == ' ':
			words, begun = append(words, word.String()), false
			word.Reset()
		default:
			begun = true
			word.WriteByte(b)
		}
	}
	if quoted {
		t.Fatalf("a quote is open at the end of %q", line)
	}
	if begun {
		words = append(words, word.String())
	}
	return words
}

func TestLiteral(t *testing.T) {
	if got, want := literal("100% %[src]"), "100%% %%[src]"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
