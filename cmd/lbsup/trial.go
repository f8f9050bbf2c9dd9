package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/lbsup/lbsup/render"
	"github.com/lbsup/lbsup/render/cluster"
	"github.com/lbsup/lbsup/render/keepalived"
	"github.com/lbsup/lbsup/supervisor/apply"
	"github.com/lbsup/lbsup/supervisor/status"
)

// patientWithDaemons is the deadline of one question to a daemon.
const patientWithDaemons = 20 * time.Second

// trial asks the daemons of this machine what they think of a cluster. The machine need not be one of the nodes, and the
// user need not be root: what is missing here is put in for the trial, and said.
type trial struct {
	installed
	dir     string // for the trial's files
	limit   time.Duration
	tell    func(string)
	remarks []status.Remark
	output  string // a daemon's own words when it refused
	failed  bool
}

// try has both daemons judge the configuration of every node.
func try(ctx context.Context, c *cluster.Cluster, in installed, tell func(string)) (trial, error) {
	dir, err := os.MkdirTemp("", "lbsup-validate-")
	if err != nil {
		return trial{}, fmt.Errorf("cannot make a place for a trial: %w", err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	t := trial{installed: in, dir: dir, limit: patientWithDaemons, tell: tell}
	nodes, err := t.render(c)
	if err != nil {
		return trial{}, err
	}
	if err := errors.Join(t.haproxyTrial(ctx, c, nodes), t.keepalivedTrial(ctx, nodes)); err != nil {
		return trial{}, err
	}
	for _, text := range in.missing() {
		t.open(text)
	}
	return t, nil
}

// sorted are the remarks, the worst first and what could not be judged last.
func (t *trial) sorted() []status.Remark {
	order := map[status.RemarkKind]int{status.Wrong: 0, status.Risky: 1, status.Fine: 2, status.Open: 3}
	return slices.SortedStableFunc(slices.Values(t.remarks), func(a, b status.Remark) int { return order[a.Kind] - order[b.Kind] })
}

// render makes what every node would get, with placeholders for all passwords: no secret is at risk in a trial.
func (t *trial) render(c *cluster.Cluster) ([]rendered, error) {
	stand, err := t.withCertificates(c)
	if err != nil {
		return nil, err
	}
	var nodes []rendered
	said := map[string]bool{}
	for _, n := range c.Nodes {
		r, err := renderFor(stand, n.Name, placeholders(c, nil), t.installed)
		if err != nil {
			return nil, err
		}
		nodes = append(nodes, r)
		for _, note := range t.notesOn(r) {
			if text := note.String(); !said[text] {
				said[text] = true
				t.open(text)
			}
		}
	}
	return nodes, nil
}

// notesOn leaves out what a version that is merely assumed could not do.
func (t *trial) notesOn(r rendered) (notes []render.Note) {
	if t.haproxy != "" {
		notes = append(notes, r.haproxy.Notes...)
	}
	if t.keepalived != "" {
		notes = append(notes, r.keepalived.Notes...)
	}
	return notes
}

func (t *trial) fine(text string) {
	t.remarks = append(t.remarks, status.Remark{Kind: status.Fine, Text: text})
}
func (t *trial) open(text string) {
	t.remarks = append(t.remarks, status.Remark{Kind: status.Open, Text: text})
}

func (t *trial) risky(w keepalived.Warning) {
	t.remarks = append(t.remarks, status.Remark{Kind: status.Risky, Text: fmt.Sprintf("%s: %s (%s)", w.Where, w.Text, w.Hint)})
}

// refused keeps the first daemon's words: the next one has nothing to say that would help before these are dealt with.
func (t *trial) refused(text, output string) {
	t.remarks = append(t.remarks, status.Remark{Kind: status.Wrong, Text: text})
	if t.output == "" {
		t.output = output
	}
	t.failed = true
}

// ask puts one configuration before a daemon and says whether it accepts it.
func (t *trial) ask(ctx context.Context, daemon, about string, text []byte, name string, argv ...string) (bool, error) {
	path := filepath.Join(t.dir, name)
	if err := os.WriteFile(path, text, 0o600); err != nil {
		return false, fmt.Errorf("cannot write %q: %w", path, plainly(err))
	}
	return t.run(ctx, daemon, about, append(argv, path)...)
}

// run asks a daemon. It remarks on a refusal; what is accepted is for the caller to sum up.
func (t *trial) run(ctx context.Context, daemon, about string, argv ...string) (accepted bool, err error) {
	t.tell(fmt.Sprintf("asking %s about the configuration of %s", daemon, about))
	ctx, cancel := context.WithTimeout(ctx, t.limit)
	defer cancel()
	exit, err := apply.Run(ctx, argv...)
	switch {
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		t.refused(fmt.Sprintf("%s did not answer about %s within %s", daemon, about, t.limit), t.words(exit.Output))
	case ctx.Err() != nil:
		return false, ctx.Err()
	case err != nil:
		return false, fmt.Errorf("cannot run %q: %w", argv[0], err)
	case exit.Code != 0 || exit.Signal != 0:
		t.refused(fmt.Sprintf("%s refuses the configuration of %s (%s)", daemon, about, exit), t.words(exit.Output))
	default:
		return true, nil
	}
	return false, nil
}

func (t *trial) accepts(daemon string, nodes []string) {
	if len(nodes) > 0 {
		t.fine(fmt.Sprintf("%s accepts the configuration of %s", daemon, listed(nodes)))
	}
}

// words leaves the name of the trial's directory out of what a daemon says.
func (t *trial) words(output string) string { return strings.ReplaceAll(output, t.dir+"/", "") }

func listed(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}
