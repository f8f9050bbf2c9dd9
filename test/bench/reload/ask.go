package reload

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"
)

// askers is how many clients ask at the same time: a server among thousands gets its turn soon, and the machine is not drowned.
const askers = 4

const longestWait = time.Minute

// answered saves something and returns how long it took until the first answer that it was for.
func (h *hosts) answered(ctx context.Context, url string, save func() error, is func(header http.Header, body string) bool) (time.Duration, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, longestWait, errors.New("what is new has not answered"))
	defer cancel()
	found := make(chan time.Time, askers)
	var asking sync.WaitGroup
	defer asking.Wait()
	asked, stop := context.WithCancel(ctx)
	defer stop()
	for range askers {
		asking.Go(func() { h.ask(asked, url, is, found) })
	}
	began := time.Now()
	if err := save(); err != nil {
		return 0, err
	}
	select {
	case at := <-found:
		return at.Sub(began), nil
	case <-ctx.Done():
		return 0, context.Cause(ctx)
	}
}

// ask asks over one connection until the answer is the one that is waited for. A lost request is another benchmark's business.
func (h *hosts) ask(ctx context.Context, url string, is func(http.Header, string) bool, found chan<- time.Time) {
	client := &http.Client{Timeout: patience, Transport: &http.Transport{DialContext: h.dialer(), MaxConnsPerHost: 1}}
	defer client.CloseIdleConnections()
	for pause(ctx, time.Millisecond) {
		response, err := client.Get(url)
		if err != nil {
			continue
		}
		body, err := io.ReadAll(response.Body)
		response.Body.Close()
		if err == nil && is(response.Header, string(body)) {
			found <- time.Now()
			return
		}
	}
}

// marked are answers with the mark of one file.
func marked(mark string) func(http.Header, string) bool {
	return func(header http.Header, _ string) bool { return header.Get("X-Mark") == mark }
}

// fromNew are answers of the server that was added.
func fromNew(_ http.Header, body string) bool { return strings.HasPrefix(body, newServer+"\n") }
