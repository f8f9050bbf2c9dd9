package peers

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/lbsup/lbsup/render/cluster"
	"github.com/lbsup/lbsup/supervisor/status"
)

// renew is how long a connection is used: then both sides prove anew who they are, with certificates that may have ended
// or been renewed.
const renew = time.Minute

// question asks one peer.
type question struct {
	settings Settings
	peer     cluster.Node
	client   *http.Client
	clock    func() time.Time
}

func newQuestion(id *identity, peer cluster.Node) *question {
	q := &question{settings: id.settings, peer: peer, clock: id.clock}
	dialer := &net.Dialer{}
	if self := id.settings.Self.Address; self.Is4() == peer.Address.Is4() {
		dialer.LocalAddr = &net.TCPAddr{IP: self.AsSlice(), Zone: self.Zone()} // the one that the peer lets in
	}
	q.client = &http.Client{
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			DialTLSContext: func(ctx context.Context, network, at string) (net.Conn, error) {
				return dial(ctx, dialer, id, peer.Name, at)
			},
			MaxConnsPerHost: 1, IdleConnTimeout: idleLimit, MaxResponseHeaderBytes: 4 << 10,
			DisableCompression: true, // a small answer that unpacks to a large one is not asked for
		},
	}
	return q
}

func dial(ctx context.Context, d *net.Dialer, id *identity, peer, at string) (net.Conn, error) {
	p, err := id.get()
	if err != nil {
		return nil, err
	}
	conn, err := d.DialContext(ctx, "tcp", at)
	if err != nil {
		return nil, err
	}
	secure := tls.Client(conn, &tls.Config{
		MinVersion: tls.VersionTLS13, ServerName: peer, RootCAs: p.roots, Certificates: []tls.Certificate{p.own}, Time: id.clock,
		NextProtos: []string{"http/1.1"},
	})
	if err := secure.HandshakeContext(ctx); err != nil {
		_ = conn.Close()
		return nil, err
	}
	return secure, nil
}

// heard is one answer.
type heard struct {
	summary      status.Summary
	at           time.Time
	skew, within time.Duration
}

// ask asks once.
func (q *question) ask(ctx context.Context) (heard, error) {
	begin := q.clock()
	answer, err := q.get(ctx, path)
	if err != nil {
		return heard{}, err
	}
	defer answer.Body.Close()
	end := q.clock()
	s, err := read(answer.Body)
	if ctx.Err() != nil {
		return heard{}, ctx.Err() // a connection that is being closed may make a cut answer look whole
	}
	if err != nil {
		return heard{}, err
	}
	if err := q.lie(s.Cluster, s.Node); err != nil {
		return heard{}, err
	}
	took := end.Sub(begin)
	return heard{summary: s, at: end, skew: s.Time.Sub(begin.Add(took / 2)), within: took / 2}, nil
}

// record asks what the peer has on record of a span of its own time.
func (q *question) record(ctx context.Context, s span) (status.Record, error) {
	answer, err := q.get(ctx, recordPath+"?"+s.values().Encode())
	if err != nil {
		return status.Record{}, err
	}
	defer answer.Body.Close()
	r, err := readRecord(answer.Body, q.peer.Name, s)
	if ctx.Err() != nil {
		return status.Record{}, ctx.Err()
	}
	if err != nil {
		return status.Record{}, err
	}
	return r, q.lie(r.Cluster, r.Node)
}

func (q *question) get(ctx context.Context, what string) (*http.Response, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "https://"+q.settings.at(q.peer)+what, nil)
	if err != nil {
		return nil, err
	}
	answer, err := q.client.Do(r)
	switch {
	case err != nil:
		return nil, err
	case answer.StatusCode == http.StatusOK:
		return answer, nil
	}
	_ = answer.Body.Close()
	if answer.StatusCode == http.StatusNotFound {
		return nil, errOlder
	}
	return nil, fmt.Errorf("it answers with HTTP status %d", answer.StatusCode)
}

// lie compares what a peer says it is with what its certificate says.
func (q *question) lie(cluster, node string) error {
	switch {
	case node != q.peer.Name:
		return fmt.Errorf("it says that it is %q, and its certificate is of %s", node, q.peer.Name)
	case cluster != q.settings.Cluster:
		return fmt.Errorf("it says that it belongs to cluster %q, not %s", cluster, q.settings.Cluster)
	default:
		return nil
	}
}

// forget ends the connection.
func (q *question) forget() { q.client.CloseIdleConnections() }

var (
	errSilent = errors.New("no answer in time")
	errOlder  = errors.New("it does not know the question: install the same lbsup on both")
)
