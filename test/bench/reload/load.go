package reload

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"
)

// load is traffic of all kinds to one address. It goes on until it is stopped.
type load struct {
	*counter
	dial    dialer
	address string

	stop    context.CancelFunc
	running sync.WaitGroup
}

// dialer opens connections from where the clients are.
type dialer func(ctx context.Context, network, address string) (net.Conn, error)

// How much of each there is. It is to keep two cores busy and not to drown them: a request that waits its turn shows nothing.
const (
	freshClients = 4
	keptClients  = 8
	h2Clients    = 4
	longClients  = 200
	freshPause   = 10 * time.Millisecond
	keptPause    = 3 * time.Millisecond
	longPause    = 500 * time.Millisecond
	patience     = 20 * time.Second
)

// start begins the traffic.
func start(dial dialer, address string) *load {
	ctx, stop := context.WithCancel(context.Background())
	l := &load{counter: newCounter(), dial: dial, address: address, stop: stop}
	plain := "http://" + address + "/"
	for range freshClients {
		l.repeat(ctx, fresh, freshPause, plain, l.client(func(t *http.Transport) { t.DisableKeepAlives = true }))
	}
	for range keptClients {
		l.repeat(ctx, kept, keptPause, plain, l.client(func(*http.Transport) {}))
	}
	for range h2Clients {
		l.repeat(ctx, keptH2, keptPause, "https://"+address+"/", l.client(func(t *http.Transport) {
			t.ForceAttemptHTTP2 = true
			t.TLSClientConfig = &tls.Config{InsecureSkipVerify: true} // nobody signed the certificate
		}))
	}
	for i := range longClients {
		l.running.Go(func() { l.talk(ctx, longPause*time.Duration(i)/longClients) })
	}
	return l
}

// end stops the traffic and waits for the answers that are still to come.
func (l *load) end() {
	l.stop()
	l.running.Wait()
}

// client has one connection at a time.
func (l *load) client(set func(*http.Transport)) *http.Client {
	transport := &http.Transport{DialContext: l.dial, MaxConnsPerHost: 1}
	set(transport)
	return &http.Client{Transport: transport, Timeout: patience}
}

// repeat asks one after the other. A request is never taken back: the end of the load is no failure.
func (l *load) repeat(ctx context.Context, k kind, every time.Duration, url string, client *http.Client) {
	l.running.Go(func() {
		for pause(ctx, every) {
			l.add(k, post(client, url, k))
		}
		client.CloseIdleConnections()
	})
}

// post is not sent again on another connection when the answer does not come, as GET would be behind our back: RFC 9110, 9.2.2.
func post(client *http.Client, url string, k kind) error {
	response, err := client.Post(url, "text/plain", strings.NewReader("how are you?"))
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if _, err := io.Copy(io.Discard, response.Body); err != nil {
		return err
	}
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("got %s", response.Status)
	}
	want := 1
	if k == keptH2 {
		want = 2
	}
	if response.ProtoMajor != want {
		return fmt.Errorf("got HTTP/%d, want HTTP/%d", response.ProtoMajor, want)
	}
	return nil
}
