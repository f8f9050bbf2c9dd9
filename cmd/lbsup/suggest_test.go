package main

import "testing"

func TestDidYouMean(t *testing.T) {
	for _, row := range []struct{ word, want string }{
		{"relaod", "did you mean reload?"},
		{"statsu", "did you mean status?"},
		{"stat", "did you mean status?"},
		{"rollbak", "did you mean rollback?"},
		{"pln", "did you mean plan?"},
		{"xyzzy", ""},
		{"", ""},
		{"a-very-long-word-that-is-no-command", ""},
	} {
		t.Run(row.word, func(t *testing.T) {
			if got := didYouMean(row.word, names()); got != row.want {
				t.Errorf("got %q, want %q", got, row.want)
			}
		})
	}
}

func TestEdits(t *testing.T) {
	for _, row := range []struct {
		a, b string
		want int
	}{
		{"", "", 0}, {"a", "a", 0}, {"", "abc", 3}, {"abc", "", 3}, {"abc", "abd", 1}, {"abc", "acb", 1}, {"abcd", "acbd", 1}, {"kitten", "sitting", 3},
	} {
		if got := edits(row.a, row.b); got != row.want {
			t.Errorf("edits(%q, %q) = %d, want %d", row.a, row.b, got, row.want)
		}
		if got := edits(row.b, row.a); got != row.want {
			t.Errorf("edits(%q, %q) = %d, want %d", row.b, row.a, got, row.want)
		}
	}
}
