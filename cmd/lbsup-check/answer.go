package main

// statusLine is how an answer begins; digit stands for any.
const (
	statusLine = "HTTP/1.# ### "
	digit      = '#'
)

// parseAnswer looks at what has arrived so far. It is done when there is a status line and, after the header, one line
// of reason; or when this can never become an HTTP answer. Only the status 200 is healthy.
func parseAnswer(answer []byte) (healthy bool, reason string, done bool) {
	if !http(answer) {
		return false, "the answer is not HTTP", true
	}
	header := end(answer)
	if header < 0 {
		return false, "", false
	}
	for i := header; i < len(answer); i++ {
		if answer[i] == '\n' {
			return string(answer[9:12]) == "200", line(answer[header:i]), true
		}
	}
	return false, "", false
}

// http says whether an answer begins with a status line, as far as it has arrived.
func http(answer []byte) bool {
	for i := range min(len(answer), len(statusLine)) {
		if want, got := statusLine[i], answer[i]; got != want && (want != digit || got < '0' || got > '9') {
			return false
		}
	}
	return true
}

// end is where the header ends and the body begins, or -1.
func end(answer []byte) int {
	for i := 0; i+4 <= len(answer); i++ {
		if string(answer[i:i+4]) == "\r\n\r\n" {
			return i + 4
		}
	}
	return -1
}

func line(text []byte) string {
	if n := len(text); n > 0 && text[n-1] == '\r' {
		text = text[:n-1]
	}
	return printable(string(text))
}
