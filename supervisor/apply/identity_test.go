package apply

import (
	"os"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// inputsOf is a host whose cluster file names a certificate and a password, once applied.
func inputsOf(t *testing.T) (h *host, pem, password string) {
	t.Helper()
	h = newHost(t)
	pem, password = h.path("etc/lbsup/web.pem"), h.path("etc/lbsup/stats.password")
	now := time.Now()
	cert, key := certificatePEM(t, now.AddDate(0, 0, -1), now.AddDate(1, 0, 0))
	h.tick = now
	h.writes("etc/lbsup/stats.password", "geheim\n")
	h.savesWithCertificate(cert + key)
	h.writes("etc/lbsup/lbsup.yaml", h.reads("etc/lbsup/lbsup.yaml")+"stats: {bind: \"*:1936\", uri: /stats, user: admin, password_file: "+password+"}\n")
	h.applied("reload")
	return h, pem, password
}

func TestRewrittenInputs(t *testing.T) {
	for _, row := range []struct {
		name   string
		change func(h *host, pem, password string)
		want   func(pem, password string) []string
	}{
		{"as they were read", func(*host, string, string) {}, func(string, string) []string { return nil }},
		{"the certificate is another file", func(h *host, pem, _ string) { h.writes("etc/lbsup/web.pem", "x") },
			func(pem, _ string) []string { return []string{pem} }},
		{"the password has another time", func(h *host, _, password string) { must(h.t, os.Chtimes(password, time.Time{}, time.Unix(1, 1))) },
			func(_, password string) []string { return []string{password} }},
		{"the certificate is gone", func(h *host, pem, _ string) { must(h.t, os.Remove(pem)) },
			func(pem, _ string) []string { return []string{pem} }},
		{"what may not be looked at", func(h *host, _, _ string) {
			must(h.t, os.Rename(h.path("etc/lbsup"), h.path("etc/away")))
			must(h.t, os.WriteFile(h.path("etc/lbsup"), nil, 0o600)) // below a file stat(2) says ENOTDIR, to root too
		}, func(string, string) []string { return nil }},
	} {
		t.Run(row.name, func(t *testing.T) {
			h, pem, password := inputsOf(t)
			current, err := h.store().Current()
			must(t, err)
			row.change(h, pem, password)
			if diff := cmp.Diff(row.want(pem, password), current.Rewritten()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// What is written again with the same content is looked at once and then known.
func TestInputWrittenAgainIsRecognised(t *testing.T) {
	h, _, password := inputsOf(t)
	must(t, os.Chtimes(password, time.Time{}, time.Unix(1, 1)))
	if r := h.apply("reload"); r.Outcome != Unchanged {
		t.Fatalf("got %+v", r)
	}
	current, err := h.store().Current()
	must(t, err)
	if got := current.Rewritten(); got != nil {
		t.Errorf("still rewritten: %q", got)
	}
}

// A refused attempt has read its inputs too: what was tried is not tried again at each start.
func TestInputsOfARefusedAttempt(t *testing.T) {
	h, pem, _ := inputsOf(t)
	h.writes("etc/lbsup/web.pem", "no certificate\n")
	r := h.apply("reload")
	if r.Outcome != Rejected {
		t.Fatalf("got %+v", r)
	}
	m, err := h.store().Get(r.Number)
	must(t, err)
	if got := m.Rewritten(); got != nil {
		t.Errorf("the refused %q: got %q", pem, got)
	}
}
