package pair

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Subject is one way of running the pair.
type Subject struct {
	Name  string
	About string        // what a reader must know of it, in one line
	Guess time.Duration // how long one run takes, for the first estimate of the time that is left
	// Labs is how many pairs of it share out its runs in a benchmark. The slower ones wait most of their time and have more, so that all are done in the same half hour.
	Labs int

	sticky  bool   // the addresses stay where they are when all is well again; otherwise they return to the first node
	adverts string // the interface of the adverts
	script  string // the vrrp_script whose first success both nodes wait for
	// keepalived is the configuration of a node; nil: lbsup writes it.
	keepalived func(node int) string
	// service is a unit that the admin writes beside it.
	service string
}

// Supervised says whether lbsup runs this pair.
func (s Subject) Supervised() bool { return s.keepalived == nil }

// The names of the subjects that others are compared with.
const (
	Lbsup      = "lbsup"
	Documented = "systemctl-is-active"
)

// Subjects are all of them, the pair of lbsup first.
func Subjects() []Subject {
	return []Subject{
		{
			Name: Lbsup, About: "the OpenShift cluster file, all defaults",
			Guess: 5 * time.Second, Labs: 2, adverts: "enc1",
		},
		{
			Name: Documented, About: "`systemctl is-active` as root: interval 5, fall 2, weight 51, advert 5; multicast",
			Guess: 45 * time.Second, Labs: 6, adverts: "enc1", script: "chk_haproxy", keepalived: isActive,
		},
		{
			Name: "killall-0", About: "`killall -0`: interval 2, weight 2, advert 1, priorities 101 and 100; multicast",
			Guess: 16 * time.Second, Labs: 2, adverts: "enc6", script: "haproxy_check", keepalived: killall,
		},
		{
			Name: "curl-script", About: "OpenShift's scripts with curl: interval 2, fall 2, rise 3, weights 20 and 5, advert 1; unicast",
			// Priorities are equal: nobody takes the address from a holder that is well.
			Guess: 10 * time.Second, Labs: 2, sticky: true, adverts: "enc6", script: "chk_ocp_lb", keepalived: curl,
		},
		{
			Name: "track-process", About: "keepalived's own `track_process`: FAULT when HAProxy is gone, advert 1, priorities 150 and 100; multicast; a stand-in hears of the process",
			Guess: 15 * time.Second, Labs: 2, adverts: "enc6", keepalived: trackProcess, service: trackProcessUnit,
		},
	}
}

// Choose are the subjects of these names, all if there are none.
func Choose(names []string) ([]Subject, error) {
	all := Subjects()
	if len(names) == 0 {
		return all, nil
	}
	var chosen []Subject
	for _, name := range names {
		i := slices.IndexFunc(all, func(s Subject) bool { return s.Name == name })
		if i < 0 {
			return nil, fmt.Errorf("cannot measure %q: got an unknown subject, want one of %s", name, strings.Join(subjectNames(all), ", "))
		}
		chosen = append(chosen, all[i])
	}
	return chosen, nil
}

func subjectNames(subjects []Subject) []string {
	var names []string
	for _, s := range subjects {
		names = append(names, s.Name)
	}
	return names
}

// install sets both hosts up and starts the daemons.
func (s Subject) install(ctx context.Context, p *Pair, from Setup) error {
	if err := p.installTool(ctx, from.Bench); err != nil {
		return err
	}
	if s.Supervised() {
		return p.installLbsup(ctx, from.Repository, from.Programs)
	}
	return p.installByHand(ctx)
}
