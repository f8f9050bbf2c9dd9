package main

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/lbsup/lbsup/supervisor/control"
	"github.com/lbsup/lbsup/supervisor/status"
)

func eventsCommand() command {
	var follow, here, asJSON bool
	var since string
	var kinds []string
	f := newFlags("events")
	f.StringVar(&since, "since", "24h", "since a `time`: 1h or 7d ago, 02:13, \"2026-01-02 02:13\"")
	f.BoolVar(&follow, "follow", false, "go on with what happens, until interrupted")
	f.BoolVar(&here, "here", false, "what happened on this node alone")
	f.BoolVar(&asJSON, "json", false, "for programs: one object a line")
	f.StringSliceVar(&kinds, "kind", nil, "only these: `KINDS` with commas between them")
	return command{
		name: "events", args: "[--since TIME] [--follow] [--here] [--json] [--kind KINDS]", summary: "what happened on the nodes, in order",
		about: `Shows the timeline: verdicts of checks with their reasons, what keepalived was told and
what it did, where the VIPs went, who asked for which change, reloads and restarts, and
whether the host stood still or its clock jumped. It is kept through restarts of lbsup and
of the host. Where the nodes exchange status, what the others have on record stands in its
place, by this node's clock: of each at most its newest 1,000 lines. What one does not tell is
said; so is a clock that is off by a second.

The kinds are ` + kindList() + `.

--json writes one object a line: time; node; kind; subject, what it happened to; text and
reason, as shown; by, who asked for it; fields, the same for programs, such as from, to, here
and instance; more, how many like it came just before and are not kept. Keys are added, and
never change; those with nothing to say are left out.`,
		outcomes: []outcome{{exitOK, "shown"}, {exitNo, "it cannot be read"}, usageWrong, notRunning},
		example:  "lbsup events --since 02:00 --kind vip,role",
		flags:    f,
		run: func(ctx context.Context, p *program, _ []string) int {
			now := time.Now()
			ask, err := past(since, kinds, now)
			if err != nil {
				return p.usage("events", err.Error(), hintOf(err))
			}
			ask.Follow, ask.Here = follow, here
			return p.events(ctx, ask, asJSON)
		},
	}
}

func kindNames() (names []string) {
	for _, k := range status.Kinds() {
		names = append(names, string(k))
	}
	return names
}

// kindList names the kinds, on lines that fit the help.
func kindList() string {
	names := kindNames()
	half := len(names) / 2
	return strings.Join(names[:half], ", ") + ",\n" + listed(names[half:])
}

func past(since string, kinds []string, now time.Time) (control.Past, error) {
	from, _, err := moment(since, now)
	if err != nil {
		return control.Past{}, fmt.Errorf("cannot use --since: %w", err)
	}
	ask := control.Past{Since: from}
	for _, k := range kinds {
		if !slices.Contains(status.Kinds(), status.Kind(k)) {
			return ask, hinted(didYouMean(k, kindNames()), "cannot use --kind %q: want some of %s", k, strings.Join(kindNames(), ","))
		}
		ask.Kinds = append(ask.Kinds, status.Kind(k))
	}
	return ask, nil
}

func (p *program) events(ctx context.Context, ask control.Past, asJSON bool) int {
	shown := 0
	err := p.client().Events(ctx, ask, func(ms []status.Moment) error {
		shown += len(ms)
		if asJSON {
			return p.jsonLines(ms)
		}
		return status.MomentsText(p.stdout, ms, time.Now(), p.style(p.stdout))
	})
	switch {
	case err != nil:
		return p.fail(err)
	case shown == 0 && !asJSON && !ask.Follow:
		_, _ = fmt.Fprintf(p.stdout, "nothing is on record since %s\n", ask.Since.Format(time.DateTime))
	}
	return exitOK
}

func (p *program) jsonLines(ms []status.Moment) error {
	e := json.NewEncoder(p.stdout)
	for _, m := range ms {
		if err := e.Encode(m); err != nil {
			return err
		}
	}
	return nil
}
