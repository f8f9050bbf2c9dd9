package supervisor

import (
	"time"

	"github.com/rs/zerolog"
)

// Config is what `lbsup run` is told.
type Config struct {
	Watch   bool // apply edits of the cluster file, unless the file itself says no
	Version string
	Log     zerolog.Logger
}

// Deadlines of what the supervisor asks of others.
const (
	applyLimit    = 3 * time.Minute  // one run of lbsup apply, which has deadlines of its own for each step
	activateLimit = 30 * time.Second // one reload, start or restart
	sweepInterval = 10 * time.Second // between two looks for servers that went and have no connection left
	lookLimit     = 5 * time.Second  // one look at all servers, before or after a change
	questionLimit = time.Second      // one question to the runtime API that a person waits for
)
