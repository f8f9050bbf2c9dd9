package haproxy

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/lbsup/lbsup/test/need"
)

// daemon is a real HAProxy in master-worker mode, with everything it owns in a directory of the test's.
type daemon struct {
	t       testing.TB
	dir     string
	address string // of its frontend
	command *exec.Cmd
	log     lockedBuffer
	ended   chan struct{}
}

// lockedBuffer does not embed the buffer, whose ReadFrom would go round the lock.
type lockedBuffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

func newDaemon(t testing.TB) *daemon {
	t.Helper()
	need.Programs(t, "haproxy")
	dir, err := os.MkdirTemp("", "lbsup-h") // a socket's path must be short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	d := &daemon{t: t, dir: dir, address: freeAddress(t)}
	d.configure("first", "")
	return d
}

func freeAddress(t testing.TB) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}

func (d *daemon) file(name string) string { return filepath.Join(d.dir, name) }
func (d *daemon) master() Master          { return Master{Socket: d.file("m.sock")} }
func (d *daemon) runtime() Runtime        { return Runtime{Socket: d.file("s.sock")} }
func (d *daemon) reloader() Reloader      { return Reloader{Master: d.master(), Runtime: d.runtime()} }

// configure writes a configuration whose description carries the digest; more goes to its end.
func (d *daemon) configure(digest, more string) {
	d.configureSocket(digest, "expose-fd listeners", more)
}

func (d *daemon) configureSocket(digest, socket, more string) {
	d.t.Helper()
	text := fmt.Sprintf(`global
	stats socket %s mode 600 level admin %s
	stats maxconn 100
	description "lbsup %s"
	hard-stop-after 5s
defaults
	mode tcp
	timeout client 10s
	timeout server 10s
	timeout connect 1s
frontend in
	bind %s
	default_backend out
backend out
	server one 127.0.0.1:9 check inter 50ms fall 1
	server two 127.0.0.1:9 weight 7
%s
`, d.file("s.sock"), socket, digest, d.address, more)
	if err := os.WriteFile(d.file("cfg"), []byte(text), 0o600); err != nil {
		d.t.Fatal(err)
	}
}

// start starts HAProxy and returns at once.
func (d *daemon) start() {
	d.t.Helper()
	d.command = exec.Command("haproxy", "-W", "-S", d.file("m.sock"), "-f", d.file("cfg"))
	d.command.Stdout, d.command.Stderr = &d.log, &d.log
	// A test that is killed must not leave a daemon behind.
	d.command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := d.command.Start(); err != nil {
		d.t.Fatal(err)
	}
	command, ended := d.command, make(chan struct{})
	d.ended = ended
	go func() { command.Wait(); close(ended) }()
	d.t.Cleanup(func() {
		syscall.Kill(-command.Process.Pid, syscall.SIGKILL)
		<-ended
	})
}

// started starts HAProxy and waits until its worker answers.
func (d *daemon) started() Info {
	d.t.Helper()
	d.start()
	var info Info
	d.until("HAProxy answers", func() (err error) {
		if info, err = d.runtime().Info(d.context()); err != nil {
			return err
		}
		_, err = d.master().Processes(d.context())
		return err
	})
	return info
}

func (d *daemon) kill(pid int, signal syscall.Signal) {
	d.t.Helper()
	if err := syscall.Kill(pid, signal); err != nil {
		d.t.Fatal(err)
	}
}

func (d *daemon) context() context.Context {
	ctx, cancel := context.WithTimeout(d.t.Context(), 20*time.Second)
	d.t.Cleanup(cancel)
	return ctx
}

// until waits for a condition of a real daemon: there is nothing but its sockets to ask.
func (d *daemon) until(what string, condition func() error) {
	d.t.Helper()
	err := condition()
	for deadline := time.Now().Add(15 * time.Second); err != nil && time.Now().Before(deadline); err = condition() {
		time.Sleep(5 * time.Millisecond)
	}
	if err != nil {
		d.t.Fatalf("it never came that %s: %v\n%s", what, err, d.log.String())
	}
}
