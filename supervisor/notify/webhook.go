package notify

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"syscall"

	"github.com/lbsup/lbsup/checks"
	"github.com/lbsup/lbsup/render/cluster"
)

// webhook posts news to a URL.
type webhook struct {
	url, headers string
	client       *http.Client
}

// newWebhook asks directly: a proxy that the environment names is for people.
func newWebhook(n cluster.Notice) *webhook {
	return &webhook{url: n.Webhook, headers: n.HeadersFile, client: &http.Client{
		Transport:     &http.Transport{DisableKeepAlives: true, DisableCompression: true, MaxResponseHeaderBytes: 16 << 10},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// hostOf is as much of a URL as may be told: many services have their secret in the rest.
func hostOf(text string) string {
	u, err := url.Parse(text)
	if err != nil {
		return "a webhook"
	}
	return u.Scheme + "://" + u.Host
}

// answerLimit is how much of an answer is read: nothing in it is of use.
const answerLimit = 4 << 10

func (w *webhook) try(ctx context.Context, n News) error {
	body, err := n.body()
	if err != nil {
		return final{err}
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, w.url, bytes.NewReader(body))
	if err != nil {
		return final{errors.New("the URL cannot be used")}
	}
	if w.headers != "" {
		h, err := headersOf(w.headers)
		if err != nil {
			return err // a file can be mended
		}
		r.Header = h
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", "lbsup")
	answer, err := w.client.Do(r)
	if err != nil {
		return errors.New(words(err))
	}
	defer answer.Body.Close()
	_, _ = io.CopyN(io.Discard, answer.Body, answerLimit) // so that the other side sees its answer taken
	return judge(answer.StatusCode)
}

// judge tells what is worth another try. RFC 9110, section 15: a 4xx is the request's own fault, but for those that speak
// of time.
func judge(code int) error {
	switch {
	case code >= 200 && code < 300:
		return nil
	case code >= 500, code == http.StatusRequestTimeout, code == http.StatusTooEarly, code == http.StatusTooManyRequests:
		return fmt.Errorf("it answers with HTTP status %d", code)
	default:
		return final{fmt.Errorf("it answers with HTTP status %d", code)}
	}
}

// words are an error without the URL in it.
func words(err error) string {
	if outer, is := errors.AsType[*url.Error](err); is {
		err = outer.Err
	}
	if no, is := errors.AsType[syscall.Errno](err); is {
		return no.Error()
	}
	return checks.Line(err.Error())
}
