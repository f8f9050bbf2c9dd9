package store

import (
	"os"
	"testing"
)

// Whatever stands on the disk, it can be opened, read and written on, and what is written is read.
func FuzzSegment(f *testing.F) {
	f.Add([]byte(""))
	f.Add([]byte("{}\n"))
	f.Add([]byte(`{"time":"2026-01-02T02:13:07Z","kind":"check","text":"x"}` + "\n"))
	f.Add([]byte(`{"time":"2026-01-02T02:13:07Z","kind":"check","text":"x"}` + "\n" + `{"time":"2026`))
	f.Add([]byte("\n\n\x00\xff\n[1,2]\nnull\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		dir := t.TempDir()
		if err := os.WriteFile(path(dir, 1), text, 0o600); err != nil {
			t.Fatal(err)
		}
		before, _ := readAll(t, NewReader(dir))
		s, dropped, err := Open(dir, Usual)
		if err != nil || dropped > int64(len(text)) {
			t.Fatalf("dropped %d of %d bytes, %v", dropped, len(text), err)
		}
		add(t, s, numbered(0, 2))
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		after, _ := readAll(t, NewReader(dir))
		if len(after) != len(before)+2 || after[len(after)-1].Text != "moment 1" {
			t.Errorf("before there were %d moments, then %d", len(before), len(after))
		}
		if last, err := Last(dir); err != nil || last.Text != "moment 1" {
			t.Errorf("the last one is %v, %v", last, err)
		}
	})
}
