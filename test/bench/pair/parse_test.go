package pair

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestScriptWell(t *testing.T) {
	for _, row := range []struct {
		name, journal string
		want          bool
	}{
		{"nothing said", "", false},
		{"succeeded", "VRRP_Script(chk_haproxy) succeeded\n", true},
		{"failed after", "VRRP_Script(chk_haproxy) succeeded\n(VI_1) x\nVRRP_Script(chk_haproxy) failed (exited with status 3)\n", false},
		{"succeeded after", "VRRP_Script(chk_haproxy) failed (exited with status 3)\nVRRP_Script(chk_haproxy) succeeded\n", true},
		{"timed out", "VRRP_Script(chk_haproxy) succeeded\nVRRP_Script(chk_haproxy) timed out\n", false},
		{"another script", "VRRP_Script(chk_ocp_lb) succeeded\n", false},
	} {
		if got := scriptWell(row.journal, "chk_haproxy"); got != row.want {
			t.Errorf("%s: got %v", row.name, got)
		}
	}
}

func TestParseAnswers(t *testing.T) {
	for _, row := range []struct {
		name, text string
		want       Answers
		err        string
	}{
		{"all well", "asked 12 failed 0\n", Answers{Asked: 12}, ""},
		{"with a reason", "failed: connection reset by peer\nasked 12 failed 1\n", Answers{12, 1, []string{"connection reset by peer"}}, ""},
		{"no end", "failed: x\n", Answers{}, `got "failed: x\n", want "asked N failed N"`},
		{"no numbers", "asked a failed b\n", Answers{}, `got "asked a failed b\n", want "asked N failed N"`},
		{"nothing", "", Answers{}, `got "", want "asked N failed N"`},
	} {
		t.Run(row.name, func(t *testing.T) {
			got, err := parseAnswers(row.text)
			if diff := cmp.Diff(row.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if text := errorText(err); text != row.err {
				t.Errorf("got error %q, want %q", text, row.err)
			}
		})
	}
}

func FuzzParseAnswers(f *testing.F) {
	f.Add("failed: connection reset by peer\nasked 12 failed 1\n")
	f.Add("asked 99999999999999999999 failed 1")
	f.Fuzz(func(t *testing.T, text string) {
		if got, err := parseAnswers(text); err != nil && (got.Asked != 0 || got.Failed != 0) {
			t.Errorf("an error, and numbers: %v, %+v", err, got)
		}
	})
}

func TestScriptFailures(t *testing.T) {
	for _, row := range []struct {
		name, journal string
		want          int
	}{
		{"none", "Script `lbsup` now returning 0\nVRRP_Script(lbsup) succeeded\n", 0},
		{"a bad result", "Script `lbsup` now returning 1\n", 1},
		{"a bad result that ends its health", "Script `lbsup` now returning 1\nVRRP_Script(lbsup) failed (exited with status 1)\n", 2},
		{"it took too long", "Script `lbsup` timed out\nVRRP_Script(lbsup) timed out\n", 2},
		{"another script", "Script `other` now returning 1\n", 0},
	} {
		if got := len(scriptFailure.FindAllString(row.journal, -1)); got != row.want {
			t.Errorf("%s: got %d, want %d", row.name, got, row.want)
		}
	}
}

func TestTrouble(t *testing.T) {
	for _, row := range []struct{ name, status, want string }{
		{"well", `{"well":true,"instances":[{"name":"VI_1","priority":254,"wanted":254}]}`, ""},
		{"a finding", `{"well":true,"findings":[{"what":"keepalived.service is inactive"}]}`, "lb1: keepalived.service is inactive"},
		{"not well", `{"well":false,"instances":[{"name":"VI_1","priority":254,"wanted":254}]}`, "lb1 is not well"},
		{"no instance yet", `{"well":true}`, "lb1 is not well"},
		{"lowered", `{"well":true,"instances":[{"name":"VI_1","priority":120,"wanted":254}]}`, "lb1: VI_1 has priority 120, not 254"},
	} {
		t.Run(row.name, func(t *testing.T) {
			var s snapshot
			if err := json.Unmarshal([]byte(row.status), &s); err != nil {
				t.Fatal(err)
			}
			if got := s.trouble("lb1"); got != row.want {
				t.Errorf("got %q, want %q", got, row.want)
			}
		})
	}
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
