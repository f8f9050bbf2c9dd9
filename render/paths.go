package render

// Where things are on a host. The packages install to these paths and the rendered files name them.
const (
	ClusterFile      = "/etc/lbsup/lbsup.yaml"
	HAProxyConfig    = "/etc/haproxy/haproxy.cfg"
	KeepalivedConfig = "/etc/keepalived/keepalived.conf"

	MasterSocket    = "/run/haproxy-master.sock" // HAProxy's master CLI, made by the unit's drop-in
	StatsSocket     = "/run/haproxy-lbsup.sock"  // HAProxy's runtime API of the worker, group haproxy
	ServerStateFile = "/run/lbsup/servers.state" // what a new worker keeps of its servers: lbsup writes it, HAProxy reads it when it starts
	EventRing       = "lbsup-events"             // HAProxy's ring of what became of its servers, read over the runtime API
	HealthSocket    = "/run/lbsup/health.sock"
	ControlSocket   = "/run/lbsup/control.sock"
	WireSocket      = "/run/lbsup/wire.sock"
	NotifyFIFO      = "/run/lbsup/notify.fifo"
	TrackDir        = "/run/keepalived-lbsup" // one track file for each VRRP instance, named like it
	CheckClient     = "/usr/libexec/keepalived/lbsup-check"
	ScriptUser      = "keepalived_script"

	StateDir       = "/var/lib/lbsup"
	GenerationsDir = StateDir + "/generations" // written by lbsup apply alone
	RecordsDir     = StateDir + "/records"     // written by the supervisor: what became of each generation
)
