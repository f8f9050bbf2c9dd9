package store

import (
	"errors"
	"fmt"
	"time"

	"github.com/lbsup/lbsup/supervisor/status"
)

// waiting adds what waits to be written.
func (k *Keeper) waiting(ms []status.Moment) []status.Moment {
	for {
		select {
		case m := <-k.queue:
			ms = append(ms, m)
		default:
			return ms
		}
	}
}

// write keeps moments and tells the journal. What the disk refuses is counted, and told when it takes something again.
func (k *Keeper) write(s *Store, ms []status.Moment) {
	if len(ms) == 0 {
		return
	}
	if err := appendTo(s, ms); err != nil {
		k.lost.Add(int64(len(ms)))
		k.check(err)
	} else {
		k.failing = false
		ms = append(ms, k.confess(s)...)
	}
	k.announce(ms)
}

// announce tells the journal and whoever waits for news.
func (k *Keeper) announce(ms []status.Moment) {
	if len(ms) == 0 {
		return
	}
	if k.Told != nil {
		for _, m := range ms {
			k.Told(m)
		}
	}
	close(<-k.news)
	k.news <- make(chan struct{})
}

// confess tells of the moments that the timeline does not have.
func (k *Keeper) confess(s *Store) []status.Moment {
	n := k.lost.Load()
	if n == 0 {
		return nil
	}
	ms := []status.Moment{trouble(time.Now(), "%d moments are not in the timeline: the disk did not take them", n)}
	if err := appendTo(s, ms); err != nil {
		return nil // next time
	}
	k.lost.Add(-n)
	return ms
}

func appendTo(s *Store, ms []status.Moment) error {
	if s == nil {
		return errors.New("cannot write the timeline: it could not be opened yet")
	}
	return s.Append(ms)
}

func trouble(now time.Time, format string, args ...any) status.Moment {
	return status.Moment{Time: now, Kind: status.TroubleKind, Subject: "timeline", Text: fmt.Sprintf(format, args...)}
}

// check tells of an error once, until something is written again.
func (k *Keeper) check(err error) {
	if err != nil && !k.failing && k.Fail != nil {
		k.Fail(err)
	}
	k.failing = k.failing || err != nil
}
