package supervisor

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/lbsup/lbsup/supervisor/haproxy"
	"github.com/lbsup/lbsup/supervisor/status"
)

func TestCertificatesThatHAProxyServes(t *testing.T) {
	const hint = "put the renewed one in its place: lbsup sees that, or `lbsup reload`"
	day := 24 * time.Hour
	for _, row := range []struct {
		name string
		ends time.Time
		want []status.Finding
	}{
		{"good for long", noon.Add(90 * day), nil},
		{"good for two weeks", noon.Add(14 * day), nil},
		{"ends soon", noon.Add(13 * day), []status.Finding{warning(hint, "certificate /etc/lbsup/certs/app.pem ends on 2026-01-15")}},
		{"has ended", noon, []status.Finding{failing(hint, "HAProxy serves certificate /etc/lbsup/certs/app.pem, which ended on 2026-01-02")}},
	} {
		t.Run(row.name, func(t *testing.T) {
			snap := status.Snapshot{Time: noon}
			addCertificates(t.Context(), func(context.Context) ([]haproxy.Certificate, error) {
				return []haproxy.Certificate{
					{File: "/etc/lbsup/certs/app.pem", Used: true, Serial: "0A", NotAfter: row.ends},
					{File: "/etc/lbsup/certs/old.pem", NotAfter: noon}, // nobody gets it
				}, nil
			}, &snap)
			if diff := cmp.Diff(row.want, snap.Findings); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
			want := []status.Certificate{{File: "/etc/lbsup/certs/app.pem", Serial: "0A", Ends: row.ends}}
			if diff := cmp.Diff(want, snap.Certificates); diff != "" {
				t.Errorf("certificates (-want +got):\n%s", diff)
			}
		})
	}
	snap := status.Snapshot{}
	addCertificates(t.Context(), func(context.Context) ([]haproxy.Certificate, error) { return nil, errors.New("silence") }, &snap)
	if snap.Certificates != nil || snap.Findings != nil {
		t.Errorf("of a HAProxy that does not answer: %+v", snap)
	}
}
