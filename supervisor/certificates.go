package supervisor

import (
	"context"
	"time"

	"github.com/lbsup/lbsup/supervisor/haproxy"
	"github.com/lbsup/lbsup/supervisor/status"
)

// addCertificates puts what HAProxy serves into a snapshot, and what is wrong with it. HAProxy is asked and not the disk:
// only root may read that, and a renewed file that HAProxy has not loaded helps nobody.
func addCertificates(ctx context.Context, ask func(context.Context) ([]haproxy.Certificate, error), snap *status.Snapshot) {
	all, err := ask(ctx)
	if err != nil {
		return // that HAProxy does not answer is told by its check
	}
	for _, c := range all {
		if !c.Used || c.NotAfter.IsZero() {
			continue
		}
		snap.Certificates = append(snap.Certificates, status.Certificate{File: c.File, Serial: c.Serial, Ends: c.NotAfter})
		snap.Findings = append(snap.Findings, certificateFindings(c, snap.Time)...)
	}
}

func certificateFindings(c haproxy.Certificate, now time.Time) []status.Finding {
	const hint = "put the renewed one in its place: lbsup sees that, or `lbsup reload`"
	switch left := c.NotAfter.Sub(now); {
	case left <= 0:
		return []status.Finding{failing(hint, "HAProxy serves certificate %s, which ended on %s", c.File, c.NotAfter.Format(time.DateOnly))}
	case left < status.SoonEnding:
		return []status.Finding{warning(hint, "certificate %s ends on %s", c.File, c.NotAfter.Format(time.DateOnly))}
	default:
		return nil
	}
}
