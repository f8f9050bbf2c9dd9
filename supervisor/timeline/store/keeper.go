package store

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/lbsup/lbsup/supervisor/status"
	"github.com/lbsup/lbsup/supervisor/timeline"
)

// Keeper takes moments from the owner loop and writes them down beside it: a disk that hangs holds nobody up and costs
// no memory, only moments, which are counted.
type Keeper struct {
	Dir  string
	Told func(status.Moment) // each one that is kept; for the journal
	Fail func(error)         // what went wrong with the disk

	gate  timeline.Gate // the owner loop's
	queue chan status.Moment
	lost  atomic.Int64
	news  chan chan struct{}

	failing bool // the last write failed; Run's alone
}

// backlog is how many moments may wait for the disk.
const backlog = 1024

// pulse is after how long what was written is put on the disk, and what failed is tried again.
const pulse = time.Second

// NewKeeper keeps the timeline in a directory.
func NewKeeper(dir string) *Keeper {
	k := &Keeper{Dir: dir, queue: make(chan status.Moment, backlog), news: make(chan chan struct{}, 1)}
	k.news <- make(chan struct{})
	return k
}

// Put takes moments. It never waits. The owner loop alone calls it.
func (k *Keeper) Put(ms ...status.Moment) {
	for _, m := range ms {
		for _, admitted := range k.gate.Admit(m) {
			k.pass(admitted)
		}
	}
}

// Flush lets through what was held back long enough. The owner loop calls it at each tick.
func (k *Keeper) Flush(now time.Time) {
	for _, m := range k.gate.Flush(now) {
		k.pass(m)
	}
}

func (k *Keeper) pass(m status.Moment) {
	select {
	case k.queue <- m:
	default:
		k.lost.Add(1)
	}
}

// News is closed when something new can be read. Ask for it before reading.
func (k *Keeper) News() <-chan struct{} {
	c := <-k.news
	k.news <- c
	return c
}

// Run writes until ctx ends, and then what is still waiting. A disk that cannot be written ends nothing.
func (k *Keeper) Run(ctx context.Context) error {
	s := k.open()
	var due <-chan time.Time
	for {
		if due == nil && !k.rests(s) {
			due = time.After(pulse)
		}
		select {
		case <-ctx.Done():
			k.write(s, append(k.waiting(nil), timeline.Farewell(time.Now())))
			if s == nil {
				return nil
			}
			return s.Close()
		case m := <-k.queue:
			k.write(s, k.waiting([]status.Moment{m}))
		case <-due:
			s, due = k.beat(s), nil
		}
	}
}

// rests tells that a beat would have nothing to do: a supervisor at rest wakes up for nothing.
func (k *Keeper) rests(s *Store) bool { return s != nil && !s.dirty && k.lost.Load() == 0 }

// beat is what there is to do each second, as long as there is something.
func (k *Keeper) beat(s *Store) *Store {
	if s == nil {
		return k.open()
	}
	k.announce(k.confess(s))
	k.check(s.Sync())
	return s
}

// open opens the store and tells what the supervisor before this one left behind; nil when that cannot be done now.
func (k *Keeper) open() *Store {
	last, err := Last(k.Dir)
	if err != nil {
		k.check(err)
		return nil
	}
	s, dropped, err := Open(k.Dir, Usual)
	if err != nil {
		k.check(err)
		return nil
	}
	now := time.Now()
	ms := timeline.Gap(last, now)
	if dropped > 0 {
		ms = append(ms, trouble(now, "the last line of the timeline was cut off: %d bytes of it were dropped", dropped))
	}
	k.write(s, ms)
	return s
}
