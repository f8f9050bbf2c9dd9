package main

import "syscall"

// answerLimit is how much of an answer is looked at; those of lbsup have a few hundred bytes.
const answerLimit = 4096

// ask puts the question. Whatever goes wrong is an answer too: not healthy.
func ask(socket, name string) (healthy bool, reason string) {
	c, err := open(socket)
	if err != nil {
		return false, "cannot connect to " + printable(socket) + ": " + explain(err)
	}
	request := []byte("GET /check/" + name + " HTTP/1.0\r\nUser-Agent: lbsup-check\r\n\r\n")
	n, err := c.do(func() (int, error) { return syscall.Write(c.fd, request) })
	if err != nil {
		return false, "cannot ask: " + explain(err)
	}
	if n < len(request) {
		return false, "cannot ask: only a part of the question was taken"
	}
	return c.hear()
}

// hear reads until the answer is complete.
func (c call) hear() (healthy bool, reason string) {
	var buffer [answerLimit]byte
	for have := 0; have < len(buffer); {
		n, err := c.do(func() (int, error) { return syscall.Read(c.fd, buffer[have:]) })
		if err != nil {
			return false, "cannot hear the answer: " + explain(err)
		}
		if n == 0 {
			return false, "cannot hear the answer: it was cut short"
		}
		have += n
		if healthy, reason, done := parseAnswer(buffer[:have]); done {
			return healthy, reason
		}
	}
	return false, "cannot hear the answer: it has no end"
}

// explain puts the error that means "the time is up", on a socket with a timeout, into words.
func explain(err error) string {
	if err == syscall.EAGAIN {
		return "no answer within 900ms"
	}
	return err.Error()
}
