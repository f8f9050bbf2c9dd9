package main

import (
	"context"
	"encoding/json"
	"time"

	"github.com/lbsup/lbsup/supervisor/control"
	"github.com/lbsup/lbsup/supervisor/status"
)

func (p *program) client() control.Client { return control.Client{Socket: p.socket} }

func (p *program) json(v any) error {
	e := json.NewEncoder(p.stdout)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

// change asks the supervisor for a change, tells how it goes, and shows how it ended.
func (p *program) change(ctx context.Context, r control.Request) int {
	g := p.progress()
	c, err := p.client().Change(ctx, r, g.tell)
	g.done()
	switch {
	case ctx.Err() != nil:
		return p.fail(hinted("see how it ends with lbsup status", "no longer waiting: the change goes on in the supervisor"))
	case err != nil:
		return p.fail(err)
	}
	return p.ended(c)
}

// ended shows a change: one that succeeded is an answer, another one an error.
func (p *program) ended(c status.Change) int {
	if c.Outcome.Good() {
		if err := status.ChangeText(p.stdout, c, time.Now(), p.style(p.stdout)); err != nil {
			return p.fail(err)
		}
		return exitOK
	}
	if err := status.ChangeText(p.stderr, c, time.Now(), p.style(p.stderr)); err != nil {
		return p.fail(err)
	}
	return exitNo
}
