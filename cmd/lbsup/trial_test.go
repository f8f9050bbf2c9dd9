package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/lbsup/lbsup/render/cluster"
	"github.com/lbsup/lbsup/render/keepalived"
	"github.com/lbsup/lbsup/supervisor/status"
	"github.com/lbsup/lbsup/test/need"
)

const small = `
cluster: x
nodes: [{name: a, address: 10.0.0.1}, {name: b, address: 10.0.0.2}]
vrrp: {instances: [{name: V, router_id: 1, interface: nowhere0, addresses: [{address: 10.0.0.9/24}]}]}
services:
  - {name: web, bind: ["*:443"], tls: {certificates: [/nowhere/one.pem, /nowhere/two.pem]}, servers: [{name: s, address: "10.0.0.5:80"}]}
`

func parse(t *testing.T, text string) *cluster.Cluster {
	t.Helper()
	c, problems := cluster.Parse("test.yaml", []byte(text))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return c
}

func silent(string) {}

// Where no daemon is installed the renderers still have their say.
func TestTryWithoutDaemons(t *testing.T) {
	in := look(t.Context(), func(string) string { return "" })
	got, err := try(t.Context(), parse(t, small), in, silent)
	if err != nil {
		t.Fatal(err)
	}
	want := []status.Remark{
		{Kind: status.Open, Text: "not checked: certificate /nowhere/one.pem: no such file or directory"},
		{Kind: status.Open, Text: "not checked: certificate /nowhere/two.pem: no such file or directory"},
		{Kind: status.Open, Text: "HAProxy was not asked: it is not installed here (rendered for 2.4.22)"},
		{Kind: status.Open, Text: "keepalived was not asked: it is not installed here (rendered for 2.2.8)"},
	}
	if diff := cmp.Diff(want, got.sorted()); diff != "" || got.failed {
		t.Errorf("failed: %v (-want +got)\n%s", got.failed, diff)
	}
}

// program writes a shell script that plays a daemon.
func fakeDaemon(t *testing.T, script string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "daemon")
	syscall.ForkLock.RLock() // a child of another test would have it open for a moment, and then it cannot be executed
	defer syscall.ForkLock.RUnlock()
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+script), 0o755); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestLookAtDaemonsOfNoUse(t *testing.T) {
	old := fakeDaemon(t, "echo 'HA-Proxy version 1.8.27-1 2020/11/06'\n")
	strange := fakeDaemon(t, "echo 'hello'\n")
	in := look(t.Context(), func(name string) string { return map[string]string{"haproxy": old, "keepalived": strange}[name] })
	want := []string{
		"HAProxy was not asked: cannot render for HAProxy 1.8.27-1: want 2.4 or later (rendered for 2.4.22)",
		`keepalived was not asked: cannot read the version of keepalived: got "hello", want the output of keepalived -v (rendered for 2.2.8)`,
	}
	if diff := cmp.Diff(want, in.missing()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestTryRealDaemons(t *testing.T) {
	need.That(t, haveDaemons(t), "haproxy and keepalived")
	in := look(t.Context(), findDaemon)
	var told []string
	got, err := try(t.Context(), parse(t, small), in, func(text string) { told = append(told, text) })
	if err != nil {
		t.Fatal(err)
	}
	h, k := "HAProxy "+in.haproxyBuild.Version, "keepalived "+in.keepalivedBuild.Version
	want := []status.Remark{
		{Kind: status.Fine, Text: h + " accepts the configuration of a and b"},
		{Kind: status.Fine, Text: k + " accepts the configuration of a and b"},
		{Kind: status.Open, Text: "not checked: certificate /nowhere/one.pem: no such file or directory"},
		{Kind: status.Open, Text: "not checked: certificate /nowhere/two.pem: no such file or directory"},
		{Kind: status.Open, Text: "not checked: interface nowhere0: not on this machine"},
	}
	remarks := got.sorted()
	if n := len(remarks); n > 0 && strings.Contains(remarks[n-1].Text, "lbsup-check") { // where lbsup is not installed
		remarks = remarks[:n-1]
	}
	if diff := cmp.Diff(want, remarks); diff != "" || got.output != "" {
		t.Errorf("output %q (-want +got)\n%s", got.output, diff)
	}
	wantTold := []string{
		"asking " + h + " about the configuration of a and b",
		"asking " + k + " about the configuration of a", "asking " + k + " about the configuration of b",
	}
	if diff := cmp.Diff(wantTold, told); diff != "" {
		t.Errorf("told (-want +got)\n%s", diff)
	}
}

// A negative control: what is made fit for any machine is still judged.
func TestKeepalivedRefuses(t *testing.T) {
	need.That(t, haveDaemons(t), "haproxy and keepalived")
	tr := trial{installed: look(t.Context(), findDaemon), dir: t.TempDir(), limit: time.Minute, tell: silent}
	r, err := renderFor(parse(t, small), "a", nil, tr.installed)
	if err != nil {
		t.Fatal(err)
	}
	r.keepalived = keepalived.Config{Text: []byte(strings.Replace(string(r.keepalived.Text), "virtual_router_id 1", "virtual_router_id 999", 1))}
	if err := tr.keepalivedTrial(t.Context(), []rendered{r}); err != nil {
		t.Fatal(err)
	}
	if !tr.failed || !strings.Contains(tr.output, "999") || strings.Contains(tr.output, tr.dir) {
		t.Errorf("failed: %v, output %q; want a refusal that quotes 999 without the place of the trial", tr.failed, tr.output)
	}
	if want := " refuses the configuration of a (exit code 5)"; !strings.HasSuffix(tr.remarks[0].Text, want) {
		t.Errorf("got %q, want it to end in %q", tr.remarks[0].Text, want)
	}
}

func TestADaemonThatCannotBeRun(t *testing.T) {
	tr := trial{dir: t.TempDir(), limit: time.Minute, tell: silent}
	_, err := tr.run(t.Context(), "HAProxy", "a", "/nowhere/haproxy")
	if want := `cannot run "/nowhere/haproxy": fork/exec /nowhere/haproxy: no such file or directory`; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := tr.run(ctx, "HAProxy", "a", "/bin/true"); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want that it was canceled", err)
	}
}

func TestAnywhere(t *testing.T) {
	got := anywhere([]byte(`global_defs {
    script_user keepalived_script
}
vrrp_script lbsup {
    script /usr/libexec/keepalived/lbsup-check
    user keepalived_script
}
# script_user keepalived_script stays in a comment
`), "we$1rd")
	want := `global_defs {
    dynamic_interfaces allow_if_changes
    script_user we$1rd
}
vrrp_script lbsup {
    script /bin/true
    user we$1rd
}
# script_user keepalived_script stays in a comment
`
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// A daemon that hangs is killed, and said to hang.
func TestADaemonThatHangs(t *testing.T) {
	hung := fakeDaemon(t, "echo still resolving names\nexec sleep 1000\n")
	tr := trial{dir: t.TempDir(), limit: 200 * time.Millisecond, tell: silent}
	accepted, err := tr.run(t.Context(), "HAProxy 9", "a and b", hung)
	if accepted || err != nil {
		t.Fatalf("got %v, %v", accepted, err)
	}
	want := []status.Remark{{Kind: status.Wrong, Text: "HAProxy 9 did not answer about a and b within 200ms"}}
	if diff := cmp.Diff(want, tr.remarks); diff != "" || !tr.failed {
		t.Errorf("failed %v (-want +got)\n%s", tr.failed, diff)
	}
}

func TestHandWrittenFiles(t *testing.T) {
	dir := t.TempDir()
	mine, more := filepath.Join(dir, "mine.cfg"), filepath.Join(dir, "more.cfg")
	for _, file := range []string{mine, more} {
		if err := os.WriteFile(file, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	good := fakeDaemon(t, `[ "$*" = "-c -f `+mine+` -f `+more+`" ]`+"\n")
	bad := fakeDaemon(t, "echo '[ALERT] no'; exit 1\n")
	for _, row := range []struct {
		name, daemon string
		files        []string
		want         status.Remark
		failed       bool
	}{
		{"accepted", good, []string{mine, more}, status.Remark{Kind: status.Fine, Text: "HAProxy 9 accepts " + mine + " and " + more}, false},
		{"refused", bad, []string{mine}, status.Remark{Kind: status.Wrong, Text: "HAProxy 9 refuses the configuration of " + mine + " (exit code 1)"}, true},
		{"not here", bad, []string{mine, dir + "/none"},
			status.Remark{Kind: status.Open, Text: "not checked: HAProxy's own file " + dir + "/none: no such file or directory"}, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			tr := trial{dir: dir, limit: time.Minute, tell: silent}
			tr.haproxy, tr.haproxyBuild.Version = row.daemon, "9"
			c := &cluster.Cluster{HAProxy: cluster.HAProxy{Files: row.files}}
			if err := tr.haproxyTrial(t.Context(), c, nil); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]status.Remark{row.want}, tr.remarks); diff != "" || tr.failed != row.failed {
				t.Errorf("failed %v (-want +got)\n%s", tr.failed, diff)
			}
		})
	}
}

// Certificates that are here are used; only the others are stood in for, and the cluster itself is left alone.
func TestWithCertificates(t *testing.T) {
	dir := t.TempDir()
	here := filepath.Join(dir, "here.pem")
	if err := os.WriteFile(here, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	c := parse(t, strings.ReplaceAll(small, "/nowhere/one.pem", here))
	tr := trial{dir: dir, tell: silent}
	stand, err := tr.withCertificates(c)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{here, dir + "/certificate.pem"}, stand.Services[0].TLS.Certificates); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if diff := cmp.Diff([]string{here, "/nowhere/two.pem"}, c.Services[0].TLS.Certificates); diff != "" {
		t.Errorf("the cluster itself changed (-want +got)\n%s", diff)
	}
	if again, err := (&trial{dir: "/nowhere"}).withCertificates(parse(t, strings.ReplaceAll(small, "tls: {certificates: [/nowhere/one.pem, /nowhere/two.pem]}, ", ""))); err != nil || again == nil {
		t.Errorf("a cluster without TLS wants a certificate: %v", err)
	}
}
