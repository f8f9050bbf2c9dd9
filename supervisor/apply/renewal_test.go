package apply

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// memoryOfHAProxy stands for the running HAProxy.
type memoryOfHAProxy struct {
	serves map[string][]byte // by file, what it was given
	shows  map[string]string // fingerprints that it shows; a file that is not there is unknown to it
	err    error             // what it answers to Set
	sets   int
}

func (m *memoryOfHAProxy) Serving(_ context.Context, file string) (string, error) {
	shown, known := m.shows[file]
	if !known {
		return "", errors.New("HAProxy has no such certificate")
	}
	return shown, nil
}

func (m *memoryOfHAProxy) Set(_ context.Context, file string, chain []byte) error {
	m.sets++
	if m.err != nil {
		return m.err
	}
	m.serves[file] = chain
	m.shows[file] = strings.ToUpper(certificate(file, chain).shown())
	return nil
}

// serving is a host whose HAProxy has one certificate from one file.
func serving(t *testing.T) (*host, *memoryOfHAProxy, string) {
	t.Helper()
	h := newHost(t)
	m := &memoryOfHAProxy{serves: map[string][]byte{}, shows: map[string]string{}}
	h.Certificates = m
	file := h.path("etc/lbsup/web.pem")
	first := h.validPEM()
	h.savesWithCertificate(first)
	h.applied("reload")
	if m.sets != 0 {
		t.Fatal("the first certificate is loaded, not pushed")
	}
	must(t, m.Set(t.Context(), file, []byte(first)))
	m.sets = 0
	return h, m, file
}

func (h *host) validPEM() string {
	cert, key := certificatePEM(h.t, h.tick, h.tick.AddDate(1, 0, 0))
	return cert + key
}

func TestARenewedCertificateIsPushed(t *testing.T) {
	h, m, file := serving(t)
	was := h.pair()
	renewed := h.validPEM()
	h.writes("etc/lbsup/web.pem", renewed)
	r := h.applied("reload")
	s := certificate(file, []byte(renewed))
	want := []Renewal{{File: file, Fingerprint: s.Fingerprint, Ends: s.Ends, Pushed: true}}
	if diff := cmp.Diff(want, r.Renewed); diff != "" || r.HAProxy || r.Reason != "" || r.Number != 2 || h.pair() != was {
		t.Errorf("got %+v\n%s", r, diff)
	}
	if diff := cmp.Diff(renewed, string(m.serves[file])); diff != "" {
		t.Error(diff)
	}
	got := manifest(t, h, 2).Supplies
	if diff := cmp.Diff([]Supply{s.Supply}, got); diff != "" || s.Fingerprint == "" || s.Ends.IsZero() {
		t.Error(diff)
	}
	if text, err := json.Marshal(r); err != nil || strings.Contains(string(text), "PRIVATE") {
		t.Errorf("the report holds a key: %s %v", text, err)
	}
	if r := h.apply("reload"); r.Outcome != Unchanged || m.sets != 1 {
		t.Errorf("pushed again: %+v", r)
	}
}

func TestACertificateThatHAProxyDoesNotTake(t *testing.T) {
	h, m, file := serving(t)
	m.err = errors.New("it says no")
	h.writes("etc/lbsup/web.pem", h.validPEM())
	r := h.applied("reload")
	if !r.HAProxy || r.Reason != "it says no" || len(r.Renewed) != 1 || r.Renewed[0].Pushed {
		t.Errorf("got %+v", r)
	}
	h.Certificates = nil
	h.writes("etc/lbsup/web.pem", h.validPEM())
	want := fmt.Sprintf("cannot change HAProxy's certificate %q at run time: there is no way to ask it", file)
	if r := h.applied("reload"); !r.HAProxy || r.Reason != want {
		t.Errorf("got %+v\nwant %s", r, want)
	}
}

// What HAProxy does not answer to once it is not asked again: one reload brings all.
func TestManyCertificatesThatHAProxyDoesNotTake(t *testing.T) {
	h, m, file := serving(t)
	other := h.path("etc/lbsup/other.pem")
	h.writes("etc/lbsup/other.pem", h.validPEM())
	h.saves(strings.Replace(h.reads("etc/lbsup/lbsup.yaml"), file, file+", "+other, 1))
	h.applied("reload")
	m.err = errors.New("it says no")
	h.writes("etc/lbsup/web.pem", h.validPEM())
	h.writes("etc/lbsup/other.pem", h.validPEM())
	if r := h.applied("reload"); m.sets != 1 || len(r.Renewed) != 2 || !r.HAProxy || r.Reason != "it says no" {
		t.Errorf("got %d pushes, %+v", m.sets, r)
	}
}

// A bad renewal is refused: HAProxy keeps what it has, and no generation is installed.
func TestABadRenewalChangesNothing(t *testing.T) {
	now := newHost(t).tick
	day := 24 * time.Hour
	good, key := certificatePEM(t, now.Add(-day), now.Add(90*day))
	_, stranger := certificatePEM(t, now, now.Add(day))
	ended, endedKey := certificatePEM(t, now.Add(-9*day), now.Add(-2*day))
	begins, beginsKey := certificatePEM(t, now.Add(2*day), now.Add(90*day))
	const clients = "clients would refuse it; HAProxy keeps the one that it has"
	const oneFile = "HAProxy wants the certificate, its chain and its key in one file"
	for _, row := range []struct{ name, text, message, hint string }{
		{"ended", ended + endedKey, "it ended on 2026-02-27", clients},
		{"not yet", begins + beginsKey, "it only begins on 2026-03-03", clients},
		{"another key", good + stranger, "tls: private key does not match public key", oneFile},
		{"no key", good, "tls: found a certificate rather than a key in the PEM for the private key", oneFile + "; this one has no key"},
		{"no certificate", key, "tls: failed to find certificate PEM data in certificate input, but did find a private key; PEM inputs may have been switched", oneFile},
		{"empty", "", "tls: failed to find any PEM data in certificate input", oneFile + "; this one has no key"},
		{"cut", (good + key)[:len(good)+40], "tls: found a certificate rather than a key in the PEM for the private key", oneFile},
	} {
		t.Run(row.name, func(t *testing.T) {
			h, m, _ := serving(t)
			was := h.pair()
			h.writes("etc/lbsup/web.pem", row.text)
			r := h.refused("reload", StagePreflight, `cannot use certificate "ROOT/etc/lbsup/web.pem": `+row.message)
			if r.Problems[0].Hint != row.hint {
				t.Errorf("hint: got %q, want %q", r.Problems[0].Hint, row.hint)
			}
			if m.sets != 0 || h.current() != 1 || h.pair() != was {
				t.Errorf("a refused certificate changed something: %d pushes, generation %d", m.sets, h.current())
			}
			h.clean()
		})
	}
}

func TestARenewalBesideAnotherChange(t *testing.T) {
	const one, two = `"192.0.2.21:80"}`, `"192.0.2.21:80"}, {name: s2, address: "192.0.2.22:80"}`
	for _, row := range []struct {
		name      string
		err       error
		explained bool
	}{{"pushed", nil, true}, {"not pushed", errors.New("no"), false}} {
		t.Run(row.name, func(t *testing.T) {
			h, m, _ := serving(t)
			m.err = row.err
			h.writes("etc/lbsup/web.pem", h.validPEM())
			h.saves(strings.Replace(h.reads("etc/lbsup/lbsup.yaml"), one, two, 1))
			if r := h.applied("reload"); !r.HAProxy || r.Explained != row.explained || len(r.Renewed) != 1 {
				t.Errorf("got %+v", r)
			}
		})
	}
}

func TestANewCertificateFileIsLoaded(t *testing.T) {
	h, m, file := serving(t)
	other := h.path("etc/lbsup/other.pem")
	h.writes("etc/lbsup/other.pem", h.validPEM())
	h.saves(strings.Replace(h.reads("etc/lbsup/lbsup.yaml"), file, file+", "+other, 1))
	if r := h.applied("reload"); !r.HAProxy || r.Explained || m.sets != 0 {
		t.Errorf("got %+v", r)
	}
}

// What HAProxy serves decides, not what was written last.
func TestHAProxyServesAnotherThanTheDisk(t *testing.T) {
	for _, row := range []struct {
		name    string
		shows   map[string]string
		err     error
		sets    int
		haproxy bool
	}{
		{name: "it takes it", shows: map[string]string{"FILE": "0123"}, sets: 1},
		{name: "it does not", shows: map[string]string{"FILE": "0123"}, err: errors.New("no"), sets: 1, haproxy: true},
		{name: "it does not answer", shows: nil},
	} {
		t.Run(row.name, func(t *testing.T) {
			h, m, file := serving(t)
			m.shows, m.err = map[string]string{}, row.err
			for _, shown := range row.shows {
				m.shows[file] = shown
			}
			r := h.apply("reload")
			if r.Outcome != Unchanged || r.HAProxy != row.haproxy || (r.Reason != "") != row.haproxy || m.sets != row.sets {
				t.Errorf("got %d pushes, %+v", m.sets, r)
			}
		})
	}
}

func TestACheckPushesNothing(t *testing.T) {
	h, m, file := serving(t)
	h.writes("etc/lbsup/web.pem", h.validPEM())
	r := h.Check(t.Context())
	if r.Outcome != Accepted || r.HAProxy || m.sets != 0 || !contains(r.Notes, fmt.Sprintf("certificate %q is another one: the running HAProxy would be given it", file)) {
		t.Errorf("got %d pushes, %+v", m.sets, r)
	}
}

// A stop between the push and the commit is repeated whole: giving HAProxy what it has does nothing.
func TestAStopWhileACertificateIsRenewed(t *testing.T) {
	for at, stopped := 1, true; stopped; at++ {
		h, m, file := serving(t)
		renewed := h.validPEM()
		h.writes("etc/lbsup/web.pem", renewed)
		_, stopped = interrupted(h, &broken{at: at}, "reload")
		if r := h.apply("reload"); r.Outcome == Rejected || r.HAProxy {
			t.Fatalf("a stop at call %d: %+v", at, r)
		}
		if got := string(m.serves[file]); got != renewed || h.current() != 2 {
			t.Fatalf("a stop at call %d: generation %d, served:\n%s", at, h.current(), cmp.Diff(renewed, got))
		}
		h.clean()
	}
}

func TestWhoMayWriteACertificate(t *testing.T) {
	for _, row := range []struct {
		name    string
		mode    uint32
		refusal string
		note    string
	}{
		{name: "root alone", mode: 0o600},
		{name: "a group reads", mode: 0o640},
		{name: "a group writes", mode: 0o660, note: "can be written by others than root"},
		{name: "everybody reads", mode: 0o644, note: "has its key and can be read by everybody: chmod o-rwx "},
		{name: "everybody writes", mode: 0o666, refusal: `cannot use certificate "ROOT/etc/lbsup/web.pem" (mode 0666): everybody on this host can write it`},
	} {
		t.Run(row.name, func(t *testing.T) {
			h := newHost(t)
			h.savesWithCertificate(h.validPEM())
			h.chmod("etc/lbsup/web.pem", row.mode)
			if row.refusal != "" {
				h.refused("reload", StageRead, row.refusal)
				return
			}
			if r := h.applied("reload"); row.note == "" && contains(r.Notes, "web.pem") || !contains(r.Notes, row.note) && row.note != "" {
				t.Errorf("notes: %q, want %q", r.Notes, row.note)
			}
		})
	}
}
