package haproxy

import (
	"context"
	"errors"
	"net"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestReload(t *testing.T) {
	d := newDaemon(t)
	info := d.started()
	for _, digest := range []string{"second", "third"} {
		d.configure(digest, "")
		proof, err := d.reloader().Reload(d.context(), digest)
		if err != nil {
			t.Fatal(err)
		}
		if proof.Worker == info.PID || !slices.Equal(proof.Previous, []int{info.PID}) || proof.Restarted || proof.Took <= 0 {
			t.Errorf("got %+v after worker %d", proof, info.PID)
		}
		if info, err = d.runtime().Info(d.context()); err != nil || info.PID != proof.Worker || info.Description != "lbsup "+digest {
			t.Errorf("got %+v, %v, want worker %d with %q", info, err, proof.Worker, digest)
		}
	}
	if _, err := d.reloader().Reload(d.context(), ""); err != nil {
		t.Errorf("without a digest: %v", err)
	}
}

// The master's socket comes after the worker's, so both right after a start and during a reload it may refuse.
func TestReloadRightAfterAStart(t *testing.T) {
	d := newDaemon(t)
	d.start()
	if _, err := d.reloader().Reload(d.context(), "first"); err != nil {
		t.Fatal(err)
	}
}

func TestReloadWhileOthersReload(t *testing.T) {
	d := newDaemon(t)
	d.started()
	done := make(chan error, 3)
	for range cap(done) {
		go func() {
			_, err := d.reloader().Reload(d.context(), "first")
			done <- err
		}()
	}
	for range cap(done) {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}

func TestReloadIsRefused(t *testing.T) {
	foreign, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer foreign.Close()
	for _, test := range []struct{ name, more string }{
		{"bad keyword", "\tnonsense"},
		{"foreign port", "frontend taken\n\tbind " + foreign.Addr().String()},
		{"missing certificate", "frontend tls\n\tbind " + "127.0.0.1:0 ssl crt /nonexistent"},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := newDaemon(t)
			info := d.started()
			for range 2 { // the second failure must count too
				d.configure("second", test.more)
				_, err := d.reloader().Reload(d.context(), "second")
				var failure *ReloadError
				if !errors.As(err, &failure) || failure.Failure != Rejected || !strings.HasPrefix(err.Error(), "cannot reload HAProxy: it refused the configuration: ") {
					t.Fatalf("got %v, want a refusal\n%s", err, d.log.String())
				}
			}
			// It serves on. Its runtime API may be gone: a worker of 3.2.26 does not get the path back from one that failed to bind.
			if conn, err := net.Dial("tcp", d.address); err != nil {
				t.Error(err)
			} else {
				conn.Close()
			}
			if now, err := d.master().Processes(d.context()); err != nil || !now.has(info.PID) {
				t.Errorf("got %+v, %v, want that worker %d serves on", now, err, info.PID)
			}
			d.configure("third", "")
			if _, err := d.reloader().Reload(d.context(), "third"); err != nil {
				t.Errorf("afterwards: %v", err)
			}
		})
	}
}

func TestReloadOfAnotherConfiguration(t *testing.T) {
	d := newDaemon(t)
	d.started()
	_, err := d.reloader().Reload(d.context(), "second")
	var failure *ReloadError
	if !errors.As(err, &failure) || failure.Failure != Mismatched || !strings.Contains(failure.Words, `runs "lbsup first", not "second"`) {
		t.Errorf("got %v", err)
	}
}

// What other versions answer, and what goes wrong in ways that a real HAProxy will not show on demand.
func TestReloadOfOtherVersions(t *testing.T) {
	const before24 = "#<PID> <type> <relative PID> <reloads> <uptime> <version>\n10 master 0 0 0d00h00m01s 2.4\n# workers\n11 worker 1 0 0d00h00m01s 2.4\n"
	const kept24 = "#<PID> <type> <relative PID> <reloads> <uptime> <version>\n10 master 0 1 0d00h00m01s 2.4\n# workers\n# old workers\n11 worker [was: 1] 1 0d00h00m01s 2.4\n"
	const after24 = "#<PID> <type> <relative PID> <reloads> <uptime> <version>\n10 master 0 1 0d00h00m01s 2.4\n# workers\n12 worker 1 0 0d00h00m01s 2.4\n# old workers\n11 worker [was: 1] 1 0d00h00m01s 2.4\n"
	const failed26 = "#<PID> <type> <reloads> <uptime> <version>\n10 master 1 [failed: 1] 0d00h00m01s 2.6\n# workers\n11 worker 1 0d00h00m01s 2.6\n"
	const restarted = "#<PID> <type> <relative PID> <reloads> <uptime> <version>\n20 master 0 0 0d00h00m01s 2.4\n# workers\n12 worker 1 0 0d00h00m01s 2.4\n"
	for _, test := range []struct {
		name, reload, after string
		infos               []string // the last one stays
		want                string   // the error, or ""
		failure             Failure
		restarted           bool
	}{
		{name: "2.4 accepts", after: after24, infos: []string{"Pid: 12\ndescription: lbsup d\n"}},
		{name: "2.4 refuses", after: kept24, infos: []string{"Pid: 11\n"}, failure: Rejected, want: "it refused the configuration: HAProxy kept its old worker; its log says why"},
		{name: "2.6 refuses", after: failed26, failure: Rejected, want: "it refused the configuration: HAProxy counts a failed reload; its log says why"},
		{name: "3.2 accepts", reload: "Success=1\n--\n", after: after24, infos: []string{"Pid: 12\ndescription: lbsup d\n"}},
		{
			name: "3.2 refuses", reload: "Success=0\n--\n[ALERT]    (10) : config : no\n", failure: Rejected,
			want: "it refused the configuration: [ALERT]    (10) : config : no",
		},
		{
			name: "the old worker answers a little longer", after: after24,
			infos: []string{"Pid: 11\ndescription: lbsup c\n", "", "Pid: 12\ndescription: lbsup d\n"},
		},
		{name: "restarted meanwhile", after: restarted, infos: []string{"Pid: 12\ndescription: lbsup d\n"}, restarted: true},
		{name: "no new worker", after: before24, failure: Unproven, want: "nothing shows that a new worker serves: no new worker appeared"},
		{
			name: "the new worker never answers", after: after24, infos: []string{"Pid: 11\n"}, failure: Unproven,
			want: "nothing shows that a new worker serves: process 11 answers on the runtime API instead of the new worker 12",
		},
		{
			name: "a digest is a word of its own", after: after24, infos: []string{"Pid: 12\ndescription: lbsup dd\n"}, failure: Mismatched,
			want: `the new worker runs another configuration: worker 12 runs "lbsup dd", not "d"`,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			master := newFake(t, func(command string, number int) string {
				switch {
				case command == "reload":
					return test.reload
				case number == 0:
					return before24
				default:
					return test.after
				}
			})
			runtime := newFake(t, func(_ string, number int) string { return test.infos[min(number, len(test.infos)-1)] })
			ctx, cancel := context.WithTimeout(t.Context(), 1500*time.Millisecond)
			defer cancel()
			proof, err := Reloader{Master{master.socket}, Runtime{runtime.socket}}.Reload(ctx, "d")
			if n := strings.Count(strings.Join(master.commands(), "\n"), "reload"); n != 1 {
				t.Errorf("asked %d times for a reload, want once", n)
			}
			if test.want == "" {
				if err != nil || proof.Worker != 12 || proof.Restarted != test.restarted {
					t.Errorf("got %+v, %v", proof, err)
				}
				return
			}
			var failure *ReloadError
			if !errors.As(err, &failure) || failure.Failure != test.failure || err.Error() != "cannot reload HAProxy: "+test.want {
				t.Errorf("got  %v\nwant cannot reload HAProxy: %s", err, test.want)
			}
		})
	}
}

func TestReloadWithoutAMaster(t *testing.T) {
	dir := t.TempDir()
	for _, test := range []struct {
		name   string
		socket string
		want   Failure
	}{
		{"absent", dir + "/none", Unreachable},
		{"silent", newFake(t, always(hangs)).socket, Silent},
		{"garbage", newFake(t, always("what?\n")).socket, Unreachable},
	} {
		t.Run(test.name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
			defer cancel()
			_, err := Reloader{Master: Master{test.socket}}.Reload(ctx, "")
			var failure *ReloadError
			if !errors.As(err, &failure) || failure.Failure != test.want {
				t.Errorf("got %v, want %v", err, test.want)
			}
			if _, err := os.Stat(test.socket); test.want == Silent && err != nil {
				t.Error(err)
			}
		})
	}
}

func TestReloadUnansweredIsUnproven(t *testing.T) {
	master := newFake(t, func(command string, _ int) string {
		if command == "reload" {
			return hangs
		}
		return proc26
	})
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	_, err := Reloader{Master: Master{master.socket}}.Reload(ctx, "")
	var failure *ReloadError
	if !errors.As(err, &failure) || failure.Failure != Unproven {
		t.Errorf("got %v, want that nothing is proven", err)
	}
}
