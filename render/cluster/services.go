package cluster

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// reserved begins the names that lbsup gives to its own sections of HAProxy's configuration.
const reserved = "lbsup-"

func (b builder) services() {
	names := once[string]{}
	for i, raw := range b.raw.Services {
		path := fmt.Sprintf("services[%d]", i)
		if first, again := names.repeated(string(raw.Name), path+".name"); again && raw.Name != "" {
			b.add(path+".name", mistake{"name two services alike", b.twice(string(raw.Name), first), "a name for each service", ""})
		}
		if strings.HasPrefix(string(raw.Name), reserved) {
			b.add(path+".name", mistake{"use this name", quote(string(raw.Name)), "one that does not begin with " + reserved, "these are lbsup's own"})
		}
		b.cluster.Services = append(b.cluster.Services, b.service(path, raw))
	}
	b.backends()
	b.index.backends = b.backendNames()
}

// backendNames are the ways in which a check may name a service or one of its pools.
func (b builder) backendNames() (out []string) {
	for _, s := range b.cluster.Services {
		out = append(out, s.Name)
		for _, p := range s.Pools {
			if len(s.Pools) > 1 || p.Name != s.Name {
				out = append(out, s.Name+"/"+p.Name)
			}
		}
	}
	return out
}

// backends reports pools whose backends get one name: several pools of a service are called SERVICE.POOL in HAProxy, a
// single one SERVICE.
func (b builder) backends() {
	names := once[string]{}
	for i, s := range b.cluster.Services {
		path := fmt.Sprintf("services[%d]", i)
		if len(s.Pools) == 1 {
			names.repeated(s.Name, path)
		}
	}
	for i, s := range b.cluster.Services {
		if len(s.Pools) == 1 {
			continue
		}
		for _, p := range s.Pools {
			path := join(fmt.Sprintf("services[%d].pools", i), p.Name)
			if first, again := names.repeated(s.Name+"."+p.Name, path); again && p.Name != "" && s.Name != "" && first != path {
				b.add(path, mistake{"name two backends alike", b.twice(s.Name+"."+p.Name, first), "a name for each",
					"a pool is called " + s.Name + "." + p.Name + " in HAProxy"})
			}
		}
	}
}

func (b builder) service(path string, raw rawService) Service {
	out := Service{
		Name: string(raw.Name), Mode: Mode(raw.Mode), Default: string(raw.Default), Disabled: raw.Disabled, Raw: plainTexts(raw.Raw),
		Pools: b.pools(path, raw), Routes: b.routes(path, raw), TLS: tlsOf(raw),
	}
	for _, bind := range raw.Bind {
		out.Bind = append(out.Bind, Bind(bind))
	}
	if f := raw.ForwardedFor; f != nil {
		out.ForwardedFor = &ForwardedFor{}
		if f.Except != nil {
			out.ForwardedFor.Except = networkOf(*f.Except).Masked()
		}
	}
	for _, name := range slices.Sorted(maps.Keys(raw.RequestHeaders)) {
		out.RequestHeaders = append(out.RequestHeaders, Header{string(name), raw.RequestHeaders[name]})
	}
	if len(raw.Pools) == 0 {
		out.Default = out.Name
	}
	b.servicePools(path, raw)
	if out.Mode == TCP {
		b.tcpOnly(path, raw)
	}
	return out
}

// tcpOnly reports what only works on requests, which a service in tcp mode never sees.
func (b builder) tcpOnly(path string, raw rawService) {
	for _, key := range []string{"sticky", "routes", "forwarded_for", "request_headers"} {
		if _, written := b.places[path+"."+key]; written {
			b.add(path+"."+key, needsHTTP(key))
		}
	}
	if raw.Balance.readsRequests() {
		b.add(path+".balance", needsHTTP("balance: "+string(raw.Balance)))
	}
	for _, name := range slices.Sorted(maps.Keys(raw.Pools)) {
		pool, at := raw.Pools[name], join(path+".pools", string(name))
		if pool.Sticky != nil {
			b.add(at+".sticky", needsHTTP("sticky"))
		}
		if pool.Balance.readsRequests() {
			b.add(at+".balance", needsHTTP("balance: "+string(pool.Balance)))
		}
	}
}

func needsHTTP(key string) mistake {
	return mistake{"use " + key + " in tcp mode", "mode tcp", "mode http", "a service in tcp mode does not see requests"}
}

func tlsOf(raw rawService) *TLS {
	if raw.TLS == nil {
		return nil
	}
	out := TLS{Certificates: plainTexts(raw.TLS.Certificates), MinVersion: raw.TLS.MinVersion, ALPN: plainTexts(raw.TLS.ALPN)}
	if out.ALPN == nil && Mode(raw.Mode) == HTTP {
		out.ALPN = []string{"h2", "http/1.1"} // what HAProxy offers by itself since 2.8
	}
	return &out
}
