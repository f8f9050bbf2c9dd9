package apply

import (
	"strings"
	"testing"
)

func TestParseRequest(t *testing.T) {
	rows := []struct {
		text string
		want Request
		err  string
	}{
		{"reload", Request{Kind: Reload}, ""},
		{"overwrite", Request{Kind: Overwrite}, ""},
		{"force", Request{Kind: Force}, ""},
		{"rollback-12", Request{Kind: Rollback, Number: 12}, ""},
		{"reload-id-7f3a", Request{Kind: Reload, ID: "7f3a"}, ""},
		{"rollback-12-id-0", Request{Kind: Rollback, Number: 12, ID: "0"}, ""},
		{"reload-id-", Request{}, `cannot understand request "reload-id-": want up to 32 lower-case letters and digits after "-id-"`},
		{"reload-id-A", Request{}, `cannot understand request "reload-id-A": want up to 32 lower-case letters and digits after "-id-"`},
		{"reload-id-1-id-2", Request{}, `cannot understand request "reload-id-1-id-2": want up to 32 lower-case letters and digits after "-id-"`},
		{"reload-id-123456789012345678901234567890123", Request{},
			`cannot understand request "reload-id-123456789012345678901234567890123": want up to 32 lower-case letters and digits after "-id-"`},
		{"x-id-1", Request{}, `cannot understand request "x": want reload, overwrite, force, overwrite-force or rollback-N`},
		{"", Request{}, `cannot understand request "": want reload, overwrite, force, overwrite-force or rollback-N`},
		{"rollback", Request{}, `cannot understand request "rollback": want reload, overwrite, force, overwrite-force or rollback-N`},
		{"Reload", Request{}, `cannot understand request "Reload": want reload, overwrite, force, overwrite-force or rollback-N`},
		{"rollback-", Request{}, `cannot understand request "rollback-": want the number of a generation after "rollback-"`},
		{"rollback-0", Request{}, `cannot understand request "rollback-0": want the number of a generation after "rollback-"`},
		{"rollback-01", Request{}, `cannot understand request "rollback-01": want the number of a generation after "rollback-"`},
		{"rollback-../1", Request{}, `cannot understand request "rollback-../1": want the number of a generation after "rollback-"`},
		{"rollback--1", Request{}, `cannot understand request "rollback--1": want the number of a generation after "rollback-"`},
		{"rollback-99999999999", Request{}, `cannot understand request "rollback-99999999999": want the number of a generation after "rollback-"`},
	}
	for _, row := range rows {
		got, err := ParseRequest(row.text)
		message := ""
		if err != nil {
			message = err.Error()
		}
		if got != row.want || message != row.err {
			t.Errorf("%q: got %+v, %s\nwant %+v, %s", row.text, got, message, row.want, row.err)
		}
		if err == nil && got.Instance() != row.text {
			t.Errorf("%q is written as %q", row.text, got)
		}
	}
}

// Whoever waits for a report knows it by the ID, also when the attempt was refused or another apply held the lock.
func TestTheReportHasTheID(t *testing.T) {
	h := newHost(t)
	for _, text := range []string{"reload-id-1", "reload-id-2", "rollback-99-id-3"} {
		r := h.apply(text)
		left, err := ReadReport(h.StateDir)
		must(t, err)
		if _, id, _ := strings.Cut(text, idMark); r.ID != id || left.ID != id || strings.Contains(r.Request, id) {
			t.Errorf("%s: got %+v", text, left)
		}
	}
	unlock, err := h.lock(t.Context(), "another")
	must(t, err)
	defer unlock()
	if r := h.apply("reload-id-4"); r.Stage != StageLock {
		t.Errorf("got %+v", r)
	}
	if left, err := ReadReport(h.StateDir); err != nil || left.ID != "4" {
		t.Errorf("got %+v %v", left, err)
	}
}

func FuzzParseRequest(f *testing.F) {
	for _, seed := range []string{"reload", "overwrite", "force", "rollback-1", "rollback-01", "rollback-x", "rollback--2", "force-id-1a", "-id-"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if r, err := ParseRequest(text); err == nil && r.Instance() != text {
			t.Errorf("%q came back as %q", text, r)
		}
	})
}
