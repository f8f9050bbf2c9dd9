package control

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lbsup/lbsup/supervisor/status"
)

func TestReadRequest(t *testing.T) {
	for _, row := range []struct{ name, body, err string }{
		{"reload", `{"request":"reload"}`, ""},
		{"overwrite", `{"request":"overwrite"}`, ""},
		{"rollback", `{"request":"rollback","to":3}`, ""},
		{"rollback to the one before", `{"request":"rollback"}`, ""},
		{"to be confirmed", `{"request":"force","confirm_seconds":60}`, ""},
		{"to be confirmed next week", `{"request":"reload","confirm_seconds":604800}`, "cannot wait 604800 seconds for a confirmation: want at most 86400"},
		{"confirm", `{"request":"confirm"}`, ""},
		{"confirm by number", `{"request":"confirm","to":3}`, "cannot confirm a generation by number: the change that waits is the one that is meant"},
		{"reload to", `{"request":"reload","to":3}`, "cannot reload to a generation: only a rollback names one, got 3"},
		{"rollback below", `{"request":"rollback","to":-1}`, "cannot roll back to generation -1: want a positive number, or 0 for the one before"},
		{"unknown verb", `{"request":"explode"}`, `cannot do request "explode": want reload, overwrite, force, overwrite-force, rollback or confirm`},
		{"no verb", `{}`, `cannot do request "": want reload, overwrite, force, overwrite-force, rollback or confirm`},
		{"unknown key", `{"request":"reload","By":"root"}`, `cannot read the request: json: unknown field "By"`},
		{"two", `{"request":"reload"}{}`, "cannot read the request: want one JSON object and nothing after it"},
		{"nothing", ``, "cannot read the request: EOF"},
		{"not JSON", `reload`, "cannot read the request: invalid character 'r' looking for beginning of value"},
	} {
		t.Run(row.name, func(t *testing.T) {
			_, err := readRequest(strings.NewReader(row.body))
			if diff := cmp.Diff(row.err, text(err)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestReadLines(t *testing.T) {
	for _, row := range []struct {
		name, body string
		progress   []string
		change     status.Change
		err        string
	}{
		{"good", `{"progress":"a"}` + "\n" + `{"progress":"b\n\tc"}` + "\n" + `{"change":{"outcome":"live","generation":4}}`,
			[]string{"a", "b c"}, status.Change{Outcome: status.Live, Generation: 4}, ""},
		{"error", `{"error":"cannot: busy"}`, nil, status.Change{}, "cannot: busy"},
		{"cut", `{"progress":"a"}` + "\n" + `{"prog`, []string{"a"}, status.Change{},
			"the supervisor closed the connection"},
		{"empty", ``, nil, status.Change{}, "the supervisor closed the connection"},
		{"garbage", `<html>`, nil, status.Change{},
			"cannot read the supervisor's answer: invalid character '<' looking for beginning of value"},
	} {
		t.Run(row.name, func(t *testing.T) {
			var progress []string
			change, err := readLines(strings.NewReader(row.body), func(p string) { progress = append(progress, p) })
			if diff := cmp.Diff([]any{row.progress, row.change, row.err}, []any{progress, change, text(err)}); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func text(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func FuzzReadRequest(f *testing.F) {
	f.Add(`{"request":"reload"}`)
	f.Add(`{"request":"rollback","to":12}`)
	f.Add(`{"request":"rollback","to":1e99}`)
	f.Fuzz(func(t *testing.T, body string) {
		r, err := readRequest(strings.NewReader(body))
		if err == nil && (r.Validate() != nil || r.By != "") {
			t.Errorf("took %q as %+v", body, r)
		}
	})
}

func FuzzReadLines(f *testing.F) {
	f.Add(`{"progress":"x"}` + "\n" + `{"change":{"outcome":"live"}}`)
	f.Add(`{"error":"x"}`)
	f.Add(`{}{}{}`)
	f.Fuzz(func(t *testing.T, body string) {
		_, err := readLines(strings.NewReader(body), func(p string) {
			if strings.ContainsAny(p, "\n\r") {
				t.Errorf("progress %q breaks its line", p)
			}
		})
		var e *Error
		if errors.As(err, &e) && e.Message == "" {
			t.Errorf("an error without words for %q", body)
		}
	})
}
