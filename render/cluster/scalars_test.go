package cluster

import (
	"net/netip"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/lbsup/lbsup/checks"
)

// node is a text as the parser finds it.
func node(t *testing.T, text string) *yaml.Node {
	t.Helper()
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(text), &doc); err != nil {
		t.Fatal(err)
	}
	return doc.Content[0]
}

// value reads a text as the given type of value.
func value[T any](t *testing.T, text string) (out T, m *mistake) {
	t.Helper()
	m = any(&out).(scalar).read(node(t, text))
	return out, m
}

func TestTimes(t *testing.T) {
	for _, row := range []struct {
		text string
		want time.Duration
	}{
		{"200ms", 200 * time.Millisecond}, {"1s", time.Second}, {"1.5s", 1500 * time.Millisecond}, {"1m30s", 90 * time.Second},
		{"24h", 24 * time.Hour}, {`"2s"`, 2 * time.Second}, {"0s", 0}, {"-1s", 0}, {"1", 0}, {"1d", 0}, {"s", 0}, {"1 s", 0}, {"1us", 0},
		{"+1s", 0}, {".5s", 0}, {"1e3s", 0}, {"9999999999s", 0}, {"999999999h", 0}, {"[1s]", 0}, {"", 0}, {"1s1", 0},
	} {
		t.Run(row.text, func(t *testing.T) {
			if row.text == "" {
				row.text = `""`
			}
			got, m := value[duration](t, row.text)
			wants(t, "time", row.want, time.Duration(got))
			wants(t, "taken", row.want > 0, m == nil)
		})
	}
	for _, d := range []time.Duration{time.Second, 90 * time.Second, time.Minute, time.Hour, 90 * time.Minute, 10 * time.Minute, 100 * time.Hour} {
		back, err := time.ParseDuration(brief(d))
		if err != nil || back != d {
			t.Errorf("%s is shown as %s", d, brief(d))
		}
	}
	wants(t, "brief", "25h", brief(25*time.Hour))
	wants(t, "brief", "10m", brief(10*time.Minute))
}

func TestEndpoints(t *testing.T) {
	for _, row := range []struct{ text, host, whole string }{
		{"192.0.2.21:80", "192.0.2.21", "192.0.2.21:80"},
		{"web1:65535", "web1", "web1:65535"},
		{"web1.example.net:1", "web1.example.net", "web1.example.net:1"},
		{`"[2001:db8::21]:80"`, "2001:db8::21", "[2001:db8::21]:80"},
		{"1password.example.net:80", "1password.example.net", "1password.example.net:80"},
		{"127.0.0.1:80", "127.0.0.1", "127.0.0.1:80"},
		{"192.0.2:80", "", ""}, {"1:80", "", ""}, {"192.0.2.21:080:1", "", ""}, {"web1:65536", "", ""}, {"web1:-1", "", ""},
		{"-web1:80", "", ""}, {"web..net:80", "", ""}, {`":80"`, "", ""}, {`"[web1]:80"`, "", ""}, {`"[fe80::1%eth0]:80"`, "", ""},
		{"224.0.0.1:80", "", ""}, {`"[::]:80"`, "", ""}, {"web1:", "", ""}, {`"web1:80\n"`, "", ""}, {`"web;1:80"`, "", ""},
	} {
		t.Run(row.text, func(t *testing.T) {
			got, m := value[endpoint](t, row.text)
			wants(t, "taken", row.host != "", m == nil)
			if m == nil {
				wants(t, "host", row.host, got.host)
				wants(t, "whole", row.whole, got.String())
			}
		})
	}
}

func TestBinds(t *testing.T) {
	for _, row := range []struct {
		text string
		want Bind
		show string
	}{
		{`"*:443"`, Bind{Port: 443}, "*:443"},
		{"0.0.0.0:443", Bind{netip.IPv4Unspecified(), 443}, "0.0.0.0:443"},
		{`"[::]:443"`, Bind{netip.IPv6Unspecified(), 443}, "[::]:443"},
		{"10.0.0.1:443", Bind{netip.MustParseAddr("10.0.0.1"), 443}, "10.0.0.1:443"},
		{`"[::1]:443"`, Bind{netip.IPv6Loopback(), 443}, "[::1]:443"},
		{`"[::ffff:10.0.0.1]:443"`, Bind{}, ""}, {"224.0.0.1:443", Bind{}, ""}, {`"[fe80::1%eth0]:443"`, Bind{}, ""},
		{"lb1:443", Bind{}, ""}, {`"*:https"`, Bind{}, ""}, {`"**:443"`, Bind{}, ""}, {`"[*]:443"`, Bind{}, ""}, {"443", Bind{}, ""},
	} {
		t.Run(row.text, func(t *testing.T) {
			got, m := value[binding](t, row.text)
			wants(t, "taken", row.show != "", m == nil)
			if m == nil {
				wants(t, "bind", row.want, Bind(got))
				wants(t, "shown", row.show, Bind(got).String())
			}
		})
	}
}

func TestLogTargets(t *testing.T) {
	for _, row := range []struct {
		text string
		want LogTarget
	}{
		{"192.0.2.30", LogTarget{"192.0.2.30:514", "local0"}},
		{"192.0.2.30:1514 daemon", LogTarget{"192.0.2.30:1514", "daemon"}},
		{`"2001:db8::30 local7"`, LogTarget{"[2001:db8::30]:514", "local7"}},
		{`"[2001:db8::30]:514"`, LogTarget{"[2001:db8::30]:514", "local0"}},
		{"/run/log.sock local1", LogTarget{"/run/log.sock", "local1"}},
		{"log.example.net", LogTarget{}}, {"/run/../log", LogTarget{}}, {"0.0.0.0", LogTarget{}}, {"192.0.2.30 local8", LogTarget{}},
		{"192.0.2.30:0", LogTarget{}}, {"a b c", LogTarget{}}, {"stdout", LogTarget{}}, {`"192.0.2.30\tlocal0"`, LogTarget{}},
	} {
		t.Run(row.text, func(t *testing.T) {
			got, m := value[logTarget](t, row.text)
			wants(t, "target", row.want, LogTarget(got))
			wants(t, "taken", row.want.Address != "", m == nil)
		})
	}
}

func TestEffects(t *testing.T) {
	for _, row := range []struct {
		text string
		want TrackedCheck
	}{
		{"fault", TrackedCheck{Effect: checks.Fault}}, {"lower", TrackedCheck{Effect: checks.Lower}}, {"report", TrackedCheck{Effect: checks.Report}},
		{"1", TrackedCheck{Effect: checks.Lower, Weight: 1}}, {"100", TrackedCheck{Effect: checks.Lower, Weight: 100}},
		{"0", TrackedCheck{}}, {"101", TrackedCheck{}}, {"-1", TrackedCheck{}}, {"+5", TrackedCheck{}}, {"010", TrackedCheck{}}, {`"20"`, TrackedCheck{}},
		{"true", TrackedCheck{}}, {"Fault", TrackedCheck{}}, {"1_0", TrackedCheck{}}, {"~", TrackedCheck{}},
	} {
		t.Run(row.text, func(t *testing.T) {
			got, m := value[effect](t, row.text)
			wants(t, "effect", row.want, TrackedCheck{Effect: got.word, Weight: got.weight})
			wants(t, "taken", row.want.Effect != "", m == nil)
		})
	}
}
