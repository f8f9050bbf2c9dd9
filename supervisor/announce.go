package supervisor

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode"

	"github.com/lbsup/lbsup/supervisor/status"
	"github.com/lbsup/lbsup/supervisor/systemd"
)

const (
	announceAnew  = 10 * time.Second // how often what HAProxy and files say is looked at for a new phrase; the state is at each tick
	longestPhrase = 160
)

// announcer tells systemd in a phrase how this node is, for `systemctl status lbsup`: only when it is another one.
type announcer struct {
	version string
	ticks   <-chan struct{} // of the owner loop: one wake-up for both
	seen    func() status.Snapshot
	look    func(context.Context, *status.Snapshot) // what more there is to see: it asks HAProxy
	say     func(word string)
}

func (n *node) announcer() announcer {
	return announcer{version: n.Version, ticks: n.ticks, seen: n.glimpse, look: n.look, say: n.notify}
}

// glimpse is what is, but for the services, of which no phrase tells.
func (n *node) glimpse() status.Snapshot {
	s := n.loop.State()
	if s.Installed.Local != nil {
		local, whole := *s.Installed.Local, *s.Installed.Local.Cluster // both: a state that was published never changes
		whole.Services, local.Cluster = nil, &whole
		s.Installed.Local = &local
	}
	return snapshot(s, time.Now())
}

// announce tells from the first turn of the loop on.
func (n *node) announce(ctx context.Context) error {
	select {
	case <-n.loop.ready:
	case <-ctx.Done():
		return nil
	}
	return n.announcer().run(ctx)
}

func (a announcer) run(ctx context.Context) error {
	var said, glimpse string
	var looked time.Time
	for {
		snap := a.seen()
		if g := phrase(snap); g != glimpse || time.Since(looked) >= announceAnew {
			glimpse, looked = g, time.Now()
			looking, cancel := context.WithTimeout(ctx, lookLimit)
			a.look(looking, &snap)
			cancel()
			if p := phrase(snap); p != said && ctx.Err() == nil {
				said = p
				a.say(systemd.Status + "lbsup " + a.version + ", " + p)
			}
		}
		select {
		case <-ctx.Done():
			return nil
		case <-a.ticks:
		}
	}
}

// phrase is a node in one line: what it holds, or what is wrong first.
func phrase(s status.Snapshot) string {
	if len(s.Findings) > 0 {
		text := "not well: " + s.Findings[0].What
		if more := len(s.Findings) - 1; more > 0 {
			text = fmt.Sprintf("not well, %d things: %s", more+1, s.Findings[0].What)
		}
		return brief(text)
	}
	var roles []string
	for _, i := range s.Instances {
		roles = append(roles, i.State+" of "+i.Name)
	}
	if len(roles) == 0 {
		return "well"
	}
	return brief("well: " + strings.Join(roles, ", "))
}

// brief keeps a phrase to a line: a line break would begin another word to systemd (sd_notify(3)).
func brief(text string) string {
	text = strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return ' '
	}, text)
	if r := []rune(text); len(r) > longestPhrase {
		return string(r[:longestPhrase-1]) + "…"
	}
	return text
}
