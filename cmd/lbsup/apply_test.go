package main

import (
	"bytes"
	"testing"
	"time"

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
		{"a certificate was renewed", apply.Report{Number: 5, Outcome: apply.Committed, Renewed: []apply.Renewal{
			{File: "/etc/lbsup/web.pem", Ends: time.Date(2027, 1, 2, 3, 4, 5, 0, time.UTC), Pushed: true}}}, exitOK,
			"ok generation 5 is installed\n   ok HAProxy serves the certificate in /etc/lbsup/web.pem that ends on 2027-01-02, without a reload\n", ""},
		{"a certificate that HAProxy did not take", apply.Report{Number: 5, Outcome: apply.Committed, HAProxy: true, Reason: "it says no",
			Renewed: []apply.Renewal{{File: "/etc/lbsup/web.pem", Reason: "it says no"}}}, exitOK,
			"ok generation 5 is installed: HAProxy to load it (it says no)\n", ""},
		{"an old certificate is served", apply.Report{Number: 5, Outcome: apply.Unchanged, HAProxy: true, Reason: "it says no"}, exitOK,
			"ok generation 5 is what the cluster file says: HAProxy to load it (it says no)\n", ""},
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
