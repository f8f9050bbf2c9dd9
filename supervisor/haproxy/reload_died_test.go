package haproxy

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"time"
)

// dying is a HAProxy of which each new worker is gone at the second look, until one stays.
func dying(t *testing.T, stays int) Reloader {
	t.Helper()
	const heading = "#<PID> <type> <reloads> <uptime> <version>\n"
	var counter atomic.Int64 // the two sockets have a goroutine each
	master := newFake(t, func(command string, _ int) string {
		if command == "reload" {
			return ""
		}
		looks := int(counter.Add(1))
		died := looks / 2
		switch {
		case looks == 1:
			return heading + "10 master 0 [failed: 0] 0d00h00m01s 2.6\n# workers\n11 worker 0 0d00h00m01s 2.6\n"
		case looks%2 == 1 && died < stays:
			return heading + fmt.Sprintf("%d master 0 [failed: 0] 0d00h00m00s 2.6\n# workers\n", 20+died)
		default:
			return heading + fmt.Sprintf("%d master 0 [failed: 0] 0d00h00m00s 2.6\n# workers\n%d worker 0 0d00h00m00s 2.6\n", 20+died, 100+min(died, stays))
		}
	})
	runtime := newFake(t, func(string, int) string {
		if int(counter.Load())/2 < stays {
			return "" // there is nobody to answer
		}
		return fmt.Sprintf("Pid: %d\ndescription: lbsup d\n", 100+stays)
	})
	return Reloader{Master{master.socket}, Runtime{runtime.socket}}
}

func TestReloadWhoseWorkersEnd(t *testing.T) {
	for _, row := range []struct {
		name  string
		stays int
		want  string
	}{
		{"one", 2, ""},
		{"all", 99, "cannot reload HAProxy: nothing shows that a new worker serves: 3 new workers have ended as soon as they ran"},
	} {
		t.Run(row.name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			proof, err := dying(t, row.stays).Reload(ctx, "d")
			if row.want == "" && (err != nil || proof.Worker != 102 || !proof.Restarted) {
				t.Errorf("got %+v, %v", proof, err)
			}
			if row.want != "" {
				refused(t, err, row.want)
			}
		})
	}
}
