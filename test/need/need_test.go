package need

import (
	"errors"
	"fmt"
	"runtime"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// witness is a test that only writes down how it ended.
type witness struct {
	testing.TB
	ended string
}

func (*witness) Helper() {}

func (w *witness) Skip(args ...any) {
	w.ended = "skipped: " + fmt.Sprint(args...)
	runtime.Goexit()
}

func (w *witness) Fatal(args ...any) {
	w.ended = "failed: " + fmt.Sprint(args...)
	runtime.Goexit()
}

// of is how a test ends that needs this.
func of(needs func(testing.TB)) string {
	w := &witness{ended: "went on"}
	done := make(chan struct{})
	go func() {
		defer close(done)
		needs(w)
	}()
	<-done
	return w.ended
}

var (
	laptop = map[string]string{"CI": "", "LBSUP_TEST_ALL": ""}
	ci     = map[string]string{"CI": "true", "LBSUP_TEST_ALL": ""}
	all    = map[string]string{"CI": "", "LBSUP_TEST_ALL": "1"}
)

func TestNeed(t *testing.T) {
	for _, row := range []struct {
		name  string
		where map[string]string
		needs func(testing.TB)
		want  string
	}{
		{"a program that is there", ci, func(t testing.TB) { Programs(t, "sh", "ls") }, "went on"},
		{"a program on a laptop", laptop, func(t testing.TB) { Programs(t, "sh", "no-such-program") }, "skipped: this test needs no-such-program"},
		{"a program in CI", ci, func(t testing.TB) { Programs(t, "no-such-program") }, "failed: this test needs no-such-program"},
		{"a program where all is tested", all, func(t testing.TB) { Programs(t, "no-such-program") }, "failed: this test needs no-such-program"},
		{"no program", ci, func(t testing.TB) { Programs(t) }, "went on"},
		{"what is there", ci, func(t testing.TB) { That(t, true, "a moon") }, "went on"},
		{"what is not, on a laptop", laptop, func(t testing.TB) { That(t, false, "a moon") }, "skipped: this test needs a moon"},
		{"what is not, in CI", ci, func(t testing.TB) { That(t, false, "a moon") }, "failed: this test needs a moon"},
		{"no error", ci, func(t testing.TB) { NoError(t, nil) }, "went on"},
		{"an error on a laptop", laptop, func(t testing.TB) { NoError(t, errors.New("cannot fly")) }, "skipped: cannot fly"},
		{"an error in CI", ci, func(t testing.TB) { NoError(t, errors.New("cannot fly")) }, "failed: cannot fly"},
		{"CI that says something else", map[string]string{"CI": "1", "LBSUP_TEST_ALL": "true"}, func(t testing.TB) { That(t, false, "a moon") }, "skipped: this test needs a moon"},
	} {
		t.Run(row.name, func(t *testing.T) {
			for key, value := range row.where {
				t.Setenv(key, value)
			}
			if diff := cmp.Diff(row.want, of(row.needs)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}
