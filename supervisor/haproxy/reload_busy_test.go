package haproxy

import (
	"context"
	"testing"
	"time"
)

// TestReloadWaitsForAnother is refused twice while HAProxy 3.2 is at a reload of somebody else's, or at its start.
func TestReloadWaitsForAnother(t *testing.T) {
	const heading = "#<PID> <type> <reloads> <uptime> <version>\n10 master 0 0d00h00m01s 3.2\n# workers\n"
	const busy = "Success=0\n--\nAnother reload is still in progress.\n"
	for _, row := range []struct {
		name    string
		refused int
		want    string
	}{
		{"it ends", 2, ""},
		{"it does not end", 1_000_000, "cannot reload HAProxy: it refused the configuration: Another reload is still in progress."},
	} {
		t.Run(row.name, func(t *testing.T) {
			ours := make(chan struct{})
			master := newFake(t, func(command string, number int) string {
				if command == "reload" && number < row.refused {
					return busy
				}
				if command == "reload" {
					close(ours)
					return "Success=1\n--\n"
				}
				select {
				case <-ours:
					return heading + "12 worker 0 0d00h00m01s 3.2\n"
				default:
					return heading + "11 worker 0 0d00h00m01s 3.2\n"
				}
			})
			runtime := newFake(t, always("Pid: 12\ndescription: lbsup d\n"))
			ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
			defer cancel()
			proof, err := Reloader{Master{master.socket}, Runtime{runtime.socket}}.Reload(ctx, "d")
			if row.want != "" {
				refused(t, err, row.want)
			} else if err != nil || proof.Worker != 12 {
				t.Errorf("got %+v, %v", proof, err)
			}
		})
	}
}
