package cluster

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/lbsup/lbsup/checks"
)

// What a check does unless the file says otherwise. HAProxy itself is looked at most often, because its death is what
// moves the addresses; a program costs a process each time.
const (
	checkInterval   = time.Second
	execInterval    = 5 * time.Second
	maxTimeout      = 5 * time.Second
	haproxyInterval = 200 * time.Millisecond
	haproxyTimeout  = 200 * time.Millisecond
)

// checks lists the built-in haproxy check, then the others by name, then those that combine others after what they
// combine.
func (b builder) checks() {
	if _, written := b.places["checks."+checks.Supervisor]; written {
		b.add("checks."+checks.Supervisor, mistake{"define this check", quote(checks.Supervisor), "another name", "this one is built in and always tracked"})
	}
	b.cluster.Checks = []checks.Definition{b.builtIn(b.raw.Checks[checks.HAProxy])}
	b.index.checks = append([]string{checks.HAProxy}, plainTexts(b.ownChecks())...)
	for _, name := range b.ownChecks() {
		raw, path := b.raw.Checks[name], join("checks", string(name))
		if b.oneKind(path) && raw.Any == nil && raw.All == nil {
			b.cluster.Checks = append(b.cluster.Checks, b.definition(path, string(name), raw))
		}
	}
	b.composites()
}

// ownChecks are the names of the checks that the file defines itself.
func (b builder) ownChecks() []identifier {
	names := slices.Sorted(maps.Keys(b.raw.Checks))
	return slices.DeleteFunc(names, func(n identifier) bool { return n == checks.HAProxy || n == checks.Supervisor })
}

// kindsOf are the keys of a check that say what it looks at.
func (b builder) kindsOf(path string) (out []string) {
	for _, kind := range kinds {
		if _, written := b.places[path+"."+string(kind)]; written {
			out = append(out, string(kind))
		}
	}
	return out
}

var kinds = []checks.Kind{
	checks.KindHTTP, checks.KindTCP, checks.KindBackend, checks.KindInterface, checks.KindExec, checks.KindAny, checks.KindAll,
}

func (b builder) oneKind(path string) bool {
	switch found := b.kindsOf(path); len(found) {
	case 1:
		return true
	case 0:
		b.add(path, mistake{"check nothing", "none of them", "http, tcp, backend, interface, exec, any or all", ""})
	default:
		b.add(path+"."+found[1], mistake{"check several things in one", strings.Join(found, " and "), "one of them", "combine checks with any or all"})
	}
	return false
}

func (b builder) builtIn(raw rawCheck) checks.Definition {
	const path = "checks." + checks.HAProxy
	for _, kind := range b.kindsOf(path) {
		b.add(path+"."+kind, mistake{"change what this check looks at", kind, "interval, timeout, rise, fall or on_fail", "the check haproxy is built in; give this one another name"})
	}
	interval := raw.Interval.or(haproxyInterval)
	out := checks.Definition{
		Name: checks.HAProxy, Probe: checks.Probe{Kind: checks.KindHAProxy}, Interval: interval,
		Timeout: raw.Timeout.or(min(haproxyTimeout, interval)), Rise: cmp.Or(raw.Rise, 2), Fall: cmp.Or(raw.Fall, 3),
		OnFail: checks.Effect(cmp.Or(raw.OnFail, string(checks.Fault))),
	}
	out.HolderFall = cmp.Or(raw.HolderFall, out.Fall)
	b.timeout(path, out.Timeout, interval)
	return out
}

func (b builder) definition(path, name string, raw rawCheck) checks.Definition {
	interval := raw.Interval.or(checkInterval)
	if raw.Exec != nil {
		interval = raw.Interval.or(execInterval)
	}
	out := checks.Definition{
		Name: name, Probe: b.probe(path, raw), Interval: interval,
		Timeout: raw.Timeout.or(min(interval*9/10, maxTimeout)), Rise: cmp.Or(raw.Rise, 2), Fall: cmp.Or(raw.Fall, 2),
		OnFail: checks.Effect(cmp.Or(raw.OnFail, string(checks.Report))),
	}
	out.HolderFall = cmp.Or(raw.HolderFall, out.Fall)
	b.timeout(path, out.Timeout, interval)
	return out
}
