package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/lbsup/lbsup/render/haproxy"
	"github.com/lbsup/lbsup/render/keepalived"
)

func renderCommand() command {
	var node, out string
	f := newFlags("render")
	f.StringVar(&node, "node", "", "the `node` to render for, or all; without it, this host")
	f.StringVar(&out, "out", "", "write the files to this `directory`; with --node all, one below it per node")
	return command{
		name: "render", args: "[--node NODE] [--out DIR] [FILE]", summary: "write what would be installed for a cluster file",
		about: `Renders haproxy.cfg and keepalived.conf from a cluster file (- is standard input; without
one, /etc/lbsup/lbsup.yaml) and shows them, with passwords hidden. With --out they are
written as they would be installed, passwords and all, readable by you alone. Where a
password file cannot be read, NOTKNOWN stands for the password. The daemons are not
asked what they think of it: see lbsup validate.`,
		outcomes: []outcome{{exitOK, "rendered"}, {exitNo, "the file has problems, or something cannot be written"}, usageWrong},
		example:  "lbsup render --node all --out rendered lbsup.yaml",
		flags:    f,
		maxArgs:  1,
		run: func(ctx context.Context, p *program, args []string) int {
			return p.render(ctx, args, node, out)
		},
	}
}

func (p *program) render(ctx context.Context, args []string, node, out string) int {
	c, _, ok := p.cluster(ctx, args)
	if !ok {
		return exitNo
	}
	nodes, err := nodesFor(c, node)
	if err != nil {
		return p.fail(err)
	}
	known, notes := secrets(c)
	in := look(ctx, findDaemon)
	for _, name := range nodes {
		r, err := renderFor(c, name, placeholders(c, known), in)
		if err != nil {
			return p.fail(err)
		}
		for _, n := range r.notes() {
			notes = append(notes, n.String())
		}
		if out == "" {
			err = p.show(r)
		} else {
			err = p.write(r, directory(out, node, name))
		}
		if err != nil {
			return p.fail(err)
		}
	}
	p.notes(append(notes, in.missing()...))
	return exitOK
}

// notes are said on standard error, each once: standard output is the configuration.
func (p *program) notes(notes []string) {
	said := map[string]bool{}
	for _, n := range notes {
		if !said[n] {
			_, _ = fmt.Fprintln(p.stderr, "lbsup: note: "+n)
		}
		said[n] = true
	}
}

func directory(out, asked, node string) string {
	if asked == "all" {
		return filepath.Join(out, node)
	}
	return out
}

// show prints both configurations without their passwords.
func (p *program) show(r rendered) error {
	var b bytes.Buffer
	if len(r.haproxy.HandWritten) > 0 {
		fmt.Fprintf(&b, "# ---- %s: haproxy.cfg is not rendered: the cluster file hands over %s\n\n", r.node, listed(r.haproxy.HandWritten))
	} else {
		fmt.Fprintf(&b, "# ---- %s: haproxy.cfg\n\n%s\n", r.node, haproxy.Redact(r.haproxy.Text))
	}
	fmt.Fprintf(&b, "# ---- %s: keepalived.conf\n\n%s", r.node, keepalived.Redact(r.keepalived.Text))
	_, err := p.stdout.Write(b.Bytes())
	return err
}

// write puts both configurations into a directory, for their owner's eyes: there are passwords in them.
func (p *program) write(r rendered, dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("cannot make directory %q: %w", dir, plainly(err))
	}
	files := []struct {
		name string
		text []byte
	}{{"haproxy.cfg", r.haproxy.Text}, {"keepalived.conf", r.keepalived.Text}}
	for _, f := range files {
		if len(f.text) == 0 {
			continue
		}
		path := filepath.Join(dir, f.name)
		if err := writePrivate(path, f.text); err != nil {
			return fmt.Errorf("cannot write %q: %w", path, plainly(err))
		}
		_, _ = fmt.Fprintln(p.stdout, path)
	}
	return nil
}

// writePrivate makes sure of the mode also where the file was there before.
func writePrivate(path string, text []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	if err := f.Chmod(0o600); err != nil {
		_ = f.Close()
		return err
	}
	if _, err := f.Write(text); err != nil {
		_ = f.Close()
		return err
	}
	return f.Close()
}
