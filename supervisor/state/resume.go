package state

// Resume is the request of an activation that nobody asked for.
const Resume = "activate"

// resume starts an activation that nobody asked for: lbsup or the host ended between installing and activating, or
// root ran `lbsup apply` by hand. It is tried once for what the daemons run. A file that somebody has edited is left to
// that person: loading it again would not make it the installed one. Until systemd has told of both daemons one that runs
// would be started, which does nothing, instead of reloaded.
func (t *turn) resume() {
	if t.Job != nil || t.Installed.Number == 0 || t.Ticked.IsZero() || !t.unitsTold() {
		return
	}
	if t.Unproven.Installed != 0 {
		t.takeUp()
		return
	}
	stale := ""
	switch {
	case len(t.Drift) > 0:
		return
	case t.Worker.PID != 0 && t.Worker.Digest != t.Installed.HAProxy && t.Installed.HAProxy != "":
		stale = HAProxyUnit
	case t.KeepalivedIsBehind():
		stale = KeepalivedUnit
	default:
		return
	}
	try := t.attempt()
	if try == t.Tried {
		return
	}
	t.Tried = try
	t.begin(Resume, "lbsup", 0)
	job := *t.Job
	job.Generation, job.GoBack = t.Installed.Number, 0
	t.Job = &job
	t.note("%s does not run generation %d", stale, t.Installed.Number)
	t.activate()
}

func (s State) attempt() Attempt {
	return Attempt{Generation: s.Installed.Number, HAProxy: s.Worker.Digest, Keepalived: s.Units[KeepalivedUnit].MainPID}
}

func (s State) unitsTold() bool {
	_, haproxy := s.Units[HAProxyUnit]
	_, keepalived := s.Units[KeepalivedUnit]
	return haproxy && keepalived
}
