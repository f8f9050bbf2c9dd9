package supervisor

import "context"

// clerk does what has to be on disk before somebody is told of it, in the order in which it was asked for, and beside the
// owner loop: a disk that takes its time must not hold up a verdict.
type clerk struct{ papers chan func() }

// desktop is how many papers may wait. A change makes six or seven.
const desktop = 256

func newClerk() clerk { return clerk{papers: make(chan func(), desktop)} }

// file hands a paper in.
func (c clerk) file(ctx context.Context, paper func()) {
	select {
	case c.papers <- paper:
	case <-ctx.Done():
		paper() // the clerk goes, and nothing is to be lost
	}
}

// run works until ctx ends, and through what was handed in before.
func (c clerk) run(ctx context.Context) error {
	for {
		select {
		case paper := <-c.papers:
			paper()
		case <-ctx.Done():
			for {
				select {
				case paper := <-c.papers:
					paper()
				default:
					return ctx.Err()
				}
			}
		}
	}
}
