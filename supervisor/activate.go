package supervisor

import (
	"context"
	"errors"
	"fmt"

	"github.com/lbsup/lbsup/render"
	"github.com/lbsup/lbsup/supervisor/haproxy"
	"github.com/lbsup/lbsup/supervisor/keepalived"
	"github.com/lbsup/lbsup/supervisor/state"
)

// activation is what came to light while a daemon was made to run what is installed.
type activation struct {
	before state.Serving // who served just before
	notes  []string
	hint   string       // what to do about the error
	worker state.Worker // who answers after an error that leaves open who serves
}

// end is what an activation has come to.
func (out activation) end(a state.Activate, err error) state.Activated {
	done := state.Activated{Unit: a.Unit, How: a.How, Generation: a.Generation, Before: out.before, Notes: out.notes, Hint: out.hint}
	if err != nil {
		done.Err, done.NoMaster, done.Unsure, done.Worker = err.Error(), a.How == state.Reload && noMaster(err), unsure(err), out.worker
	}
	return done
}

// activate makes one daemon run what is installed.
func (n *node) activate(ctx context.Context, a state.Activate) (activation, error) {
	switch {
	case a.How == state.RunTime:
		return n.atRunTime(ctx, a)
	case a.How == state.Start:
		return activation{}, n.units.Start(ctx, a.Unit)
	case a.How == state.Restart:
		return activation{}, n.units.Restart(ctx, a.Unit)
	case a.Unit == state.KeepalivedUnit:
		return activation{}, keepalived.Reload(ctx, n.units, a.Unit)
	default:
		return n.reload(ctx, a)
	}
}

// atRunTime changes servers through the runtime API, and has those that could not be deleted yet swept up later.
func (n *node) atRunTime(ctx context.Context, a state.Activate) (activation, error) {
	var out activation
	out.look(ctx, n.runtime, a)
	if err := (haproxy.Changer{Runtime: n.runtime}).Make(ctx, a.Changes, a.Digest); err != nil {
		return out, err
	}
	signal(n.sweeping)
	return out, nil
}

// unmastered tells why HAProxy's master CLI cannot be used.
func unmastered(ctx context.Context) error {
	_, err := haproxy.Master{Socket: render.MasterSocket}.Processes(ctx)
	return err
}

// reload reloads HAProxy. What a person or a check has decided about servers goes over to the new worker in a file, which is
// emptied again: a HAProxy that crashes later starts as its configuration says.
func (n *node) reload(ctx context.Context, a state.Activate) (activation, error) {
	var out activation
	out.look(ctx, n.runtime, a)
	if err := n.handOver(ctx, a); err != nil {
		out.notes = append(out.notes, "the new worker does not know which servers were drained, in maintenance or dead: "+err.Error())
	}
	reloader := haproxy.Reloader{Master: haproxy.Master{Socket: render.MasterSocket}, Runtime: n.runtime}
	proof, err := reloader.Reload(ctx, a.Digest)
	if gone := n.handedOver.taken(ctx); gone != nil {
		out.notes = append(out.notes, "a HAProxy that starts will take over what was true of its servers now: "+gone.Error())
	}
	if proof.Restarted {
		out.notes = append(out.notes, "another master than before answers: HAProxy ended and was started again, it was not reloaded")
	}
	if unsure(err) {
		out.worker = n.answering(ctx)
	}
	out.hint = hintOf(err)
	return out, err
}

// answering is the worker that answers now, when the time for the reload may be up. One that cannot be asked may run anything.
func (n *node) answering(ctx context.Context) state.Worker {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lookLimit)
	defer cancel()
	info, err := n.runtime.Info(ctx)
	if err != nil {
		return state.Worker{}
	}
	return worker(info)
}

// look asks who serves before a change, where that is to be known. Without an answer the change is proved by the rest.
func (out *activation) look(ctx context.Context, runtime haproxy.Runtime, a state.Activate) {
	if !a.Prove || a.Was == nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, lookLimit)
	defer cancel()
	servers, err := runtime.Servers(ctx)
	if err != nil {
		out.notes = append(out.notes, "nobody knows who served before the change: "+err.Error())
		return
	}
	out.before = serving(a.Was, servers)
}

// noMaster tells whether a reload failed because HAProxy has no master CLI that lbsup may use: it was started before
// lbsup's drop-in was there.
func noMaster(err error) bool {
	var failed *haproxy.ReloadError
	return errors.As(err, &failed) && failed.Failure == haproxy.Unreachable
}

// unsure tells that a reload may have brought a new worker, and that nobody could ask it.
func unsure(err error) bool {
	var failed *haproxy.ReloadError
	return errors.As(err, &failed) && (failed.Failure == haproxy.Mismatched || failed.Failure == haproxy.Unproven)
}

// hintOf says what a person can do about a reload that failed, where HAProxy itself is at fault.
func hintOf(err error) string {
	var failed *haproxy.ReloadError
	if !errors.As(err, &failed) {
		return ""
	}
	switch failed.Failure {
	case haproxy.Silent:
		return fmt.Sprintf("the master is wedged (haproxy#3229), its worker serves on; `systemctl restart %s` frees it and cuts connections", state.HAProxyUnit)
	case haproxy.Unproven:
		return fmt.Sprintf("`journalctl -u %s` has HAProxy's last words", state.HAProxyUnit)
	default:
		return ""
	}
}
