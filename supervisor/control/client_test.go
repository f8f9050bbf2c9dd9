package control

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestNotRunning(t *testing.T) {
	dir := t.TempDir()
	dead := filepath.Join(dir, "dead")
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: dead})
	if err != nil {
		t.Fatal(err)
	}
	l.SetUnlinkOnClose(false)
	_ = l.Close()
	mute := filepath.Join(dir, "mute") // as when systemd gives up on the service
	ml, err := net.Listen("unix", mute)
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		for c, err := ml.Accept(); err == nil; c, err = ml.Accept() {
			_ = c.Close()
		}
	}()
	t.Cleanup(func() { _ = ml.Close() })

	for _, row := range []struct{ name, socket, err string }{
		{"absent", filepath.Join(dir, "absent"), "cannot reach the supervisor at %q: the supervisor is not running"},
		{"refused", dead, "cannot reach the supervisor at %q: the supervisor is not running"},
		{"hangs up", mute, "cannot get an answer at %q: the supervisor is not running"},
	} {
		t.Run(row.name, func(t *testing.T) {
			_, err := Client{Socket: row.socket}.Status(t.Context())
			if !errors.Is(err, ErrNotRunning) {
				t.Errorf("got %v, want ErrNotRunning", err)
			}
			if diff := cmp.Diff(fmt.Sprintf(row.err, row.socket), text(err)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// Who hangs up at once may do so before the question is written, after it, or in between.
func TestHangingUpIsNotRunning(t *testing.T) {
	for _, err := range []error{io.EOF, io.ErrUnexpectedEOF, syscall.ECONNRESET, syscall.EPIPE, errors.New("http: server closed idle connection")} {
		if got := (Client{Socket: "s"}).explain(err); text(got) != `cannot get an answer at "s": the supervisor is not running` {
			t.Errorf("%v: got %v", err, got)
		}
	}
}

func TestAStrangerAtTheSocket(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s")
	l, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for c, err := l.Accept(); err == nil; c, err = l.Accept() {
			buf := make([]byte, 4096)
			_, _ = c.Read(buf)
			_, _ = c.Write([]byte("HTTP/1.1 404 Not Found\r\nContent-Length: 3\r\n\r\nhey"))
			_ = c.Close()
		}
	}()
	_, err = Client{Socket: path}.Status(t.Context())
	var e *Error
	if !errors.As(err, &e) {
		t.Fatalf("got %v, want an *Error", err)
	}
	want := &Error{
		Message: "cannot ask the supervisor: it answered 404 Not Found",
		Hint:    "the command and the supervisor may be of different versions: restart lbsup.service",
	}
	if diff := cmp.Diff(want, e); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestServeWantsAFile(t *testing.T) {
	socket := filepath.Join(t.TempDir(), "s")
	l, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	if err := os.Remove(socket); err != nil {
		t.Fatal(err)
	}
	_, err = groupOf(l)
	want := "cannot tell which group may change things through socket " + strconv.Quote(socket) + ": stat " + socket + ": no such file or directory"
	if diff := cmp.Diff(want, text(err)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
