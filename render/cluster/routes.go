package cluster

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// servicePools checks that a service has servers in exactly one way and that every pool gets requests.
func (b builder) servicePools(path string, raw rawService) {
	_, pools := b.places[path+".pools"]
	_, servers := b.places[path+".servers"]
	switch {
	case pools && servers:
		b.add(path+".pools", mistake{"use pools beside servers", "both", "one of them", "move the servers into a pool"})
	case !pools && !servers:
		b.add(path, mistake{"do without servers", "neither servers nor pools", "one of them", ""})
	case pools && len(raw.Pools) == 0:
		b.add(path+".pools", mistake{"do without servers", "no pool", "at least one", ""})
	case pools:
		b.usedPools(path, raw)
	default:
		for _, key := range []string{"routes", "default"} {
			if _, written := b.places[path+"."+key]; written {
				b.add(path+"."+key, mistake{"use " + key + " without pools", "servers alone", "pools", "servers without pools get every request"})
			}
		}
	}
}

func (b builder) usedPools(path string, raw rawService) {
	known := plainTexts(slices.Sorted(maps.Keys(raw.Pools)))
	used := map[haproxyName]bool{raw.Default: true}
	_, hasDefault := b.places[path+".default"]
	if !hasDefault {
		b.add(path, mistake{"do without default", "pools without it", "the pool for what no route takes", ""})
	} else if raw.Default != "" {
		b.knownPool(path+".default", string(raw.Default), known)
	}
	for i, route := range raw.Routes {
		used[route.To] = true
		if route.To != "" {
			b.knownPool(fmt.Sprintf("%s.routes[%d].to", path, i), string(route.To), known)
		}
	}
	for _, name := range known {
		if hasDefault && !used[haproxyName(name)] {
			b.add(join(path+".pools", name), mistake{"use a pool that nothing leads to", quote(name), "a route to it or default: " + shorten(name), ""})
		}
	}
}

func (b builder) knownPool(path, name string, known []string) {
	if _, found := slices.BinarySearch(known, name); !found {
		b.add(path, mistake{"find this pool", quote(name), oneOf(some(known)), b.near(name, known)})
	}
}

func (b builder) routes(path string, raw rawService) (out []Route) {
	seen := once[string]{}
	for i, r := range raw.Routes {
		at := fmt.Sprintf("%s.routes[%d]", path, i)
		route := Route{
			Host: plainTexts(r.When.Host), PathBegins: plainTexts(r.When.PathBegins), PathEnds: plainTexts(r.When.PathEnds), To: string(r.To),
		}
		for j, host := range route.Host {
			route.Host[j] = strings.ToLower(host)
		}
		conditions := fmt.Sprint(route.Host, route.PathBegins, route.PathEnds)
		if len(route.Host)+len(route.PathBegins)+len(route.PathEnds) == 0 {
			b.add(at+".when", mistake{"route without a condition", "none", "host, path_begins or path_ends", "what no route takes goes to default"})
		} else if first, again := seen.repeated(conditions, at); again {
			b.add(at, mistake{"reach this route", "the same conditions on " + b.line(first), "others", "the first route that fits takes the request"})
		}
		out = append(out, route)
	}
	return out
}
