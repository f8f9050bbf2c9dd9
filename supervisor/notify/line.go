package notify

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/rs/zerolog"

	"github.com/lbsup/lbsup/render/cluster"
)

// What may wait for one who is told, and how long it is worth trying. News of a failover often cannot leave at once: it is
// the network that has failed.
const (
	room         = 64
	worthTrying  = time.Hour
	firstPause   = time.Second
	longestPause = time.Minute
)

// final is an error that another try would only repeat.
type final struct{ error }

// line is the way to one who is told. News go along it one after the other.
type line struct {
	notice cluster.Notice
	who    string
	try    func(context.Context, News) error
	clock  func() time.Time
	log    zerolog.Logger
	wake   chan struct{}

	mu    sync.Mutex
	queue []News
	so    Report
}

func newLine(n cluster.Notice, clock func() time.Time, log zerolog.Logger) *line {
	l := &line{notice: n, clock: clock, log: log, wake: make(chan struct{}, 1)}
	if n.Webhook != "" {
		l.who, l.try = hostOf(n.Webhook), newWebhook(n).try
	} else {
		l.who, l.try = n.Exec[0], program(n.Exec).try
	}
	return l
}

// put takes news. Where there is no room the oldest go: what is newer says more of what is.
func (l *line) put(n News) {
	l.mu.Lock()
	if len(l.queue) == room {
		l.queue = append([]News(nil), l.queue[1:]...)
		l.so.Dropped++
	}
	l.queue = append(l.queue, n)
	l.mu.Unlock()
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

func (l *line) next() (News, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.queue) == 0 {
		return News{}, false
	}
	n := l.queue[0]
	l.queue = l.queue[1:]
	return n, true
}

func (l *line) run(ctx context.Context) {
	for ctx.Err() == nil {
		n, is := l.next()
		if is {
			l.deliver(ctx, n)
			continue
		}
		select {
		case <-ctx.Done():
		case <-l.wake:
		}
	}
}

// deliver tries until it succeeds or is no longer worth it.
func (l *line) deliver(ctx context.Context, n News) {
	begin := l.clock()
	for pause := firstPause; ; pause = min(2*pause, longestPause) {
		trying, cancel := context.WithTimeout(ctx, l.notice.Timeout)
		err := l.try(trying, n)
		late := trying.Err() != nil
		cancel()
		switch {
		case ctx.Err() != nil:
			return
		case err == nil:
			l.succeeded()
			return
		}
		_, given := errors.AsType[final](err)
		given = given || l.clock().Sub(begin)+pause > worthTrying
		if late {
			err = fmt.Errorf("it took longer than %s", l.notice.Timeout)
		}
		l.failed(n, err, given)
		if given {
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(pause):
		}
	}
}

func (l *line) succeeded() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.so.Told++
	l.so.Trouble, l.so.Troubled = "", time.Time{}
}

// failed notes a failure. The log is written when nothing is locked any more: it may hang, and the owner loop must not.
func (l *line) failed(n News, err error, given bool) {
	if first := l.note(err, given); first || given {
		l.log.Warn().Str("who", l.who).Str("event", string(n.Event)).Bool("given_up", given).Msg("cannot tell of what happened: " + err.Error())
	}
}

func (l *line) note(err error, given bool) (first bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if first = l.so.Trouble == ""; first {
		l.so.Troubled = l.clock()
	}
	l.so.Trouble = err.Error()
	if given {
		l.so.Failed++
	}
	return first
}

func (l *line) told() Report {
	l.mu.Lock()
	defer l.mu.Unlock()
	r := l.so
	r.Who, r.Waiting = l.who, len(l.queue)
	return r
}
