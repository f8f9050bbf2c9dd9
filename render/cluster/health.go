package cluster

import (
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// instead lets check be written as off: no checks at all.
func (h *rawHealth) instead(n *yaml.Node) bool {
	h.off = n.Kind == yaml.ScalarNode && (strings.EqualFold(n.Value, "off") || n.ShortTag() == "!!bool" && strings.EqualFold(n.Value, "false"))
	return h.off
}

func (rawHealth) alternatives() []any { return []any{"off", false} }

func healthOf(raw rawHealth) HealthCheck {
	if raw.off {
		return HealthCheck{Off: true}
	}
	out := HealthCheck{
		Interval: raw.Interval.or(0), Timeout: raw.Timeout.or(0), Rise: raw.Rise, Fall: raw.Fall, TLS: raw.TLS,
	}
	if h := raw.HTTP; h != nil {
		out.HTTP = &HealthRequest{Method: string(h.Method), Path: string(h.Path), Host: string(h.Host), Status: statusCodes(h.Status)}
	}
	return out
}

func (b builder) health(path string, h HealthCheck) {
	b.timeout(path, h.Timeout, h.Interval)
	if h.HTTP != nil {
		b.statuses(path+".http.status", h.HTTP.Status)
	}
}

func (b builder) timeout(path string, timeout, interval time.Duration) {
	if interval > 0 && timeout > interval {
		b.add(path+".timeout", mistake{"wait longer than an interval", brief(timeout), "at most the interval of " + brief(interval), ""})
	}
}
