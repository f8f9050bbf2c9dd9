package control

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"strings"
	"syscall"
	"time"

	"github.com/lbsup/lbsup/supervisor/status"
)

// ErrNotRunning is in the chain of an error that says that no supervisor answers at the socket.
var ErrNotRunning = errors.New("the supervisor is not running")

// maxAnswer bounds what the client reads: a status of ten thousand servers is two megabytes.
const maxAnswer = 64 << 20

// Client asks the supervisor. Its methods are those of Backend.
type Client struct {
	Socket string

	waits waits // the zero ones are the usual ones
}

// How long the client waits for an answer. A change has no limit.
const (
	brief   = 10 * time.Second // for what the supervisor knows
	patient = 2 * time.Minute  // for what it asks the daemons about first
)

var _ Backend = Client{}

// Status tells everything about the node.
func (c Client) Status(ctx context.Context) (status.Snapshot, error) {
	var s status.Snapshot
	err := c.look(ctx, pathStatus, brief, &s)
	return s, err
}

// Plan tells what a reload would do.
func (c Client) Plan(ctx context.Context) (status.Plan, error) {
	var p status.Plan
	err := c.look(ctx, pathPlan, patient, &p)
	return p, err
}

// History tells what was done, newest first.
func (c Client) History(ctx context.Context) ([]status.Entry, error) {
	var h []status.Entry
	err := c.look(ctx, pathHistory, brief, &h)
	return h, err
}

func (c Client) look(ctx context.Context, path string, wait time.Duration, into any) error {
	ctx, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	body, err := c.ask(ctx, http.MethodGet, path, nil)
	if err != nil {
		return err
	}
	defer func() { _ = body.Close() }()
	if err := json.NewDecoder(body).Decode(into); err != nil {
		return c.explain(fmt.Errorf("cannot read the supervisor's answer: %w", err))
	}
	return nil
}

// Change asks for a change and returns when it has ended. When the connection breaks the change goes on, and when it is the
// supervisor that has ended, the next one is asked.
func (c Client) Change(ctx context.Context, r Request, progress func(string)) (status.Change, error) {
	asked := time.Now()
	change, err := c.change(ctx, r, progress)
	switch {
	case !errors.Is(err, errCutOff):
		return change, err
	case r.Verb == Confirm: // it is no change of its own
		return change, cutOff(errCutOff.Error(), "lbsup status tells whether it still waits to be confirmed")
	default:
		return c.afterwards(ctx, r, asked, progress)
	}
}

func (c Client) change(ctx context.Context, r Request, progress func(string)) (status.Change, error) {
	text, err := json.Marshal(r)
	if err != nil {
		return status.Change{}, fmt.Errorf("cannot write request %q: %w", r.Verb, err)
	}
	body, err := c.ask(ctx, http.MethodPost, pathChange, text)
	if err != nil {
		return status.Change{}, err
	}
	defer func() { _ = body.Close() }()
	return readLines(body, progress)
}

// readLines reads the answer to a change.
func readLines(body io.Reader, progress func(string)) (status.Change, error) {
	d := json.NewDecoder(bufio.NewReader(body))
	for {
		var l line
		err := d.Decode(&l)
		switch {
		case err == io.EOF, errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, syscall.ECONNRESET):
			return status.Change{}, errCutOff
		case err != nil:
			return status.Change{}, fmt.Errorf("cannot read the supervisor's answer: %w", err)
		case l.Error != "":
			return status.Change{}, &Error{Message: l.Error}
		case l.Change != nil:
			return *l.Change, nil
		default:
			progress(inOneLine(l.Progress))
		}
	}
}

// ask sends one request on a connection of its own and returns the body of a good answer.
func (c Client) ask(ctx context.Context, method, path string, body []byte) (io.ReadCloser, error) {
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "unix", c.Socket)
	}
	t := &http.Transport{DialContext: dial, DisableKeepAlives: true, DisableCompression: true}
	req, err := http.NewRequestWithContext(ctx, method, "http://lbsup"+path, bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("cannot ask the supervisor: %w", err)
	}
	resp, err := t.RoundTrip(req)
	if err != nil {
		return nil, c.explain(err)
	}
	resp.Body = limited{Reader: io.LimitReader(resp.Body, maxAnswer), Closer: resp.Body}
	if resp.StatusCode != http.StatusOK {
		defer func() { _ = resp.Body.Close() }()
		return nil, refusal(resp)
	}
	return resp.Body, nil
}

type limited struct {
	io.Reader
	io.Closer
}

func refusal(resp *http.Response) error {
	e := &Error{}
	if json.NewDecoder(resp.Body).Decode(e) != nil || e.Message == "" {
		e.Message = "cannot ask the supervisor: it answered " + resp.Status
		e.Hint = "the command and the supervisor may be of different versions: restart lbsup.service"
	}
	return e
}

// closedIdle is what net/http says when the other side hangs up before the question is written. It has no name for it.
const closedIdle = "server closed idle connection"

// explain turns what the kernel says about the socket into what it means.
func (c Client) explain(err error) error {
	switch {
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ECONNREFUSED):
		return fmt.Errorf("cannot reach the supervisor at %q: %w", c.Socket, ErrNotRunning)
	case errors.Is(err, os.ErrPermission):
		return &Error{
			Message: fmt.Sprintf("cannot open control socket %q: permission denied", c.Socket),
			Hint:    "use sudo, or add yourself to group lbsup and log in again",
		}
	// systemd holds the socket and accepts for a supervisor that does not come up.
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF),
		errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE), strings.HasSuffix(err.Error(), closedIdle):
		return fmt.Errorf("cannot get an answer at %q: %w", c.Socket, ErrNotRunning)
	default:
		return fmt.Errorf("cannot ask the supervisor: %w", err)
	}
}
