package haproxy

import (
	"fmt"
	"slices"
	"strings"

	"github.com/lbsup/lbsup/render/cluster"
)

// poolChange is one pool before and after.
type poolChange struct {
	where, backend string
	before, after  cluster.Pool
	raw            []string       // the lines beside the servers after
	numbers        map[string]int // of the servers after, where they have any
}

func (d *difference) pool(c poolChange) {
	c.numbers = numbersOf(c.after)
	d.parts(c.where,
		part{"balance", c.before.Balance, c.after.Balance},
		part{"check", c.before.Check, c.after.Check},
		part{"sticky", c.before.Sticky, c.after.Sticky},
		part{"raw", c.before.Raw, c.after.Raw},
	)
	d.servers(c)
	d.order(c)
}

// replaceable adds the reasons for which a pool's servers cannot come and go at run time.
func (d *difference) replaceable(c poolChange) {
	if !d.running.atLeast(2, 6) {
		d.reload(c.where, fmt.Sprintf("HAProxy %s cannot add and remove servers at run time, 2.6 can", d.running.Version))
	}
	d.dynamic(c)
	for _, line := range c.raw {
		if keyword := keywordOf(line); !slices.Contains(serverless, keyword) && !slices.Contains(clientSide, keyword) && !strings.HasPrefix(keyword, "#") {
			d.reload(c.where, "raw line "+keyword+" may count on the servers that HAProxy started with")
		}
	}
}

// dynamic adds a reason where the algorithm is computed when HAProxy starts.
func (d *difference) dynamic(c poolChange) {
	if !dynamic(c.after.Balance) {
		d.reload(c.where, fmt.Sprintf("balance %q is computed when HAProxy starts", c.after.Balance))
	}
}

// dynamic says whether an algorithm takes servers and weights at run time. A hash does, since it is rendered as a consistent one
// (Configuration Manual, 4.2 "hash-type").
func dynamic(algorithm string) bool {
	if algorithm == "" { // an inherited one
		return false
	}
	name, _, _ := strings.Cut(algorithm, "(")
	return slices.Contains([]string{"roundrobin", "leastconn", "first", "random"}, name) || hashes(algorithm)
}

// serverless are the keywords of a backend that neither name servers nor give them settings. Others may: a new server would lack
// what default-server says (Management Guide, 9.3 "add server"), and a raw balance overrides the pool's own.
var serverless = []string{
	"acl", "compression", "description", "errorfile", "errorloc", "errorloc302", "errorloc303", "filter", "fullconn", "http-after-response",
	"http-check", "http-request", "http-response", "log", "log-tag", "no", "option", "retries", "retry-on", "tcp-check", "tcp-request",
	"tcp-response", "timeout",
}

// clientSide are keywords of a frontend, which a service with servers of its own may have beside them.
var clientSide = []string{
	"capture", "error-log-format", "log-format", "log-format-sd", "maxconn", "monitor", "monitor-uri", "rate-limit", "redirect", "unique-id-format",
	"unique-id-header", "use_backend",
}

// order adds a reason where the order of the servers decides who is asked, and the runtime API cannot make the new one: it puts
// a new server behind all others.
func (d *difference) order(c poolChange) {
	kept, added := split(c.after.Servers, c.before.Servers)
	stayed, _ := split(c.before.Servers, c.after.Servers)
	want, got := c.after.Servers, slices.Concat(stayed, added)
	switch {
	case c.after.Balance == "first" && !sameNames(want, got):
		d.reload(c.where, "the order of the servers changed, in which balance first fills them")
	case !sameNames(backups(want), backups(got)):
		d.reload(c.where, "the order of the backup servers changed, in which they step in")
	case c.numbers != nil && rawHash(c.raw) && !sameNames(kept, stayed):
		d.reload(c.where, "the order of the servers changed, by which a raw hash-type may tell them apart")
	}
	was := numbersOf(c.before)
	for _, s := range kept {
		if n, numbered := was[s.Name]; numbered && n != c.numbers[s.Name] {
			d.reload(c.where, "the number of server "+s.Name+" changed, by which balance "+c.after.Balance+" tells it apart")
		}
	}
}

func rawHash(lines []string) bool {
	return slices.ContainsFunc(lines, func(line string) bool { return keywordOf(line) == "hash-type" })
}

// split parts the servers that the other list has too, as they are there, from the others.
func split(list, other []cluster.Server) (both, alone []cluster.Server) {
	byName := map[string]cluster.Server{}
	for _, s := range other {
		byName[s.Name] = s
	}
	for _, s := range list {
		if there, is := byName[s.Name]; is {
			both = append(both, there)
		} else {
			alone = append(alone, s)
		}
	}
	return both, alone
}

func backups(list []cluster.Server) (out []cluster.Server) {
	for _, s := range list {
		if s.Backup {
			out = append(out, s)
		}
	}
	return out
}

func sameNames(a, b []cluster.Server) bool {
	return slices.EqualFunc(a, b, func(x, y cluster.Server) bool { return x.Name == y.Name })
}
