package haproxy

import (
	"context"
	"errors"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestAskTellsFailuresApart(t *testing.T) {
	dir := t.TempDir()
	dead := filepath.Join(dir, "dead")
	listener, err := net.ListenUnix("unix", &net.UnixAddr{Name: dead, Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	listener.SetUnlinkOnClose(false)
	listener.Close()
	for _, test := range []struct {
		name           string
		socket         string
		want           string // SOCKET stands for the path
		absent, silent bool
	}{
		{"no socket", filepath.Join(dir, "none"), `cannot ask HAProxy "show info" at "SOCKET": no such file or directory`, true, false},
		{"nobody listens", dead, `cannot ask HAProxy "show info" at "SOCKET": connection refused`, true, false},
		{"no answer", newFake(t, always("")).socket, `cannot ask HAProxy "show info" at "SOCKET": it closed the connection without an answer`, true, false},
		{"silence", newFake(t, always(hangs)).socket, `cannot ask HAProxy "show info" at "SOCKET": context deadline exceeded`, false, true},
		{"more than a megabyte", newFake(t, always(strings.Repeat("x", 1<<20))).socket, `cannot ask HAProxy "show info" at "SOCKET": its answer is longer than expected`, false, false},
		{"garbage", newFake(t, always("\x00\xff\n")).socket, `cannot read HAProxy's information: it names no process`, false, false},
		{"path too long", filepath.Join(dir, strings.Repeat("x", 120)), `cannot ask HAProxy "show info" at "SOCKET": invalid argument`, false, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
			defer cancel()
			_, err := Runtime{Socket: test.socket}.Info(ctx)
			if err == nil {
				t.Fatal("got no error")
			}
			if got := strings.ReplaceAll(err.Error(), test.socket, "SOCKET"); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
			if absent(err) != test.absent || silent(err) != test.silent {
				t.Errorf("absent %v, silent %v, want %v, %v", absent(err), silent(err), test.absent, test.silent)
			}
		})
	}
}

func TestAskWithoutTheRight(t *testing.T) {
	socket := newFake(t, always("x")).socket
	if err := os.Chmod(socket, 0); err != nil {
		t.Fatal(err)
	}
	if os.Geteuid() == 0 {
		// Root may connect to every socket. The thread that asks as somebody else ends with this goroutine.
		runtime.LockOSThread()
		syscall.RawSyscall(syscall.SYS_SETFSUID, 65534, 0, 0)
	}
	_, err := Reloader{Master: Master{Socket: socket}}.Reload(t.Context(), "")
	var failure *ReloadError
	if !errors.As(err, &failure) || failure.Failure != Unreachable {
		t.Fatalf("got %v, want a master that cannot be reached", err)
	}
	want := `cannot reload HAProxy: its master CLI cannot be reached: cannot ask HAProxy "show proc" at "SOCKET": permission denied`
	if got := strings.ReplaceAll(err.Error(), socket, "SOCKET"); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// A full backlog is somebody who does not accept, not nobody.
func TestFullBacklogIsSilence(t *testing.T) {
	socket := filepath.Join(t.TempDir(), "full")
	fd, err := syscall.Socket(syscall.AF_UNIX, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer syscall.Close(fd)
	if err := errors.Join(syscall.Bind(fd, &syscall.SockaddrUnix{Name: socket}), syscall.Listen(fd, 0)); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
		defer cancel()
		_, err = ask(ctx, socket, "show info", infoLimit)
	}
	if !errors.Is(err, syscall.EAGAIN) || !silent(err) || absent(err) {
		t.Errorf("got %v, want EAGAIN as silence", err)
	}
}
