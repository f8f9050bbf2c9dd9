package pair

import (
	"os"
	"testing"

	"github.com/lbsup/lbsup/test/lab"
)

// needLab skips a test where no lab can be built; where all tests must run, that is a failure.
func needLab(t *testing.T) {
	t.Helper()
	err := lab.Missing()
	if err == nil {
		return
	}
	if os.Getenv("CI") == "true" || os.Getenv("LBSUP_TEST_ALL") == "1" {
		t.Fatal(err)
	}
	t.Skip(err)
}
