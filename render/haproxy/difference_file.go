package haproxy

import (
	"reflect"
	"slices"

	"github.com/lbsup/lbsup/render/cluster"
)

// part is one key of the cluster file with what it says before and after.
type part struct {
	key           string
	before, after any
}

// parts adds a reason for each key that says something else. None of them can be changed at run time.
func (d *difference) parts(where string, parts ...part) {
	for _, p := range parts {
		if !reflect.DeepEqual(p.before, p.after) {
			d.reload(where, p.key+" changed")
		}
	}
}

func (d *difference) haproxy() {
	b, a := d.before.HAProxy, d.after.HAProxy
	d.parts("haproxy",
		part{"log", b.Log, a.Log},
		part{"global", b.Global, a.Global},
		part{"defaults", b.Defaults, a.Defaults},
		part{"files", b.Files, a.Files},
	)
}

func (d *difference) stats() {
	const where = "stats"
	b, a := d.before.Stats, d.after.Stats
	switch {
	case b == nil && a == nil:
	case b == nil:
		d.reload(where, "added")
	case a == nil:
		d.reload(where, "removed")
	default:
		d.binds(where, []cluster.Bind{b.Bind}, []cluster.Bind{a.Bind})
		d.parts(where,
			part{"uri", b.URI, a.URI},
			part{"refresh", b.Refresh, a.Refresh},
			part{"description", b.Description, a.Description},
			part{"user", b.User, a.User},
			part{"password_file", b.PasswordFile, a.PasswordFile},
			part{"admin", b.Admin, a.Admin},
		)
	}
}

func (d *difference) services() {
	for _, a := range d.after.Services {
		if b, was := named(d.before.Services, a.Name, serviceName); was {
			d.service(b, a)
		} else {
			d.reload("services."+a.Name, "service added")
		}
	}
	for _, b := range d.before.Services {
		if _, is := named(d.after.Services, b.Name, serviceName); !is {
			d.reload("services."+b.Name, "service removed")
		}
	}
}

func (d *difference) service(b, a cluster.Service) {
	where := "services." + a.Name
	d.binds(where, b.Bind, a.Bind)
	d.parts(where,
		part{"mode", b.Mode, a.Mode},
		part{"default", b.Default, a.Default},
		part{"tls", b.TLS, a.TLS},
		part{"forwarded_for", b.ForwardedFor, a.ForwardedFor},
		part{"request_headers", b.RequestHeaders, a.RequestHeaders},
		part{"raw", b.Raw, a.Raw},
	)
	d.routes(where, b, a)
	for _, after := range a.Pools {
		if before, was := named(b.Pools, after.Name, poolName); was {
			d.pool(poolChange{where: whereOf(a, after), backend: BackendName(a, after), before: before, after: after, raw: rawOf(a, after)})
		} else {
			d.reload(where, "pool "+after.Name+" added")
		}
	}
	for _, before := range b.Pools {
		if _, is := named(a.Pools, before.Name, poolName); !is {
			d.reload(where, "pool "+before.Name+" removed")
		}
	}
	d.disabled(where, b, a) // behind the servers, so that one that opens has them
}

// disabled closes or opens a service's frontend.
func (d *difference) disabled(where string, b, a cluster.Service) {
	switch {
	case b.Disabled == a.Disabled:
	case a.Disabled:
		d.change(where, "disabled, takes no new connections", SetFrontend{Frontend: a.Name})
	case slices.Contains(d.stopped, a.Name):
		d.reload(where, "HAProxy was started with it disabled")
	default:
		d.change(where, "no longer disabled", SetFrontend{Frontend: a.Name, Open: true})
	}
}

// whereOf is the place of a pool in the cluster file: servers that are written without pools are the service's own.
func whereOf(s cluster.Service, pool cluster.Pool) string {
	if len(s.Pools) == 1 && pool.Name == s.Name {
		return "services." + s.Name
	}
	return "services." + s.Name + ".pools." + pool.Name
}

// rawOf are the raw lines beside a pool's servers.
func rawOf(s cluster.Service, pool cluster.Pool) []string {
	if single(s) {
		return slices.Concat(s.Raw, pool.Raw)
	}
	return pool.Raw
}

// binds compares where something listens, and whether that is the address of a VIP, which is bound in another way.
func (d *difference) binds(where string, before, after []cluster.Bind) {
	d.parts(where, part{"bind", before, after})
	for _, b := range after {
		if slices.Contains(before, b) && isVIP(d.before, b.Address) != isVIP(d.after, b.Address) {
			d.reload(where, "bind "+address(b)+" began or ceased to be a VIP")
		}
	}
}

func serviceName(s cluster.Service) string { return s.Name }
func poolName(p cluster.Pool) string       { return p.Name }

func named[T any](list []T, name string, nameOf func(T) string) (T, bool) {
	i := slices.IndexFunc(list, func(t T) bool { return nameOf(t) == name })
	if i < 0 {
		var none T
		return none, false
	}
	return list[i], true
}
