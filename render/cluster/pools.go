package cluster

import (
	"fmt"
	"maps"
	"net/netip"
	"slices"
)

// pools lists the pools by name. Servers without pools are one pool that has the service's name.
func (b builder) pools(path string, raw rawService) (out []Pool) {
	if len(raw.Pools) == 0 {
		whole := rawPool{Servers: raw.Servers}
		return []Pool{b.pool(path, string(raw.Name), whole, raw)}
	}
	for _, name := range slices.Sorted(maps.Keys(raw.Pools)) {
		out = append(out, b.pool(join(path+".pools", string(name)), string(name), raw.Pools[name], raw))
	}
	return out
}

func (b builder) pool(path, name string, raw rawPool, service rawService) Pool {
	out := Pool{Name: name, Balance: string(raw.Balance), Raw: plainTexts(raw.Raw)}
	if out.Balance == "" {
		out.Balance = string(service.Balance)
	}
	health, healthPath := raw.Check, path+".check"
	if health == nil {
		health = service.Check
	}
	if health == nil {
		health = new(filled[rawHealth]())
	}
	out.Check = healthOf(*health)
	if raw.Check != nil || len(service.Pools) == 0 {
		b.health(healthPath, out.Check)
	}
	sticky := raw.Sticky
	if sticky == nil {
		sticky = service.Sticky
	}
	if sticky != nil {
		out.Sticky = &Sticky{Cookie: string(sticky.Cookie)}
	}
	out.Servers = b.servers(path, raw.Servers)
	return out
}

func (b builder) servers(path string, raw []rawServer) (out []Server) {
	names := once[string]{}
	for i, s := range raw {
		at := fmt.Sprintf("%s.servers[%d]", path, i)
		if first, again := names.repeated(string(s.Name), at+".name"); again && s.Name != "" {
			b.add(at+".name", mistake{"name two servers of a pool alike", b.twice(string(s.Name), first), "a name for each server", ""})
		}
		if s.Verify != nil && !s.TLS {
			b.add(at+".verify", mistake{"check a certificate without TLS", "verify without tls: true", "both or neither", ""})
		}
		out = append(out, Server{
			Name: string(s.Name), Host: s.Address.host, Port: s.Address.port, Backup: s.Backup, Weight: s.Weight,
			MaxConn: s.MaxConn, TLS: s.TLS, Verify: s.TLS && (s.Verify == nil || *s.Verify),
		})
	}
	return out
}

func networkOf(n network) netip.Prefix { return netip.Prefix(n) }
