package pair

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/lbsup/lbsup/test/lab"
)

// often is how often a condition is looked at.
const often = 20 * time.Millisecond

// Await looks until there is no complaint any more. When the context ends first, the error is the last complaint.
func Await(ctx context.Context, complaint func(context.Context) error) error {
	var last error
	for {
		err := complaint(ctx)
		if err == nil {
			return nil
		}
		if ctx.Err() == nil || last == nil {
			last = err // that time is up says less
		}
		select {
		case <-time.After(often):
		case <-ctx.Done():
			return fmt.Errorf("waited in vain (%w): %w", context.Cause(ctx), last)
		}
	}
}

// Well complains unless both hosts say that they are well, the preferred one alone holds the VIPs, and the client is answered over the first.
func (p *Pair) Well(ctx context.Context) error {
	for _, node := range p.Nodes() {
		snapshot, err := Status(ctx, node)
		if err == nil {
			err = Complaint(snapshot)
		}
		if err != nil {
			return err
		}
	}
	return errors.Join(p.Home(), p.answers(ctx))
}

// Home complains unless the preferred host alone holds the VIPs.
func (p *Pair) Home() error { return Alone(p.First, p.Second) }

// Away complains unless the other host alone holds them.
func (p *Pair) Away() error { return Alone(p.Second, p.First) }

// Alone complains unless one host holds every VIP and the other none. It asks the kernel, not lbsup.
func Alone(holder, other *lab.Node) error {
	for _, vip := range VIPs {
		for _, node := range []*lab.Node{holder, other} {
			held, err := node.Holds(vip)
			switch {
			case err != nil:
				return err
			case held && node == other:
				return fmt.Errorf("%s holds %s", other.Name, vip)
			case !held && node == holder:
				return fmt.Errorf("%s does not hold %s", holder.Name, vip)
			}
		}
	}
	return nil
}

func (p *Pair) answers(ctx context.Context) error {
	_, err := lab.Ask(ctx, p.Lab.Client(time.Second), URL)
	return err
}
