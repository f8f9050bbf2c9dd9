package haproxy

import "testing"

func TestLoadsConfigDir(t *testing.T) {
	const el = `[Service]
Environment="CONFIG=/etc/haproxy/haproxy.cfg" "PIDFILE=/run/haproxy.pid" "CFGDIR=/etc/haproxy/conf.d"
ExecStartPre=/usr/sbin/haproxy -f $CONFIG -f $CFGDIR -c -q $OPTIONS
ExecStart=/usr/sbin/haproxy -Ws -f $CONFIG -f $CFGDIR -p $PIDFILE $OPTIONS
ExecReload=/usr/sbin/haproxy -f $CONFIG -f $CFGDIR -c -q $OPTIONS
`
	for _, row := range []struct {
		name, unit string
		want       bool
	}{
		{"EL's", el, true},
		{"EL's with lbsup's drop-in", el + "[Service]\nRestart=always\n", true},
		{"EL's with another start", el + "[Service]\nExecStart=\nExecStart=/usr/sbin/haproxy -Ws -f $CONFIG\n", false},
		{"Debian's", "[Service]\nExecStart=/usr/sbin/haproxy -Ws -f $CONFIG -p $PIDFILE $EXTRAOPTS\n", false},
		{"by its path", "ExecStart=/usr/sbin/haproxy -Ws \\\n  -f /etc/haproxy/haproxy.cfg \\\n  -f /etc/haproxy/conf.d\n", true},
		{"in a comment", "# ExecStart=/usr/sbin/haproxy -f $CFGDIR\n", false},
		{"nothing", "", false},
	} {
		if got := LoadsConfigDir(row.unit); got != row.want {
			t.Errorf("%s: got %v, want %v", row.name, got, row.want)
		}
	}
}
