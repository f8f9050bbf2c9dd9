package host

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/lbsup/lbsup/render/host"
)

// firewall has firewalld let in what a node needs. Any other firewall is its owner's.
func (i Installer) firewall(ctx context.Context, needs host.Needs) ([]Step, error) {
	services := needs.Firewalld()
	stale := i.stale(services)
	if len(services) == 0 && len(stale) == 0 {
		return nil, nil
	}
	if _, code, err := i.Run(ctx, "firewall-cmd", "--state"); err != nil || code != 0 {
		return []Step{{What: "firewalld does not run here, and no other firewall was touched: lbsup host shows the rules that one would need"}}, nil
	}
	var steps []Step
	var wrong error
	written := false
	for _, name := range stale {
		step, err := i.withdraw(ctx, name)
		written = true
		if wrong = errors.Join(wrong, err); err == nil {
			steps = append(steps, step)
		}
	}
	for _, s := range services {
		path := serviceFile(s.Name)
		changed, err := i.file(path, s.Text)
		written = written || changed
		if wrong = errors.Join(wrong, err); err == nil {
			steps = append(steps, Step{path, changed})
		}
	}
	if written {
		if err := i.reload(ctx); err != nil {
			return steps, errors.Join(wrong, err)
		}
	}
	for _, s := range services {
		more, err := i.zones(ctx, s)
		steps, wrong = append(steps, more...), errors.Join(wrong, err)
	}
	return steps, wrong
}

// reload makes firewalld read its files again. What was set at run time only is lost by it, as the manual says: so it is done for a reason alone.
func (i Installer) reload(ctx context.Context) error {
	_, err := i.command(ctx, "firewall-cmd", "--reload")
	return err
}

// zones puts a service into the zone of each of its interfaces: now, and for the next start.
func (i Installer) zones(ctx context.Context, s host.Service) (steps []Step, wrong error) {
	done := map[string]bool{}
	links := s.Interfaces
	if len(links) == 0 {
		links = []string{""}
	}
	for _, link := range links {
		zone, err := i.zone(ctx, link)
		if err != nil {
			wrong = errors.Join(wrong, err)
			continue
		}
		if done[zone] {
			continue
		}
		done[zone] = true
		changed := false
		for _, when := range [][]string{{"--permanent"}, nil} {
			added, err := i.admit(ctx, append(when, "--zone="+zone), s)
			changed, wrong = changed || added, errors.Join(wrong, err)
		}
		steps = append(steps, Step{what(s, zone), changed})
	}
	return steps, wrong
}

func (i Installer) zone(ctx context.Context, link string) (string, error) {
	if link != "" {
		out, code, err := i.Run(ctx, "firewall-cmd", "--get-zone-of-interface="+link)
		if err == nil && code == 0 && strings.TrimSpace(out) != "" {
			return strings.TrimSpace(out), nil
		}
	}
	out, err := i.command(ctx, "firewall-cmd", "--get-default-zone")
	return strings.TrimSpace(out), err
}

func what(s host.Service, zone string) string {
	if len(s.From) == 0 {
		return fmt.Sprintf("firewalld: service %s in zone %s", s.Name, zone)
	}
	return fmt.Sprintf("firewalld: service %s in zone %s, for %s", s.Name, zone, strings.Join(texts(s.From), ", "))
}

func texts(all []netip.Addr) (out []string) {
	for _, a := range all {
		out = append(out, a.String())
	}
	return out
}

// admit lets a service in for everybody, or by rich rules for those that it is for, and for no one that it was for before.
func (i Installer) admit(ctx context.Context, where []string, s host.Service) (changed bool, wrong error) {
	if len(s.From) == 0 {
		return i.add(ctx, where, s.Name)
	}
	firewall := append([]string{"firewall-cmd"}, where...)
	out, err := i.command(ctx, append(firewall, "--list-rich-rules")...)
	if err != nil {
		return false, err
	}
	ask := func(option, rule string) {
		_, err := i.command(ctx, append(slices.Clone(firewall), option+rule)...)
		changed, wrong = changed || err == nil, errors.Join(wrong, err)
	}
	wanted := s.RichRules()
	there := strings.Split(strings.TrimSpace(out), "\n")
	for _, rule := range there {
		if names(rule, s.Name) && !slices.Contains(wanted, rule) {
			ask("--remove-rich-rule=", rule)
		}
	}
	for _, rule := range wanted {
		if !slices.Contains(there, rule) {
			ask("--add-rich-rule=", rule)
		}
	}
	return changed, wrong
}

func (i Installer) add(ctx context.Context, where []string, service string) (bool, error) {
	argv := append([]string{"firewall-cmd"}, where...)
	if _, code, err := i.Run(ctx, append(argv, "--query-service="+service)...); err == nil && code == 0 {
		return false, nil
	}
	_, err := i.command(ctx, append(argv, "--add-service="+service)...)
	return err == nil, err
}

func (i Installer) command(ctx context.Context, argv ...string) (string, error) {
	out, code, err := i.Run(ctx, argv...)
	if err != nil {
		return "", fmt.Errorf("cannot run %q: %w", strings.Join(argv, " "), err)
	}
	if code != 0 {
		return "", fmt.Errorf("cannot run %q: exit code %d: %s", strings.Join(argv, " "), code, strings.TrimSpace(out))
	}
	return out, nil
}
