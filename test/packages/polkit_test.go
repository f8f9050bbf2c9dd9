package packages

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The polkit of Debian 11 and Ubuntu 22.04, 0.105, reads no rules of JavaScript: lbsup would be installed there and could reload nothing. Debian's
// polkitd reads them since 121.
func TestPolkitOfDebian(t *testing.T) {
	control, err := os.ReadFile("../../packaging/deb/control")
	if err != nil {
		t.Fatal(err)
	}
	_, text, _ := strings.Cut(string(control), "\nDepends: ")
	text, _, _ = strings.Cut(text, "\n")
	var got []string
	for one := range strings.SplitSeq(text, ", ") {
		if strings.Contains(one, "polkit") || strings.Contains(one, "policykit") {
			got = append(got, one)
		}
	}
	if diff := cmp.Diff([]string{"polkitd (>= 121)"}, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
