package main

import (
	"bytes"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// A step is something told after some time.
type step struct {
	after time.Duration
	text  string
}

func TestProgress(t *testing.T) {
	for _, row := range []struct {
		name  string
		steps []step
		end   time.Duration
		want  string
	}{
		{"what is quick is silent", []step{{0, "applying"}, {time.Second, "activating"}}, 500 * time.Millisecond, ""},
		{"slow", []step{{0, "applying"}, {time.Second, "activating"}}, 5 * time.Second, "activating ...\n"},
		{"and on", []step{{0, "applying"}, {3 * time.Second, "activating"}, {time.Second, "verifying"}}, 0,
			"applying ...\nactivating ...\nverifying ...\n"},
		{"nothing to tell", nil, time.Minute, ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var out bytes.Buffer
				g := newProgress(&out)
				for _, s := range row.steps {
					time.Sleep(s.after)
					synctest.Wait()
					g.tell(s.text)
				}
				time.Sleep(row.end)
				synctest.Wait()
				g.done()
				time.Sleep(time.Hour)
				synctest.Wait()
				if diff := cmp.Diff(row.want, out.String()); diff != "" {
					t.Errorf("(-want +got)\n%s", diff)
				}
			})
		})
	}
}
