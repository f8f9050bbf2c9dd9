package haproxy

import (
	"context"
	"errors"
	"fmt"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/lbsup/lbsup/checks"
)

// TestJudge plays rows of findings and tells what is said of each: nothing (-), or the health, with ! if it is sure.
func TestJudge(t *testing.T) {
	const interval = 250 * time.Millisecond
	refused := fmt.Errorf("no: %w", syscall.ECONNREFUSED)
	answered, stopping := Info{PID: 7, Version: "2.6"}, Info{PID: 7, Stopping: true}
	ms := func(n int, f finding) finding {
		f.at, f.timeout = time.UnixMilli(int64(n)), interval
		return f
	}
	for _, test := range []struct {
		name     string
		findings []finding
		want     []string
	}{
		{"well", []finding{ms(0, finding{info: answered}), ms(250, finding{info: answered, worker: alive, master: alive})}, []string{"healthy", "healthy"}},
		{
			"the worker and its master end",
			[]finding{ms(0, finding{info: answered}), ms(9, finding{err: refused, worker: ended, master: alive}), ms(11, finding{err: refused, worker: ended, master: ended})},
			[]string{"healthy", "-", "failed!"},
		},
		{
			"the worker ends and its master stays",
			[]finding{ms(0, finding{info: answered}), ms(9, finding{err: refused, worker: ended, master: alive}), ms(60, finding{err: refused, worker: ended, master: alive})},
			[]string{"healthy", "-", "in doubt"},
		},
		{"the worker ends and no master is known", []finding{ms(0, finding{info: answered}), ms(9, finding{err: errEmpty, worker: ended})}, []string{"healthy", "failed!"}},
		{
			"the worker ends and its listener is just being bound anew",
			[]finding{ms(0, finding{err: refused, worker: ended, master: alive}), ms(2, finding{info: answered, worker: ended, master: alive})},
			[]string{"-", "healthy"},
		},
		{
			"the master ends and the worker soon after",
			[]finding{ms(0, finding{info: answered, worker: alive, master: ended}), ms(20, finding{err: refused, worker: alive, master: ended})},
			[]string{"healthy", "failed!"},
		},
		{
			"a living worker that refuses",
			[]finding{ms(0, finding{err: refused, worker: alive, master: alive}), ms(2, finding{err: refused, worker: alive, master: alive}), ms(50, finding{err: refused, worker: alive, master: alive})},
			[]string{"-", "-", "in doubt"},
		},
		{"never seen", []finding{ms(0, finding{err: syscall.ENOENT}), ms(20, finding{err: syscall.ENOENT})}, []string{"-", "failed!"}},
		{
			"dead for a while",
			[]finding{ms(0, finding{err: refused}), ms(20, finding{err: refused}), ms(40, finding{err: refused}), ms(260, finding{err: refused}), ms(270, finding{err: refused}), ms(290, finding{info: answered})},
			[]string{"-", "failed!", "-", "-", "failed!", "healthy!"},
		},
		{"silence after death", []finding{ms(0, finding{err: refused}), ms(20, finding{err: context.DeadlineExceeded, worker: ended})}, []string{"-", "in doubt"}},
		{"silence", []finding{ms(0, finding{err: context.DeadlineExceeded}), ms(250, finding{err: syscall.EAGAIN})}, []string{"in doubt", "in doubt"}},
		{"no right to ask", []finding{ms(0, finding{err: syscall.EACCES}), ms(250, finding{err: syscall.EACCES})}, []string{"in doubt", "in doubt"}},
		{"an answer that cannot be read", []finding{ms(0, finding{err: errors.New("what?")})}, []string{"in doubt"}},
		{
			"stopping with nobody to follow",
			[]finding{ms(0, finding{info: stopping, worker: alive, master: alive}), ms(20, finding{info: stopping, worker: alive, master: alive}), ms(60, finding{info: stopping, worker: alive, master: alive})},
			[]string{"-", "-", "failed"},
		},
		{"stopping, and then another", []finding{ms(0, finding{info: stopping, worker: alive, master: alive}), ms(20, finding{info: answered, worker: alive, master: alive})}, []string{"-", "healthy"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			var m memory
			var got []string
			for _, f := range test.findings {
				var said opinion
				m, said = m.judge(f, interval)
				got = append(got, said.String())
				if said.emit && (said.result.Check != checks.HAProxy || said.result.Reason == "" || !said.result.At.Equal(f.at)) {
					t.Errorf("got the result %+v", said.result)
				}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func (o opinion) String() string {
	switch {
	case !o.emit:
		return "-"
	case o.result.Sure:
		return o.result.Health.String() + "!"
	default:
		return o.result.Health.String()
	}
}

// Whatever is found, a timeout is never called a death, and nothing but a missing listener or a stopping worker is.
func TestJudgeNeverCallsSilenceDeath(t *testing.T) {
	for _, err := range []error{nil, context.DeadlineExceeded, syscall.EAGAIN, syscall.EACCES, errLong} {
		for worker := unknown; worker <= ended; worker++ {
			for master := unknown; master <= ended; master++ {
				for _, m := range []memory{{}, {missed: 9, dead: true}, {missed: 1}} {
					f := finding{at: time.UnixMilli(1e6), err: err, info: Info{PID: 1}, worker: worker, master: master}
					if _, said := m.judge(f, time.Second); said.result.Health == checks.Failed {
						t.Errorf("%+v after %+v was called %q", f, m, said.result.Reason)
					}
				}
			}
		}
	}
}

func TestJudgePace(t *testing.T) {
	dead, doubt := syscall.ECONNREFUSED, context.DeadlineExceeded
	at := time.UnixMilli(1e6)
	for _, test := range []struct {
		name   string
		memory memory
		f      finding
		want   time.Duration
	}{
		{"well", memory{}, finding{at: at}, onTime},
		{"in doubt", memory{}, finding{at: at, err: doubt}, onTime},
		{"its master has just ended", memory{}, finding{at: at, master: ended}, revive},
		{"its master ended a while ago", memory{orphan: at.Add(-orphan)}, finding{at: at, master: ended}, onTime},
		{"perhaps bound anew", memory{}, finding{at: at, err: dead, worker: alive}, hurry},
		{"perhaps just starting", memory{}, finding{at: at, err: dead}, revive},
		{"dead", memory{dead: true}, finding{at: at, err: dead}, revive},
	} {
		t.Run(test.name, func(t *testing.T) {
			if _, said := test.memory.judge(test.f, time.Second); said.pause != test.want {
				t.Errorf("got a pause of %v, want %v", said.pause, test.want)
			}
		})
	}
}
