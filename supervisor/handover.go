package supervisor

import (
	"fmt"
	"os"

	"github.com/lbsup/lbsup/supervisor/haproxy"
)

// handover is the file that HAProxy reads when it starts, see server-state-file in its manual. tmpfiles makes it: lbsup may
// write the file and not its directory.
type handover struct{ path string }

// write replaces what the file says; nil is a file that says nothing.
func (h handover) write(text []byte) error {
	if text == nil {
		text = haproxy.StateFile(nil, nil)
	}
	if err := os.WriteFile(h.path, text, 0o644); err != nil {
		return fmt.Errorf("cannot write the state of the servers: %w", err)
	}
	return nil
}
