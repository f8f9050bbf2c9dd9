package host

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/lbsup/lbsup/render/host"
)

// stale are the services that an earlier cluster file needed and this one does not: those that have a file written by us.
func (i Installer) stale(needed []host.Service) (names []string) {
	for _, name := range []string{host.PortsService, host.AdvertsService, host.StatusService, host.PeersService} {
		if slices.ContainsFunc(needed, func(s host.Service) bool { return s.Name == name }) {
			continue
		}
		text, err := os.ReadFile(i.Root + serviceFile(name))
		if err == nil && strings.Contains(string(text), host.Mark) {
			names = append(names, name)
		}
	}
	return names
}

func serviceFile(name string) string { return host.ServicesDir + "/" + name + ".xml" }

// withdraw takes such a service out of every zone, and then its file away: a zone that names a service without one is an error to firewalld.
func (i Installer) withdraw(ctx context.Context, name string) (Step, error) {
	zones, err := i.command(ctx, "firewall-cmd", "--get-zones")
	if err != nil {
		return Step{}, err
	}
	for _, zone := range strings.Fields(zones) {
		for _, when := range [][]string{{"--permanent"}, nil} {
			err = errors.Join(err, i.expel(ctx, append(when, "--zone="+zone), name))
		}
	}
	if err != nil {
		return Step{}, err
	}
	_, err = i.file(serviceFile(name), "")
	return Step{fmt.Sprintf("firewalld: service %s removed: it is needed no more", name), true}, err
}

// expel takes a service, and the rich rules that let it in, out of one zone.
func (i Installer) expel(ctx context.Context, where []string, name string) (wrong error) {
	firewall := append([]string{"firewall-cmd"}, where...)
	if _, code, err := i.Run(ctx, append(slices.Clone(firewall), "--query-service="+name)...); err == nil && code == 0 {
		_, err := i.command(ctx, append(slices.Clone(firewall), "--remove-service="+name)...)
		wrong = errors.Join(wrong, err)
	}
	rules, err := i.command(ctx, append(slices.Clone(firewall), "--list-rich-rules")...)
	wrong = errors.Join(wrong, err)
	for rule := range strings.Lines(rules) {
		if rule = strings.TrimSpace(rule); names(rule, name) {
			_, err := i.command(ctx, append(slices.Clone(firewall), "--remove-rich-rule="+rule)...)
			wrong = errors.Join(wrong, err)
		}
	}
	return wrong
}

// names says whether a rich rule is about a service.
func names(rule, service string) bool { return strings.Contains(rule, `service name="`+service+`"`) }
