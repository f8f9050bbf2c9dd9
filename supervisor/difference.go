package supervisor

import (
	"reflect"

	"github.com/lbsup/lbsup/render/cluster"
)

// differences names the parts of the cluster file in which two clusters differ, in the words of the file.
func differences(before, after *cluster.Cluster) []string {
	var out []string
	same := func(part string, a, b any) {
		if !reflect.DeepEqual(a, b) {
			out = append(out, part+" changed")
		}
	}
	same("cluster", before.Name, after.Name)
	same("nodes", before.Nodes, after.Nodes)
	same("vrrp", vrrpAlone(before.VRRP), vrrpAlone(after.VRRP))
	out = append(out, named("vrrp.instances", before.VRRP.Instances, after.VRRP.Instances, func(i cluster.Instance) string { return i.Name })...)
	same("checks", before.Checks, after.Checks)
	out = append(out, named("services", before.Services, after.Services, func(s cluster.Service) string { return s.Name })...)
	same("stats", before.Stats, after.Stats)
	same("haproxy", before.HAProxy, after.HAProxy)
	return out
}

func vrrpAlone(v cluster.VRRP) cluster.VRRP {
	v.Instances = nil
	return v
}

// named compares two lists by the names of their entries, whose order does not matter.
func named[T any](part string, before, after []T, name func(T) string) []string {
	var out []string
	old := map[string]T{}
	for _, b := range before {
		old[name(b)] = b
	}
	for _, a := range after {
		b, was := old[name(a)]
		delete(old, name(a))
		switch {
		case !was:
			out = append(out, part+": "+name(a)+" added")
		case !reflect.DeepEqual(a, b):
			out = append(out, part+": "+name(a)+" changed")
		}
	}
	for _, b := range before {
		if _, gone := old[name(b)]; gone {
			out = append(out, part+": "+name(b)+" removed")
		}
	}
	return out
}
