package status

import (
	"bytes"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var thatNight = time.Date(2026, 1, 2, 2, 13, 7, 120_000_000, time.UTC)

// one of each kind, and of what each may become.
func ofEachKind() []Moment {
	at := thatNight
	m := func(kind Kind, text, reason string, fields ...string) Moment {
		at = at.Add(30 * time.Millisecond)
		all := map[string]string{}
		for i := 0; i < len(fields); i += 2 {
			all[fields[i]] = fields[i+1]
		}
		return Moment{Time: at, Kind: kind, Text: text, Reason: reason, Fields: all}
	}
	ms := []Moment{
		m(CheckKind, "check apps failed", "https://localhost:1936/healthz answered 500", "to", "failed"),
		m(CheckKind, "check apps is in doubt", "slow", "to", "in doubt"),
		m(CheckKind, "check apps is healthy", "200", "to", "healthy"),
		m(PriorityKind, "keepalived is told FAULT for VI_1, no longer priority 253", "haproxy failed (gone)", "from", "253", "to", "0"),
		m(RoleKind, "VI_1 went from MASTER to FAULT", "", "to", "FAULT"),
		m(RoleKind, "VI_1 went from FAULT to BACKUP", "", "to", "BACKUP"),
		m(RoleKind, "VI_1 went from BACKUP to MASTER", "", "to", "MASTER"),
		m(VIPKind, "192.0.2.10 left this node", "", "here", "false"),
		m(ChangeKind, "reload was asked for", "", "phase", "asked"),
		m(ChangeKind, "reload is live: generation 4", "", "outcome", "live"),
		m(ChangeKind, "reload was refused", "no such key", "outcome", "refused"),
		m(ActivationKind, "reload of haproxy.service failed", "the worker died", "outcome", "failed"),
		m(DaemonKind, "keepalived.service failed (signal)", "", "to", "failed"),
		m(LbsupKind, "lbsup started", "", "to", "running"),
		m(ClockKind, "a timer of lbsup fired 1.2s late", "", "late_seconds", "1.200"),
		m(DriftKind, "haproxy.cfg was changed by hand", "", "to", "true"),
		m(DriftKind, "haproxy.cfg is again as lbsup wrote it", "", "to", "false"),
		m(OrphanKind, "the VIPs of VI_1 are here, and no keepalived that owns them", "", "to", "true"),
		m(SplitBrainKind, "192.0.2.10 is on both nodes", "", "to", "true"),
		m(TroubleKind, "what is installed cannot be read", "disk \x1b[31mbroken"),
	}
	ms[8].By, ms[9].By, ms[2].More = "anna", "anna", 1234
	return ms
}

func TestMomentsText(t *testing.T) {
	for name, style := range map[string]Style{
		"moments": wide, "moments-colour": {Width: 110, Unicode: true, Colour: true}, "moments-narrow": {Width: 60}, "moments-pipe": {Unicode: true},
	} {
		t.Run(name, func(t *testing.T) {
			golden(t, name, func(w io.Writer) error { return MomentsText(w, ofEachKind(), thatNight.Add(time.Hour), style) })
		})
	}
}

func TestEveryKindIsShown(t *testing.T) {
	for _, kind := range Kinds() {
		if !slices.ContainsFunc(ofEachKind(), func(m Moment) bool { return m.Kind == kind }) {
			t.Errorf("the golden files show no %s", kind)
		}
	}
}

func TestAnotherDay(t *testing.T) {
	var b bytes.Buffer
	if err := MomentsText(&b, ofEachKind()[:1], thatNight.AddDate(0, 0, 3), wide); err != nil || !strings.HasPrefix(b.String(), "2026-01-02 02:13:07.150  ") {
		t.Errorf("got %q, %v", b.String(), err)
	}
}

func TestAccountText(t *testing.T) {
	all := ofEachKind()
	long := Account{About: "VI_1", What: "the VIPs of VI_1 left this node", When: thatNight, Because: "check apps failed: " + all[0].Reason, Chain: []Moment{all[0], all[3], all[4]}}
	noted := long
	noted.Note = "at 02:14:09 they came to this node: well again"
	longest := noted
	longest.Chain = []Moment{all[12], all[0], all[3], all[4]}
	for name, a := range map[string]Account{
		"account": long, "account-note": noted, "account-longest": longest,
		"account-unmoved": {About: "VI_1", What: "the VIPs of VI_1 are on this node", Because: "this node is the preferred one and is well", Note: "no move is on record"},
		"account-bare":    {What: "check apps is healthy"},
	} {
		t.Run(name, func(t *testing.T) {
			golden(t, name, func(w io.Writer) error {
				var b bytes.Buffer
				err := AccountText(&b, a, thatNight.Add(time.Hour), wide)
				if lines := bytes.Count(b.Bytes(), []byte("\n")); lines >= 5 {
					t.Errorf("%d lines, want fewer than five", lines)
				}
				_, _ = b.WriteTo(w)
				return err
			})
		})
	}
}

func TestAnOldAccountHasItsDay(t *testing.T) {
	var b bytes.Buffer
	if err := AccountText(&b, Account{What: "it moved", When: thatNight, Because: "so"}, thatNight.AddDate(0, 0, 3), wide); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff("It moved at 2026-01-02 02:13:07: so\n", b.String()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestThousands(t *testing.T) {
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", 1234567: "1,234,567"} {
		if got := thousands(n); got != want {
			t.Errorf("%d: got %s", n, got)
		}
	}
}

func TestLine(t *testing.T) {
	m := Moment{Text: "reload was refused", By: "anna", Reason: "no such key"}
	if got, want := m.Line(), "reload was refused by anna: no such key"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
