package main

import (
	"slices"
	"sync"

	"github.com/lbsup/lbsup/supervisor/doctor"
	"github.com/lbsup/lbsup/supervisor/wire"
)

// ear collects what is heard on several links at once.
type ear struct {
	waiting sync.WaitGroup

	mu     sync.Mutex
	wire   doctor.Wire
	passed map[voice]bool // behind the firewall
}

func (e *ear) listen(link string, listen func(func(wire.Heard)) error, take func(wire.Heard)) {
	e.waiting.Go(func() {
		if err := listen(take); err != nil {
			e.mu.Lock()
			defer e.mu.Unlock()
			e.wire.Problems[link] = err.Error()
		}
	})
}

// heard takes an advert on the wire: the last one of each voice stands for all.
func (e *ear) heard(h wire.Heard) {
	e.mu.Lock()
	defer e.mu.Unlock()
	now := doctor.Advert{
		Link: h.Interface, RouterID: h.RouterID, IPv6: h.IPv6(), Source: h.Source, Hardware: h.Hardware, Priority: h.Priority, Interval: h.Interval,
		Addresses: h.Addresses, Sent: h.Sent, Count: 1,
	}
	at := slices.IndexFunc(e.wire.Adverts, func(a doctor.Advert) bool { return voiceOf(a) == voiceOf(now) && a.Sent == now.Sent })
	if at < 0 {
		e.wire.Adverts = append(e.wire.Adverts, now)
		return
	}
	now.Count += e.wire.Adverts[at].Count
	e.wire.Adverts[at] = now
}

func voiceOf(a doctor.Advert) voice { return voice{a.Link, a.RouterID, a.Source} }

func (e *ear) received(h wire.Heard) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.passed[voice{h.Interface, h.RouterID, h.Source}] = true
}

// end waits for all and returns what was heard.
func (e *ear) end() doctor.Wire {
	e.waiting.Wait()
	for i, a := range e.wire.Adverts {
		e.wire.Adverts[i].Passed = e.passed[voiceOf(a)]
	}
	return e.wire
}
