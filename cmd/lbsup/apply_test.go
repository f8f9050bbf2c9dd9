package main

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lbsup/lbsup/supervisor/apply"
)

func TestApplied(t *testing.T) {
	for _, row := range []struct {
		name        string
		report      apply.Report
		code        int
		out, errors string
	}{
		{"committed", apply.Report{Request: "reload", Number: 4, Outcome: apply.Committed, HAProxy: true, Keepalived: true, Notes: []string{"a note"}}, exitOK,
			"ok generation 4 is installed: HAProxy and keepalived to load it\n   -  a note\n", ""},
		{"a certificate changed", apply.Report{Number: 4, Outcome: apply.Committed, HAProxy: true}, exitOK, "ok generation 4 is installed: HAProxy to load it\n", ""},
		{"nothing to load", apply.Report{Number: 4, Outcome: apply.Committed}, exitOK, "ok generation 4 is installed\n", ""},
		{"accepted", apply.Report{Outcome: apply.Accepted, Keepalived: true}, exitOK, "ok it would be installed: keepalived to load it\n", ""},
		{"unchanged", apply.Report{Number: 3, Outcome: apply.Unchanged}, exitOK, "ok nothing to do: generation 3 is what the cluster file says\n", ""},
		{"rejected", apply.Report{Request: "reload", Outcome: apply.Rejected, Stage: apply.StageHAProxy, Words: "[ALERT] \x1b[31mno\n[ALERT] end",
			Problems: []apply.Problem{{File: "f", Line: 1, Column: 2, Path: "p", Message: "cannot", Hint: "do"}}}, exitNo, "",
			"f:1:2: p: cannot\n  hint: do\n" +
				"X  reload rejected at stage haproxy: what was installed before is still there\n   | [ALERT] ?[31mno\n   | [ALERT] end\n" +
				"lbsup: error: cannot apply reload\n"},
	} {
		t.Run(row.name, func(t *testing.T) {
			var out, errs bytes.Buffer
			p := &program{stdout: &out, stderr: &errs, environment: func(string) string { return "" }}
			code := p.applied(row.report)
			if diff := cmp.Diff([]any{row.code, row.out, row.errors}, []any{code, out.String(), errs.String()}); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}
