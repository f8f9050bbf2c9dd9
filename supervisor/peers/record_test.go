package peers

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"github.com/lbsup/lbsup/supervisor/status"
)

func texts(ms []status.Moment) (all []string) {
	for _, m := range ms {
		all = append(all, m.Node+" "+m.Text)
	}
	return all
}

// What a node has on record is asked for in its own time, and told with how far its clock is off.
func TestRecall(t *testing.T) {
	one, two := pair(t)
	ahead := func() time.Time { return time.Now().Add(5 * time.Minute) }
	a := run(t, one, time.Now)
	run(t, two, ahead)
	if got := New(told(one), recorded(one), time.Now).Recall(t.Context(), ten, ten); got != nil {
		t.Errorf("an exchange that is off recalls %v", got)
	}
	until(t, "one hears the other", func() bool { p := a.Peers(); return len(p) == 1 && p[0].Summary != nil && p[0].Trouble == "" })
	var got []status.Recalled
	until(t, "it tells", func() bool {
		got = a.Recall(t.Context(), ten.Add(-7*time.Minute-30*time.Second), ten.Add(-5*time.Minute-30*time.Second))
		return len(got) == 1 && got[0].Trouble == ""
	})
	if diff := cmp.Diff([]string{"lb2 09:58:00", "lb2 09:59:00"}, texts(got[0].Moments)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	off := got[0].Here()[0].Time.Sub(ten.Add(-7 * time.Minute)).Abs()
	if off > got[0].Within+time.Millisecond || got[0].Cut {
		t.Errorf("it is %v off: %+v", off, got[0])
	}
}

// A peer that is known not to answer is not asked, and says why.
func TestRecallOfOneThatIsGone(t *testing.T) {
	one, _ := pair(t)
	a := run(t, one, time.Now)
	until(t, "nobody answers", func() bool { p := a.Peers(); return len(p) == 1 && p[0].Trouble != "" })
	got := a.Recall(t.Context(), time.Time{}, time.Time{})
	if len(got) != 1 || got[0].Node != "lb2" || got[0].Trouble != "connection refused" {
		t.Errorf("got %+v", got)
	}
}

// Whatever a peer answers costs its own lines only.
func TestRecordsThatAreWrong(t *testing.T) {
	says := func(text string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, text) }
	}
	for _, row := range []struct {
		name   string
		answer http.HandlerFunc
		want   string
	}{
		{"an older lbsup", http.NotFound, "it does not know the question: install the same lbsup on both"},
		{"an error", func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "", 500) }, "it answers with HTTP status 500"},
		{"another version", says(`{"protocol":2,"moments":7}`), "it speaks version 2 of this exchange, this node version 1: install the same lbsup on both"},
		{"another node", says(`{"protocol":1,"cluster":"web","node":"lb9"}`), `it says that it is "lb9", and its certificate is of lb2`},
		{"another cluster", says(`{"protocol":1,"cluster":"mail","node":"lb2"}`), `it says that it belongs to cluster "mail", not web`},
		{"no JSON", says("<html>"), "what it tells cannot be read: invalid character '<' looking for beginning of value"},
		{"without end", func(w http.ResponseWriter, _ *http.Request) {
			for _, err := io.WriteString(w, `{"protocol":1,"node":"`); err == nil; {
				_, err = w.Write(bytes.Repeat([]byte("x"), 64<<10))
			}
		}, "it tells more than 524288 bytes"},
	} {
		t.Run(row.name, func(t *testing.T) {
			one, two := pair(t)
			serving(t, two, nil, row.answer)
			ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
			defer cancel()
			r, err := asking(t, one).record(ctx, span{})
			if words(err) != row.want {
				t.Errorf("got %+v, %q, want %q", r, words(err), row.want)
			}
		})
	}
}

// A peer speaks for itself, of the time that it was asked about.
func TestRecordsThatLie(t *testing.T) {
	m := func(at time.Time, node string) status.Moment {
		return status.Moment{Time: at, Node: node, Kind: "role", Text: "\x1b[31m" + at.Format(time.TimeOnly), More: -1}
	}
	text, err := json.Marshal(status.Record{Protocol: 1, Cluster: "web", Node: "lb2", Moments: []status.Moment{
		m(ten, "lb1"), m(ten.Add(-time.Minute), "lb2"), m(ten.AddDate(7000, 0, 0), "lb2"), m(ten.Add(-time.Hour), "lb2"), {Time: ten}, {Kind: "role"},
	}})
	if err != nil {
		t.Fatal(err)
	}
	got, err := readRecord(bytes.NewReader(text), "lb2", span{ten.Add(-time.Minute), ten})
	want := []status.Moment{m(ten.Add(-time.Minute), "lb2"), m(ten, "lb2")}
	for i := range want {
		want[i].Text, want[i].More = "?"+want[i].Text[1:], 0
	}
	if diff := cmp.Diff(want, got.Moments); err != nil || diff != "" {
		t.Errorf("%v (-want +got)\n%s", err, diff)
	}
}

func TestMuchOnRecord(t *testing.T) {
	var all []status.Moment
	for i := range 3 * mostMoments {
		all = append(all, status.Moment{Time: ten.Add(time.Duration(i) * time.Second), Kind: "check", Text: strings.Repeat("x", 1000)})
	}
	newest := all[len(all)-1].Time
	text, err := writeRecord(status.Record{Node: "lb2", Moments: all})
	if err != nil || len(text) > largestRecord {
		t.Fatalf("%d bytes, %v", len(text), err)
	}
	got, err := readRecord(bytes.NewReader(text), "lb2", span{})
	if n := len(got.Moments); err != nil || !got.Cut || n < 100 || n > mostMoments || !got.Moments[n-1].Time.Equal(newest) {
		t.Errorf("%d moments, cut %v, %v", n, got.Cut, err)
	}
}

// One question waits for the other, and a bad one costs nothing.
func TestQuestionsAboutTheRecord(t *testing.T) {
	asked := 0
	a := &answers{clock: time.Now, tell: func() status.Summary { return status.Summary{Cluster: "web", Node: "lb2"} },
		recall: func(time.Time, time.Time, int) ([]status.Moment, bool, error) {
			if asked++; asked == 1 {
				return nil, false, errors.New("the disk hangs")
			}
			return []status.Moment{{Time: ten, Kind: "role"}}, true, nil
		}}
	one, two := pair(t)
	serving(t, two, nil, a.routes())
	q := asking(t, one)
	if _, err := q.get(t.Context(), recordPath+"?from=noon"); words(err) != "it answers with HTTP status 400" {
		t.Error(err)
	}
	if _, err := q.record(t.Context(), span{}); words(err) != "it answers with HTTP status 500" {
		t.Error(err)
	}
	if r, err := q.record(t.Context(), span{}); err != nil || len(r.Moments) != 1 || !r.Cut || asked != 2 {
		t.Errorf("got %+v, %v, asked %d times", r, err, asked)
	}
}

// Whatever is on a peer's record is bounded and printable, or refused.
func FuzzReadRecord(f *testing.F) {
	text, _ := writeRecord(status.Record{Cluster: "web", Node: "lb2", Moments: []status.Moment{{Time: ten, Kind: "role", Fields: map[string]string{"to": "MASTER"}}}})
	f.Add(text)
	f.Add([]byte(`{"protocol":1,"moments":[{"time":"2026-01-02T10:00:00Z","kind":"\u001b[2J","text":"a\nb","fields":{"\u202e":"x"},"more":-7}]}`))
	f.Add([]byte(`{"protocol":1,"moments":[{}],"cut":true}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		r, err := readRecord(bytes.NewReader(text), "lb2", span{to: ten.AddDate(1, 0, 0)})
		if err != nil {
			return
		}
		if len(r.Moments) > mostMoments {
			t.Fatalf("%d moments", len(r.Moments))
		}
		for _, m := range r.Moments {
			all := []string{m.Node, m.Subject, m.Text, m.Reason, m.By, string(m.Kind)}
			for name, value := range m.Fields {
				all = append(all, name, value)
			}
			for _, text := range all {
				if len([]rune(text)) > 300 || strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }) {
					t.Fatalf("got through: %q", text)
				}
			}
			if m.Node != "lb2" || m.Time.IsZero() || m.Time.After(ten.AddDate(1, 0, 0)) || len(m.Fields) > mostFields {
				t.Fatalf("got through: %+v", m)
			}
		}
		if _, err := writeRecord(r); err != nil {
			t.Fatal(err)
		}
	})
}
