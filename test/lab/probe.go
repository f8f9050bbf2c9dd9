package lab

import (
	"context"
	"sync"
	"time"
)

// Probe asks a URL again and again, each time with a new connection, and remembers what came of it.
type Probe struct {
	stop context.CancelFunc
	done chan struct{}

	mu      sync.Mutex
	samples []Sample
}

// Sample is one request of a probe.
type Sample struct {
	At   time.Time // when it was sent
	Took time.Duration
	From string // the first line of the answer: the backend's name
	Err  error
}

// Probe starts asking from the client's namespace. A request never delays the next: each has its own goroutine and gives up after the
// patience, so that an outage is as long as it was and not longer.
func (l *Lab) Probe(url string, every, patience time.Duration) *Probe {
	ctx, cancel := context.WithCancel(context.Background())
	p := &Probe{stop: cancel, done: make(chan struct{})}
	client := l.Client(patience)
	go p.run(ctx, every, func() Sample {
		sample := Sample{At: time.Now()}
		sample.From, sample.Err = Ask(context.Background(), client, url)
		sample.Took = time.Since(sample.At)
		return sample
	})
	return p
}

func (p *Probe) run(ctx context.Context, every time.Duration, ask func() Sample) {
	defer close(p.done)
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	var asking sync.WaitGroup
	defer asking.Wait()
	for ctx.Err() == nil {
		asking.Go(func() { p.add(ask()) })
		select {
		case <-ticker.C:
		case <-ctx.Done():
		}
	}
}

func (p *Probe) add(sample Sample) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.samples = append(p.samples, sample)
}

// Stop ends the asking, waits for the last answers, and returns the report.
func (p *Probe) Stop() Report {
	p.stop()
	<-p.done
	return p.Report()
}

// Report is what has come of it up to now.
func (p *Probe) Report() Report {
	p.mu.Lock()
	defer p.mu.Unlock()
	return NewReport(p.samples)
}
