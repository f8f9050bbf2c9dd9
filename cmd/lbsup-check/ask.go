package main

import "syscall"

// answerLimit is how much of an answer is looked at; those of lbsup have a few hundred bytes.
const answerLimit = 4096

// tries is how often the question is put when its answer is lost: the supervisor that had taken it ended, and the next
// question waits at the socket, which systemd holds, for the one that comes after it.
const tries = 3

// requestEnd follows the name of the check.
const requestEnd = " HTTP/1.0\r\nUser-Agent: lbsup-check\r\n\r\n"

// ask puts the question. Whatever goes wrong is an answer too: not healthy.
func ask(socket, name string) (healthy bool, reason string) {
	deadline := now() + patience
	lost := true
	for n := 0; lost && n < tries; n++ {
		healthy, reason, lost = attempt(socket, name, deadline)
	}
	return healthy, reason
}

// attempt puts the question once. The answer is lost when the connection ends without one.
func attempt(socket, name string, deadline int64) (healthy bool, reason string, lost bool) {
	c, err := open(socket, deadline)
	if err != nil {
		c.close()
		return false, "cannot connect to " + printable(socket) + ": " + explain(err), false
	}
	defer c.close()
	request := []byte("GET /check/" + name + requestEnd)
	n, err := c.do(func() (int, error) { return syscall.Write(c.fd, request) })
	if err != nil {
		return false, "cannot ask: " + explain(err), ended(err)
	}
	if n < len(request) {
		return false, "cannot ask: only a part of the question was taken", false
	}
	return c.hear()
}

// hear reads until the answer is complete.
func (c call) hear() (healthy bool, reason string, lost bool) {
	var buffer [answerLimit]byte
	for have := 0; have < len(buffer); {
		n, err := c.do(func() (int, error) { return syscall.Read(c.fd, buffer[have:]) })
		if err != nil {
			return false, "cannot hear the answer: " + explain(err), ended(err)
		}
		if n == 0 {
			return false, "cannot hear the answer: it was cut short", true
		}
		have += n
		if healthy, reason, done := parseAnswer(buffer[:have]); done {
			return healthy, reason, false
		}
	}
	return false, "cannot hear the answer: it has no end", false
}

// ended tells that the other side went away.
func ended(err error) bool { return err == syscall.ECONNRESET || err == syscall.EPIPE }

// explain puts the error that means "the time is up", on a socket with a timeout, into words.
func explain(err error) string {
	if err == syscall.EAGAIN {
		return "no answer within 800ms"
	}
	return err.Error()
}
