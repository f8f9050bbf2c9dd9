package apply

import (
	"bytes"
	"context"
	"fmt"
)

// drift refuses to replace what somebody else has written, unless asked to.
func (a *attempt) drift(context.Context) error {
	var refused problems
	for _, t := range a.targets {
		known, installed := a.base.files[t.name]
		switch {
		case t.intent == leave:
		case !t.there && installed:
			a.note(fmt.Sprintf("%q was removed by somebody: it is put back", t.path))
		case !t.there, bytes.Equal(t.old, t.text) && t.intent == install, installed && bytes.Equal(t.old, known):
		case a.request.Kind == Rollback && a.base.manifest.file(t.name).State == FileHandWritten:
			a.report.Drifted = append(a.report.Drifted, t.path) // the way back from a file that was handed over; it is kept
			a.note(fmt.Sprintf("%q was hand-written: it is replaced and kept with the generation", t.path))
		default:
			a.report.Drifted = append(a.report.Drifted, t.path)
			refused = append(refused, Problem{File: t.path, Message: a.describeDrift(t), Hint: "see what was changed, " +
				"take it over into the cluster file, then apply with overwrite; the edited file is kept with the generation"})
		}
	}
	if len(refused) == 0 {
		return nil
	}
	if !a.request.Kind.overwrites() {
		return refused
	}
	for _, p := range refused {
		a.note(p.Message + "; overwritten as asked, and kept with the generation")
	}
	return nil
}

func (a *attempt) describeDrift(t *target) string {
	if _, installed := a.base.files[t.name]; installed {
		return fmt.Sprintf("cannot replace %q: it was edited by hand since generation %d installed it", t.path, a.base.manifest.Number)
	}
	return fmt.Sprintf("cannot replace %q: it was not written by lbsup", t.path)
}

func (a *attempt) drifted(t *target) bool {
	for _, path := range a.report.Drifted {
		if path == t.path {
			return true
		}
	}
	return false
}

// settle ends the attempt when there is nothing to do.
func (a *attempt) settle(ctx context.Context) error {
	haproxy, keepalived := a.targets[0], a.targets[1]
	a.report.HAProxy = haproxy.changes() || a.suppliesChanged()
	a.report.Keepalived = keepalived.changes()
	a.report.Digest = haproxy.digest
	a.report.Explained = haproxy.changes() && a.explained()
	if a.report.HAProxy || a.report.Keepalived || a.base.manifest.Number == 0 || !a.sameInput() {
		return nil
	}
	a.report.Outcome = Unchanged
	a.recognise()
	a.serve(ctx)
	return errSettled
}

// sameInput says whether the current generation was made from the same cluster file for the same node. When only the
// cluster file differs, a new generation is made though no installed file changes: the supervisor takes its checks
// from there.
func (a *attempt) sameInput() bool {
	return a.base.manifest.Origin != OriginFound && bytes.Equal(a.base.input, a.input) && a.base.manifest.Node == a.nodeName()
}

func (a *attempt) nodeName() string {
	if a.local == nil {
		return ""
	}
	return a.local.Node.Name
}
