//go:build linux && (amd64 || arm64)

package main

//lint:file-ignore U1000 what calls quick is the entry, in assembly

import (
	"syscall"
	"unsafe"
)

// What the entry and compiled Go agree on before there is a runtime.
var (
	started   *start      // the stack as execve(2) left it
	goroutine [64]uintptr // what compiled Go takes for its goroutine; the entry tells it
	local     [2]uintptr  // where compiled Go on amd64 looks for that
)

// start is how a stack begins. Of more arguments than these quick knows nothing.
type start struct {
	count     uintptr
	arguments [3]*[sunPath]byte
}

const sunPath = 108 // the longest path of a socket and its zero, unix(7)

// What quick works with. It has no memory but this.
var (
	address  = syscall.RawSockaddrUnix{Family: syscall.AF_UNIX}
	question [len(usualQuestion)]byte
	answer   [answerLimit]byte
	// hurry is how long the usual question may take. Then ask puts it anew, with more patience and more words.
	hurry = syscall.Timeval{Usec: 100_000}
)

var brokenPipe uint64 = 1 << (syscall.SIGPIPE - 1)

const blockSignals = 0 // SIG_BLOCK

const usualQuestion = "GET /check/" + supervisor + requestEnd

// quick asks the usual question, about the supervisor itself, and ends the program when there is a plain answer. It runs before the runtime
// does, so: no allocation, no defer, no goroutine, no panic, none but raw system calls. Whenever anything is not as usual it returns.
func quick() {
	// Until the runtime takes it over, SIGPIPE would end the program when nobody listens any more: rt_sigprocmask(2).
	_, _, _ = syscall.RawSyscall6(syscall.SYS_RT_SIGPROCMASK, blockSignals, uintptr(unsafe.Pointer(&brokenPipe)), 0, unsafe.Sizeof(brokenPipe), 0, 0)
	fd, ok := connect(started)
	if !ok {
		return
	}
	copy(question[:], usualQuestion)
	if n, _, failed := syscall.RawSyscall(syscall.SYS_WRITE, fd, uintptr(unsafe.Pointer(&question)), uintptr(len(question))); failed == 0 && n == uintptr(len(question)) {
		if n, _, failed := syscall.RawSyscall(syscall.SYS_READ, fd, uintptr(unsafe.Pointer(&answer)), uintptr(len(answer))); failed == 0 {
			conclude(answer[:n])
		}
	}
	_, _, _ = syscall.RawSyscall(syscall.SYS_CLOSE, fd, 0, 0)
}

// connect opens the health socket, or the one that -s names.
func connect(s *start) (fd uintptr, ok bool) {
	switch {
	case s.count == 1:
		for i := range len(healthSocket) {
			address.Path[i] = int8(healthSocket[i])
		}
	case s.count == 3 && s.arguments[1][0] == '-' && s.arguments[1][1] == 's' && s.arguments[1][2] == 0:
		if !copyPath(s.arguments[2]) {
			return 0, false
		}
	default:
		return 0, false
	}
	fd, _, failed := syscall.RawSyscall(syscall.SYS_SOCKET, syscall.AF_UNIX, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	if failed != 0 {
		return 0, false
	}
	for which := uintptr(syscall.SO_RCVTIMEO); which <= syscall.SO_SNDTIMEO; which++ {
		_, _, _ = syscall.RawSyscall6(syscall.SYS_SETSOCKOPT, fd, syscall.SOL_SOCKET, which, uintptr(unsafe.Pointer(&hurry)), unsafe.Sizeof(hurry), 0)
	}
	_, _, failed = syscall.RawSyscall(syscall.SYS_CONNECT, fd, uintptr(unsafe.Pointer(&address)), unsafe.Sizeof(address))
	if failed != 0 {
		_, _, _ = syscall.RawSyscall(syscall.SYS_CLOSE, fd, 0, 0)
	}
	return fd, failed == 0
}

// copyPath takes a path that ends within the bounds of an address.
func copyPath(path *[sunPath]byte) bool {
	for i := range len(address.Path) {
		address.Path[i] = int8(path[i])
		if path[i] == 0 {
			return i > 0
		}
	}
	return false
}

// conclude ends the program if the answer is complete and plain.
func conclude(answer []byte) {
	healthy, body, done := plainAnswer(answer)
	if !done {
		return
	}
	_, _, _ = syscall.RawSyscall(syscall.SYS_WRITE, 1, uintptr(unsafe.Pointer(unsafe.SliceData(body))), uintptr(len(body)))
	code := uintptr(exitNot)
	if healthy {
		code = exitHealthy
	}
	_, _, _ = syscall.RawSyscall(syscall.SYS_EXIT_GROUP, code, 0, 0)
}

// plainAnswer is parseAnswer for an answer that is there at once, with nothing in its line that parseAnswer would have to replace.
func plainAnswer(answer []byte) (healthy bool, line []byte, done bool) {
	begin := end(answer)
	if begin < len(statusLine) || !http(answer) {
		return false, nil, false
	}
	for i := begin; i < len(answer); i++ {
		switch c := answer[i]; {
		case c == '\n':
			return string(answer[9:12]) == "200", answer[begin : i+1], true
		case c < ' ' || c == 0x7f:
			return false, nil, false
		}
	}
	return false, nil, false
}
