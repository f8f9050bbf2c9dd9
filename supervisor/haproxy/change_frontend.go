package haproxy

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/lbsup/lbsup/render/cluster"
	"github.com/lbsup/lbsup/render/haproxy"
)

func (s *script) setFrontend(do haproxy.SetFrontend) error {
	verb := "disable"
	if do.Open {
		verb = "enable"
	}
	s.open[do.Frontend] = do.Open
	return s.say(verb, "frontend", do.Frontend)
}

// frontends are those of HAProxy by name, where one is to be opened or closed.
func (c Changer) frontends(ctx context.Context, s *script) (map[string]Frontend, error) {
	if len(s.open) == 0 {
		return nil, nil
	}
	rows, err := c.Runtime.Frontends(ctx)
	if err != nil {
		return nil, err
	}
	found := map[string]Frontend{}
	for _, f := range rows {
		found[f.Name] = f
	}
	return found, nil
}

// prepareFrontends looks whether HAProxy has the frontends that are to be opened or closed. One that it was started without, it has not.
func (c Changer) prepareFrontends(ctx context.Context, s *script) error {
	found, err := c.frontends(ctx, s)
	if err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(s.open)) {
		if f := found[name]; !f.Open() && !f.Paused() {
			return fmt.Errorf("cannot change frontend %q at run time: HAProxy was started without it, or has shut it down", name)
		}
	}
	return nil
}

func (c Changer) wrongFrontend(ctx context.Context, s *script) (string, error) {
	found, err := c.frontends(ctx, s)
	if err != nil {
		return "", err
	}
	for _, name := range slices.Sorted(maps.Keys(s.open)) {
		if f := found[name]; f.Open() != s.open[name] {
			return fmt.Sprintf("frontend %q is %s", name, f.Status), nil
		}
	}
	return "", nil
}

// Stopped names the services of which HAProxy has no frontend that could be opened at run time: they were disabled when it started,
// or a person shut them down. Difference has to know them.
func Stopped(l *cluster.Local, rows []Frontend) (names []string) {
	for _, service := range l.Services {
		i := slices.IndexFunc(rows, func(f Frontend) bool { return f.Name == service.Name })
		if i < 0 || !rows[i].Open() && !rows[i].Paused() {
			names = append(names, service.Name)
		}
	}
	return names
}
