package apply

import (
	"context"

	"github.com/lbsup/lbsup/render/cluster"
)

// radius refuses a change that takes away much at one stroke, unless that was asked for. What cannot be compared, because
// nothing or something else than lbsup was installed before, takes nothing away.
func (a *attempt) radius(context.Context) error {
	if a.request.Kind.forces() || a.local == nil || len(a.base.input) == 0 {
		return nil
	}
	before := a.before()
	if before == nil {
		return nil
	}
	if len(a.local.HAProxy.Files) > 0 { // handed over is not lost: what the hand-written files serve is not ours to count
		kept := *before
		kept.Services = nil
		before = &kept
	}
	var refused problems
	for _, loss := range cluster.Losses(before, a.local.Cluster) {
		refused = append(refused, Problem{File: a.ClusterFile, Message: "cannot take away so much at once: " + loss,
			Hint: "if that is meant: lbsup reload --force"})
	}
	if len(refused) == 0 {
		return nil
	}
	return refused
}

// before is the cluster that the current generation was made from, nil if there is none to be understood. A large file
// takes a while to read, so it is read once.
func (a *attempt) before() *cluster.Cluster {
	if a.previous == nil {
		a.previous, _ = cluster.Parse(clusterName, a.base.input)
	}
	return a.previous
}
