package control

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/lbsup/lbsup/supervisor/status"
)

// errGone says that a client stopped reading.
var errGone = errors.New("the client stopped reading")

// block is about how many bytes are sent at once.
const block = 32 << 10

func (s stream) moments(ms []status.Moment) error {
	var text []byte
	for i := range ms {
		line, err := json.Marshal(eventLine{Moment: &ms[i]})
		if err != nil {
			return fmt.Errorf("cannot write a moment of the timeline: %w", err)
		}
		text = append(append(text, line...), '\n')
		if len(text) < block && i < len(ms)-1 {
			continue
		}
		if !s.send(text) {
			return errGone
		}
		text = text[:0]
	}
	return nil
}

func (s stream) moment(l eventLine) {
	if line, err := json.Marshal(l); err == nil {
		s.send(append(line, '\n'))
	}
}

var _ Chronicle = Client{}

// Why answers about a VIP, an instance or a check.
func (c Client) Why(ctx context.Context, w Why) (status.Account, error) {
	var a status.Account
	err := c.look(ctx, pathWhy+"?"+w.values().Encode(), brief, &a)
	return a, err
}

// Events tells moments until there are no more, or ctx ends if they are followed, which is no error.
func (c Client) Events(ctx context.Context, p Past, tell func([]status.Moment) error) error {
	body, err := c.ask(ctx, http.MethodGet, pathEvents+"?"+p.values().Encode(), nil)
	if err != nil {
		return err
	}
	defer func() { _ = body.Close() }()
	err = readMoments(body, tell)
	if p.Follow && ctx.Err() != nil {
		return nil
	}
	return err
}

// readMoments reads the answer to Events, and tells what has arrived before it waits for more.
func readMoments(body io.Reader, tell func([]status.Moment) error) error {
	r := bufio.NewReader(body)
	var ms []status.Moment
	for {
		text, err := r.ReadBytes('\n')
		var l eventLine
		switch {
		case err == io.EOF && len(text) == 0:
			return tell(ms)
		case err != nil:
			return errors.Join(tell(ms), &Error{Message: "cannot read on: the supervisor closed the connection", Hint: "journalctl -u lbsup says why"})
		case json.Unmarshal(text, &l) != nil || l.Moment == nil && l.Error == "":
			return errors.Join(tell(ms), fmt.Errorf("cannot read the supervisor's answer: got the line %.80q", text))
		case l.Error != "":
			return errors.Join(tell(ms), &Error{Message: l.Error})
		}
		if ms = append(ms, *l.Moment); r.Buffered() == 0 {
			if err := tell(ms); err != nil {
				return err
			}
			ms = nil
		}
	}
}
