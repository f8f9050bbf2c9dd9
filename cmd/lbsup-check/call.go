package main

import (
	"syscall"
	"unsafe"
)

// patience is for the whole question, which quick may have spent 100 ms on. keepalived's timeout is 1 s: a check that it has to kill tells
// nobody why.
const patience = 800_000_000 // ns

// call is a socket that must be done with its work at some moment.
type call struct {
	fd       int
	deadline int64
}

func open(socket string, deadline int64) (call, error) {
	fd, err := syscall.Socket(syscall.AF_UNIX, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		return call{fd: -1}, err
	}
	c := call{fd: fd, deadline: deadline}
	// connect(2) to a full backlog waits too, and as long as SO_SNDTIMEO says: socket(7).
	_, err = c.do(func() (int, error) { return 0, syscall.Connect(fd, &syscall.SockaddrUnix{Name: socket}) })
	return c, err
}

func (c call) close() {
	if c.fd >= 0 {
		_ = syscall.Close(c.fd)
	}
}

// do makes one system call with the time that is left: each counts anew, so a server that trickles gains nothing. It makes
// it again when a signal came between: the runtime sends itself some, and a call with a timeout is not restarted, signal(7).
func (c call) do(f func() (int, error)) (int, error) {
	for {
		left := c.deadline - now()
		if left < 1000 { // less than a microsecond would become zero, and zero is for ever
			return 0, syscall.EAGAIN
		}
		limit := syscall.NsecToTimeval(left)
		for _, which := range []int{syscall.SO_SNDTIMEO, syscall.SO_RCVTIMEO} {
			if err := syscall.SetsockoptTimeval(c.fd, syscall.SOL_SOCKET, which, &limit); err != nil {
				return 0, err
			}
		}
		if n, err := f(); err != syscall.EINTR {
			return n, err
		}
	}
}

// now is the time on a clock that nobody sets: CLOCK_MONOTONIC, clock_gettime(2).
func now() int64 {
	const clockMonotonic = 1
	var t syscall.Timespec
	_, _, _ = syscall.RawSyscall(syscall.SYS_CLOCK_GETTIME, clockMonotonic, uintptr(unsafe.Pointer(&t)), 0)
	return t.Nano()
}
