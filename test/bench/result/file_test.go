package result

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "deep", "failover.jsonl")
	if rows, err := Read(path); err != nil || rows != nil {
		t.Fatalf("a file that is not there: got %v, %v", rows, err)
	}
	at := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	first := Summary(Row{Bench: "failover", Subject: "lbsup", Case: "a", Unit: Milliseconds, At: at}, []float64{1.5, 2})
	second := Summary(Row{Bench: "failover", Subject: "lbsup", Case: "b", Unit: Milliseconds, Limit: 60000, At: at}, []float64{float64(Never())})
	again := Summary(first, []float64{3})
	for _, row := range []Row{first, second, again} {
		if err := Put(path, row); err != nil {
			t.Fatal(err)
		}
	}
	rows, err := Read(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]Row{again, second}, rows); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"bench":"failover","subject":"lbsup","case":"a","n":1,"median":3,"p99":3,"max":3,"unit":"ms","raw":[3],"at":"2026-11-20T12:00:00Z"}
{"bench":"failover","subject":"lbsup","case":"b","n":1,"median":null,"p99":null,"max":null,"unit":"ms","raw":[null],"limit":60000,"at":"2026-11-20T12:00:00Z"}
`
	if diff := cmp.Diff(want, string(text)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestNumberIsRounded(t *testing.T) {
	text, err := Number(11.24649).MarshalJSON()
	if err != nil || string(text) != "11.246" {
		t.Errorf("got %s, %v", text, err)
	}
}

func TestBadFiles(t *testing.T) {
	for _, row := range []struct{ name, text, want string }{
		{"not JSON", "{}\nhello\n", "line 2: invalid character 'h' looking for beginning of value"},
		{"a text for a number", `{"median":"1"}`, `line 1: json: cannot unmarshal string into Go struct field Row.median of type float64`},
	} {
		t.Run(row.name, func(t *testing.T) {
			_, err := parse(strings.NewReader(row.text))
			if err == nil || err.Error() != row.want {
				t.Errorf("got %v, want %s", err, row.want)
			}
		})
	}
}

func TestPutKeepsWhatItCannotRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.jsonl")
	if err := os.WriteFile(path, []byte("hello\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := Put(path, Row{}); err == nil {
		t.Error("a file that cannot be read was written over")
	}
	if text, err := os.ReadFile(path); err != nil || string(text) != "hello\n" {
		t.Errorf("got %q, %v", text, err)
	}
}

// FuzzParse checks that what was read can be written and read again.
func FuzzParse(f *testing.F) {
	f.Add([]byte(`{"bench":"failover","subject":"lbsup","case":"a","n":1,"median":3,"p99":null,"max":3,"unit":"ms","raw":[3,null],"at":"2026-11-20T12:00:00Z"}`))
	f.Add([]byte("{}\n{}\n"))
	f.Add([]byte(`{"median":1e400}`))
	f.Add([]byte("\x00"))
	f.Fuzz(func(t *testing.T, text []byte) {
		rows, err := parse(strings.NewReader(string(text)))
		if err != nil {
			return
		}
		path := filepath.Join(t.TempDir(), "x.jsonl")
		for _, row := range rows {
			if err := Put(path, row); err != nil {
				t.Fatalf("what was read cannot be written: %v", err)
			}
		}
		if _, err := Read(path); err != nil {
			t.Fatalf("what was written cannot be read: %v", err)
		}
	})
}
