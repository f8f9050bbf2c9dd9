package cluster

import (
	"fmt"
	"slices"

	"github.com/lbsup/lbsup/checks"
)

// track is what an instance's priority depends on: exactly what is written, or by default the checks that ask for it.
func (b builder) track(path string, raw rawTrack) Track {
	out := Track{Interfaces: plainTexts(raw.Interfaces)}
	_, written := b.places[path+".track.checks"]
	for name := range raw.Checks {
		_, own := b.raw.Checks[name]
		if name != "" && (name == checks.Supervisor || !own && name != checks.HAProxy) {
			b.unknownCheck(join(path+".track.checks", string(name)), string(name))
		}
	}
	for _, check := range b.cluster.Checks {
		does := effect{word: check.OnFail}
		if written {
			does = raw.Checks[identifier(check.Name)]
		}
		if does.word == checks.Fault || does.word == checks.Lower {
			out.Checks = append(out.Checks, TrackedCheck{Check: check.Name, Effect: does.word, Weight: does.weight})
		}
	}
	return out
}

// trackedInterfaces reports interfaces that no instance sends adverts on and no virtual address is on.
func (b builder) trackedInterfaces() {
	var used []string
	for _, instance := range b.cluster.VRRP.Instances {
		used = append(used, instance.Interface)
		for _, vip := range instance.Addresses {
			used = append(used, vip.Interface)
		}
	}
	slices.Sort(used)
	used = slices.Compact(used)
	for i, instance := range b.cluster.VRRP.Instances {
		seen := once[string]{}
		for j, link := range instance.Track.Interfaces {
			path := fmt.Sprintf("vrrp.instances[%d].track.interfaces[%d]", i, j)
			if _, again := seen.repeated(link, path); again && link != "" {
				b.add(path, mistake{"track an interface twice", quote(link), "each once", ""})
			} else if link != "" && !slices.Contains(used, link) {
				hint := b.near(link, used)
				if hint == "" {
					hint = "an interface check looks after other interfaces"
				}
				b.add(path, mistake{"track an interface that no instance uses", quote(link), oneOf(some(used)), hint})
			}
		}
	}
}
