package lab

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"
)

// Backend is a stub server: on each of its ports it answers any HTTP request with its own name.
type Backend struct {
	Server
	namespace string

	mu      sync.Mutex
	servers []*http.Server // nil while it is stopped
}

// Start makes it answer.
func (b *Backend) Start() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.servers != nil {
		return nil
	}
	for _, port := range b.Ports {
		listener, err := listen(b.namespace, fmt.Sprintf("%s:%d", b.Address, port))
		if err != nil {
			return fmt.Errorf("cannot start backend %q: %v", b.Name, err)
		}
		server := &http.Server{Handler: http.HandlerFunc(b.answer), ReadHeaderTimeout: 5 * time.Second}
		b.servers = append(b.servers, server)
		go func() { _ = server.Serve(listener) }()
	}
	return nil
}

// Stop closes its ports and connections: whoever asks is refused, as by a machine that runs without the service.
func (b *Backend) Stop() {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, server := range b.servers {
		_ = server.Close()
	}
	b.servers = nil
}

// answer names the server first; the rest lets a test see what HAProxy made of the request.
func (b *Backend) answer(w http.ResponseWriter, r *http.Request) {
	name, _, _ := strings.Cut(b.Name, ".")
	fmt.Fprintf(w, "%s\n%s %s %s\n", name, r.Method, r.Host, r.URL)
	if from := r.Header.Get("X-Forwarded-For"); from != "" {
		fmt.Fprintf(w, "forwarded for %s\n", from)
	}
}

// newClient makes a client whose every request is a new connection from inside the namespace.
func newClient(namespace string, timeout time.Duration) *http.Client {
	return &http.Client{
		Timeout: timeout,
		Transport: &http.Transport{
			DisableKeepAlives: true,
			DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
				return dial(ctx, namespace, network, address)
			},
		},
	}
}

// Ask sends one GET and returns the first line of the answer, which for a stub server is its name.
func Ask(ctx context.Context, client *http.Client, url string) (string, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return "", err
	}
	response, err := client.Do(request)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, 1<<20))
	if err != nil {
		return "", err
	}
	first, _, _ := strings.Cut(string(body), "\n")
	if response.StatusCode != http.StatusOK {
		return "", fmt.Errorf("cannot get %q: %s: %s", url, response.Status, first)
	}
	return first, nil
}
