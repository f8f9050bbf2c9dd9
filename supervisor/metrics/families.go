package metrics

import "github.com/prometheus/client_golang/prometheus"

// What is read from a snapshot. Names follow https://prometheus.io/docs/practices/naming: units in the name, base units.
// A label "instance" would be taken for the target that was scraped. Labels are names of the cluster file; servers are only counted, so that their number does not multiply the series.
var (
	buildInfo = family("build_info", "The running lbsup; always 1.", "version", "node", "cluster")
	well      = family("well", "Whether nothing is wrong on this node.")
	wrong     = family("findings", "What is wrong on this node, by severity.", "severity")

	role     = family("vrrp_state", "1 for the state that keepalived has the instance in.", "vrrp_instance", "state")
	priority = family("vrrp_priority", "The effective priority that lbsup asked for.", "vrrp_instance")
	wanted   = family("vrrp_priority_well", "The effective priority of this node when it is well.", "vrrp_instance")
	held     = family("vip_held", "Whether the kernel of this node has the address.", "vrrp_instance", "address")

	verdict = family("check_state", "1 for what the check says: healthy, doubtful, failed or unknown.", "check", "state")
	since   = family("check_since_timestamp_seconds", "When the check began to say so.", "check")

	servers = family("service_servers", "The servers of a service, by what HAProxy says of them.", "service", "state")

	running     = family("daemon_running", "Whether systemd says that the daemon runs.", "daemon")
	connections = family("haproxy_connections", "Connections of HAProxy's worker.")
	oldWorkers  = family("haproxy_old_workers", "Workers that a reload has replaced and that live on for their last connections.")
	oldMemory   = family("haproxy_old_workers_memory_bytes", "The memory of these workers.")
	oldest      = family("haproxy_old_workers_oldest_seconds", "How long the oldest of them was replaced.")

	generation = family("generation", "The number of the installed generation.")
	installed  = family("generation_installed_timestamp_seconds", "When it was installed.")
	drift      = family("drift_files", "Installed files that somebody changed by hand.")
	changing   = family("change_in_progress", "Whether a change is under way.")
	lastTook   = family("change_duration_seconds", "How long the last change took, or the one under way does by now.")

	certificates = family("certificate_end_timestamp_seconds", "When a certificate ends that HAProxy serves.", "file")

	peerUp         = family("peer_up", "Whether a peer tells how it is.", "peer")
	peerWell       = family("peer_well", "Whether a peer says that nothing is wrong on it.", "peer")
	peerHeard      = family("peer_heard_timestamp_seconds", "When a peer last told how it is, by the clock of this node.", "peer")
	peerSkew       = family("peer_clock_skew_seconds", "How far the clock of a peer is ahead of this node's.", "peer")
	peerSameFile   = family("peer_same_cluster_file", "Whether a peer has installed the same cluster file as this node.", "peer")
	peerGeneration = family("peer_generation", "The number of the generation that a peer has installed; each node counts its own.", "peer")

	boardAge = family("board_age_seconds", "How old the verdicts are that questions are answered from.")
	queue    = family("event_queue_length", "Events that wait for the owner loop.")
	viewers  = family("page_viewers", "Browsers that have the status page open.")
)

// families are all of them, in the order above.
var families = []*prometheus.Desc{
	buildInfo, well, wrong, role, priority, wanted, held, verdict, since, servers, running, connections, oldWorkers, oldMemory, oldest,
	generation, installed, drift, changing, lastTook, certificates,
	peerUp, peerWell, peerHeard, peerSkew, peerSameFile, peerGeneration, boardAge, queue, viewers,
}

const namespace = "lbsup"

func family(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc(prometheus.BuildFQName(namespace, "", name), help, labels, nil)
}
