package page

import "github.com/lbsup/lbsup/supervisor/status"

// toneOfMoment is bad where somebody should look, good where something is well again, and mute for the rest.
func toneOfMoment(m status.Moment) Tone {
	to := m.Fields["to"]
	switch m.Kind {
	case status.CheckKind:
		return toneOfHealth(to)
	case status.RoleKind:
		return map[string]Tone{"MASTER": Good, "FAULT": Bad}[to].or(Mute)
	case status.VIPKind:
		return map[string]Tone{"true": Good, "false": Warn}[m.Fields["here"]].or(Mute)
	case status.OrphanKind, status.SplitBrainKind, status.DriftKind:
		return map[string]Tone{"true": Bad, "false": Good}[to].or(Mute)
	case status.DaemonKind:
		return map[string]Tone{"active": Good, "failed": Bad, "inactive": Bad}[to].or(Mute)
	case status.ChangeKind, status.ActivationKind:
		return toneOfOutcome(m.Fields["outcome"])
	case status.TroubleKind:
		return Bad
	case status.ClockKind:
		return Warn
	default:
		return Mute
	}
}

func (t Tone) or(other Tone) Tone {
	if t == "" {
		return other
	}
	return t
}

func toneOfOutcome(outcome string) Tone {
	switch {
	case outcome == "":
		return Mute
	case status.Outcome(outcome).Good():
		return Good
	case status.Outcome(outcome) == status.Refused:
		return Warn
	default:
		return Bad
	}
}
