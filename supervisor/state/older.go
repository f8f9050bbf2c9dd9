package state

// OlderKeepalived is why a keepalived is restarted. What it was started with outlives a reload: its options, and the rules with which vrrp_strict
// drops what comes for the VIPs. keepalived removes them when it ends, but never again once it has loaded a file without vrrp_strict (2.2.7).
const OlderKeepalived = "it runs since before lbsup, and a reload would leave its options and firewall rules as they are; once, its VIPs go to another node meanwhile"

// KeepalivedIsOlder tells that keepalived was started with a configuration that is not lbsup's, and has never loaded one of lbsup's. Both signs are
// needed: a clock may have been wrong when it started, and a record may be lost.
func (s State) KeepalivedIsOlder() bool {
	unit := s.Units[KeepalivedUnit]
	return unit.Running() && s.Keepalived.Generation == 0 && unit.Since.Before(s.Installed.Keepalived.First)
}
