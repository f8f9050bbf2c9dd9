package apply

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/lbsup/lbsup/render/cluster"
	"github.com/lbsup/lbsup/render/haproxy"
)

// attempt is one request on its way through the stages. Each stage fills in what the next ones need.
type attempt struct {
	*Engine
	request   Request
	checkOnly bool
	store     Store
	report    Report

	input    []byte         // the cluster file as it was read
	origin   string         // where the files to install come from
	local    *cluster.Local // nil only when a generation from before lbsup is put back
	secrets  cluster.Secrets
	build    haproxy.Build    // of the installed HAProxy
	base     baseline         // what the current generation installed
	previous *cluster.Cluster // what it was made from, once before has read it
	targets  []*target
	supplies []supply // what HAProxy loads beside its configuration
	beside   []string // what HAProxy's unit loads too
	inputs   []Input  // what was read beside the cluster file
	mask     mask
}

// step is one stage with what it does.
type step struct {
	stage Stage
	do    func(context.Context) error
}

// errSettled ends the stages early because there is nothing left to do.
var errSettled = errors.New("settled")

// carryOut takes the attempt through its stages and leaves its report.
func (a *attempt) carryOut(ctx context.Context) {
	if !a.pass(ctx, step{StageRecover, a.prepare}) {
		a.leave(reportName)
		return
	}
	unlock, err := a.lock(ctx, a.report.Request)
	if err != nil {
		a.refuse(StageLock, err)
		// Whoever holds the lock may be writing its own report now.
		a.leave(fmt.Sprintf("%s.%d", reportName, os.Getpid()))
		return
	}
	defer unlock()
	a.locked(ctx)
	a.leave(reportName)
}

// locked is the part of an attempt during which nobody else may change anything.
func (a *attempt) locked(ctx context.Context) {
	if !a.pass(ctx, step{StageRecover, a.recover}, step{StageCommit, a.adopt}) {
		return
	}
	defer a.unstage()
	passed := a.pass(ctx, a.steps()...)
	switch {
	case !passed, a.report.Outcome == Unchanged:
	case a.checkOnly:
		a.report.Outcome = Accepted
	default:
		if passed = a.pass(ctx, step{StageCommit, a.commit}); passed {
			a.report.Outcome = Committed
		}
	}
	if a.checkOnly {
		return
	}
	if !passed {
		a.keepRejected()
	}
	a.retain()
}

// leave ends the attempt with its report.
func (a *attempt) leave(staged string) {
	a.report.Took = a.Now().Sub(a.report.Started)
	if !a.checkOnly {
		a.leaveReport(staged)
	}
}

func (a *attempt) steps() []step {
	first := []step{{StageRead, a.read}, {StageParse, a.parse}, {StageRead, a.readSecrets}, {StageParse, a.checkSecrets},
		{StageRender, a.render}}
	if a.request.Kind == Rollback {
		first = []step{{StageRead, a.readGeneration}, {StageRender, a.understand}}
	}
	return append(first,
		step{StageRead, a.readSupplies},
		step{StageDrift, a.look},
		step{StageDrift, a.drift},
		step{StageRadius, a.radius},
		step{StageCommit, a.settle},
		step{StageStage, a.stage},
		step{StagePreflight, a.preflight},
		step{StageHAProxy, a.validateHAProxy},
		step{StageKeepalived, a.validateKeepalived},
		step{StageCommit, a.renew})
}

// pass takes the steps in order; false means that one refused.
func (a *attempt) pass(ctx context.Context, steps ...step) bool {
	for _, s := range steps {
		err := context.Cause(ctx)
		if err == nil {
			err = s.do(ctx)
		} else {
			err = fmt.Errorf("cannot go on: %w", err) // nothing is installed behind the back of who gave up
		}
		if errors.Is(err, errSettled) {
			return true
		}
		if err != nil {
			a.refuse(s.stage, err)
			return false
		}
	}
	return true
}

func (a *attempt) refuse(stage Stage, err error) {
	a.report.Outcome, a.report.Stage, a.report.Problems = Rejected, stage, reasons(err)
	for i := range a.report.Problems {
		a.report.Problems[i].Message = a.mask.hide(a.report.Problems[i].Message)
	}
}

func (a *attempt) note(text string) {
	a.report.Notes = append(a.report.Notes, a.mask.hide(text))
}
