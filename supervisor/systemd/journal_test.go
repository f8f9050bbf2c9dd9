package systemd

import "testing"

// That the journal takes the fields is seen on the booted hosts of the lab.
func TestStandardErrorOfATestIsNoJournal(t *testing.T) {
	for _, stream := range []string{"", "1:2", "x"} {
		t.Setenv("JOURNAL_STREAM", stream)
		if InJournal() {
			t.Errorf("JOURNAL_STREAM=%s: got that it is one", stream)
		}
	}
}
