package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"

	"github.com/lbsup/lbsup/render/cluster"
)

// quiet is a program whose streams a test can read.
func quiet(stdin string) (p *program, out, errs *bytes.Buffer) {
	out, errs = &bytes.Buffer{}, &bytes.Buffer{}
	return &program{
		stdin: strings.NewReader(stdin), stdout: out, stderr: errs, environment: func(string) string { return "" },
	}, out, errs
}

// asUser does something with the rights of a user on files: root may read everything. The kernel keeps this identity for
// each thread (setfsuid(2)), so no other test sees it.
func asUser(do func()) {
	if os.Geteuid() == 0 {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		_, _ = unix.SetfsuidRetUid(65534)
		defer func() { _, _ = unix.SetfsuidRetUid(0) }()
	}
	do()
}

func TestReadInput(t *testing.T) {
	dir := t.TempDir()
	good := filepath.Join(dir, "good")
	if err := os.WriteFile(good, []byte("cluster: x\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct{ name, file, stdin, want, err, hint string }{
		{"a file", good, "", "cluster: x\n", "", ""},
		{"standard input", "-", "cluster: y\n", "cluster: y\n", "", ""},
		{"nothing there", dir + "/none", "", "", `cannot read cluster file "` + dir + `/none": no such file`, ""},
		{"a directory", dir, "", "", `cannot read cluster file "` + dir + `": is a directory`, ""},
		{"below a file", good + "/x", "", "", `cannot read cluster file "` + good + `/x": not a directory`, ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			p, _, _ := quiet(row.stdin)
			data, err := p.read(row.file)
			got := []string{string(data), "", ""}
			if err != nil {
				got[1], got[2] = err.Error(), hintOf(err)
			}
			if diff := cmp.Diff([]string{row.want, row.err, row.hint}, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestReadWhatIsNotForUs(t *testing.T) {
	file := filepath.Join(t.TempDir(), "closed")
	if err := os.WriteFile(file, nil, 0); err != nil {
		t.Fatal(err)
	}
	p, _, _ := quiet("")
	var err error
	asUser(func() { _, err = p.read(file) })
	if want := `cannot read cluster file "` + file + `": permission denied`; err == nil || err.Error() != want || hintOf(err) == "" {
		t.Errorf("got %v, hint %q; want %s and a hint", err, hintOf(err), want)
	}
}

func TestReadBrokenInput(t *testing.T) {
	p, _, _ := quiet("")
	p.stdin = iotest.ErrReader(errors.New("cut off"))
	if _, err := p.read("-"); err == nil || err.Error() != "cannot read standard input: cut off" {
		t.Errorf("got %v", err)
	}
}

// Input without an end is not read for ever, and what is read is too much for the parser.
func TestEndlessInput(t *testing.T) {
	p, _, errs := quiet("")
	p.stdin = endless{}
	if _, _, ok := p.cluster(t.Context(), []string{"-"}); ok {
		t.Error("took a cluster file without an end")
	}
	if got := errs.String(); !strings.Contains(got, "<stdin>:1:1: ") || len(got) > 1000 {
		t.Errorf("got %.1000q", got)
	}
}

// Who waits for a terminal, or for a FIFO that nobody writes to, can still be interrupted.
func TestInterruptedInput(t *testing.T) {
	fifo := filepath.Join(t.TempDir(), "fifo")
	if err := unix.Mkfifo(fifo, 0o600); err != nil {
		t.Fatal(err)
	}
	defer func() { // who still waits goes on, and ends
		if f, err := os.OpenFile(fifo, os.O_RDWR, 0); err == nil {
			_ = f.Close()
		}
	}()
	silent, terminal := io.Pipe()
	defer func() { _ = terminal.Close() }()
	for _, name := range []string{fifo, "-"} {
		p, _, errs := quiet("")
		p.stdin = silent
		ctx, interrupt := context.WithCancel(t.Context())
		go interrupt()
		done := make(chan bool, 1)
		go func() {
			_, _, ok := p.cluster(ctx, []string{name})
			done <- ok
		}()
		select {
		case ok := <-done:
			if ok {
				t.Errorf("%s: took a cluster file that nobody wrote", name)
			}
		case <-time.After(10 * time.Second):
			t.Fatalf("%s: still waits", name)
		}
		if got, want := errs.String(), "lbsup: error: interrupted\n"; got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
}

type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = '#'
	}
	return len(p), nil
}

func TestSecrets(t *testing.T) {
	dir := t.TempDir()
	stats, vrrp := filepath.Join(dir, "stats"), filepath.Join(dir, "vrrp")
	c := parse(t, `
cluster: x
nodes: [{name: a, address: 10.0.0.1}]
vrrp:
  version: 2
  instances:
    - {name: V, router_id: 1, interface: eth0, addresses: [{address: 10.0.0.9/24}], auth: {password_file: `+vrrp+`}}
stats: {bind: "*:9000", user: admin, password_file: `+stats+`}
services: [{name: web, bind: ["*:80"], servers: [{name: s, address: "10.0.0.5:80"}]}]
`)
	if err := os.WriteFile(stats, []byte("s3cret\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	known, notes := secrets(c)
	if diff := cmp.Diff([]any{map[string]string{stats: "s3cret"}, []string{"password file " + vrrp + ": no such file or directory"}},
		[]any{map[string]string(known), notes}); diff != "" {
		t.Errorf("secrets (-want +got)\n%s", diff)
	}
	want := map[string]string{stats: "s3cret", vrrp: placeholder}
	if diff := cmp.Diff(want, map[string]string(placeholders(c, known))); diff != "" {
		t.Errorf("placeholders (-want +got)\n%s", diff)
	}
	if problems := checkSecrets(c, known); len(problems) > 0 {
		t.Errorf("problems of a file that is not here: %v", problems)
	}

	if err := os.WriteFile(vrrp, []byte("far too long\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	known, _ = secrets(c)
	problems := checkSecrets(c, known)
	if len(problems) != 1 || strings.Contains(problems.Error(), "far too long") {
		t.Errorf("got %v, want one problem that does not tell the password", problems)
	}
}

// No password is put at risk in a trial, and what is shown has none.
func TestSecretsStayHidden(t *testing.T) {
	secret := "hunter2x"
	file := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(file, []byte(secret), 0o600); err != nil {
		t.Fatal(err)
	}
	text := `
cluster: x
nodes: [{name: a, address: 10.0.0.1}]
vrrp:
  version: 2
  instances:
    - {name: V, router_id: 1, interface: eth0, addresses: [{address: 10.0.0.9/24}], auth: {password_file: ` + file + `}}
stats: {bind: "*:9000", user: admin, password_file: ` + file + `}
services: [{name: web, bind: ["*:80"], servers: [{name: s, address: "10.0.0.5:80"}]}]
`
	for _, args := range [][]string{{"render", "--node", "a", "-"}, {"validate", "-"}} {
		p, out, errs := quiet(text)
		if code := p.run(args); code != exitOK {
			t.Errorf("%v: exit code %d, %s", args, code, errs)
		}
		if strings.Contains(out.String()+errs.String(), secret) {
			t.Errorf("%v tells the password", args)
		}
	}
	tr := trial{dir: t.TempDir(), installed: look(t.Context(), func(string) string { return "" })}
	nodes, err := tr.render(parse(t, text))
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range nodes {
		if bytes.Contains(n.haproxy.Text, []byte(secret)) || bytes.Contains(n.keepalived.Text, []byte(secret)) {
			t.Error("a trial knows the password")
		}
	}
	// Written to keep, it has to be there.
	dir := t.TempDir()
	p, _, errs := quiet(text)
	if code := p.run([]string{"render", "--node", "a", "--out", dir, "-"}); code != exitOK {
		t.Fatal(errs)
	}
	if written, err := os.ReadFile(dir + "/keepalived.conf"); err != nil || !bytes.Contains(written, []byte(secret)) {
		t.Errorf("the password is not in what was written: %v", err)
	}
}

func TestNodesFor(t *testing.T) {
	c := &cluster.Cluster{Name: "x", Nodes: []cluster.Node{{Name: "lb1"}, {Name: "lb2"}, {Name: "lb3"}}}
	for _, row := range []struct {
		asked, err, hint string
		want             []string
	}{
		{"lb2", "", "", []string{"lb2"}},
		{"all", "", "", []string{"lb1", "lb2", "lb3"}},
		{"lb4", `cannot find node "lb4" in cluster "x"`, "did you mean lb1?", nil},
		{"elephant", `cannot find node "elephant" in cluster "x"`, "the nodes are lb1, lb2 and lb3", nil},
	} {
		t.Run(row.asked, func(t *testing.T) {
			got, err := nodesFor(c, row.asked)
			text, hint := "", ""
			if err != nil {
				text, hint = err.Error(), hintOf(err)
			}
			if diff := cmp.Diff([]any{row.want, row.err, row.hint}, []any{got, text, hint}); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
	// A node that is called all can still be rendered for.
	if got, err := nodesFor(&cluster.Cluster{Nodes: []cluster.Node{{Name: "all"}, {Name: "b"}}}, "all"); err != nil || len(got) != 1 {
		t.Errorf("got %v, %v", got, err)
	}
}

func TestListed(t *testing.T) {
	for _, row := range []struct {
		names []string
		want  string
	}{{nil, ""}, {[]string{"a"}, "a"}, {[]string{"a", "b"}, "a and b"}, {[]string{"a", "b", "c"}, "a, b and c"}} {
		if got := listed(row.names); got != row.want {
			t.Errorf("listed(%v) = %q, want %q", row.names, got, row.want)
		}
	}
}

func TestFail(t *testing.T) {
	for _, row := range []struct {
		name string
		err  error
		code int
		want string
	}{
		{"plain", errors.New("cannot do it"), exitNo, "lbsup: error: cannot do it\n"},
		{"with a hint", hinted("try harder", "cannot do %s", "it"), exitNo, "lbsup: error: cannot do it\nlbsup: hint: try harder\n"},
		{"of another package", &cluster.UnknownHostError{}, exitNo, "lbsup: error: \nlbsup: hint: name the node with --node\n"},
	} {
		t.Run(row.name, func(t *testing.T) {
			p, _, errs := quiet("")
			if code := p.fail(row.err); code != row.code || errs.String() != row.want {
				t.Errorf("got code %d, %q; want %d, %q", code, errs, row.code, row.want)
			}
		})
	}
}

func TestThrowawayCertificate(t *testing.T) {
	pem, err := throwawayCertificate()
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{"BEGIN CERTIFICATE", "BEGIN PRIVATE KEY"} {
		if !bytes.Contains(pem, []byte(part)) {
			t.Errorf("has no %s", part)
		}
	}
}
