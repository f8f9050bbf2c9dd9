package probe

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"

	"github.com/lbsup/lbsup/checks"
)

// headerLimit is how much header an answer may have: far more than any health page sends.
const headerLimit = 64 << 10

func newHTTP(name string, ask checks.HTTP) (Func, error) {
	target, err := url.Parse(ask.URL)
	if err != nil || target.Host == "" || target.Scheme != "http" && target.Scheme != "https" {
		return nil, fmt.Errorf("cannot probe check %q: the URL must be http://HOST/PATH or https://HOST/PATH", name)
	}
	client := newClient(ask.TLSVerify)
	return func(ctx context.Context) checks.Result {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, ask.URL, nil)
		if err != nil {
			return doubtful("cannot ask: the URL is not valid")
		}
		request.Header.Set("User-Agent", "lbsup")
		answer, err := client.Do(request)
		if err != nil {
			return httpError(err)
		}
		// The body is not read: the status says it all, and a body without an end costs nothing this way.
		_ = answer.Body.Close()
		return judge(answer.StatusCode, ask.Status)
	}, nil
}

// newClient asks every time on a connection of its own, so that the answer tells whether a new client would be served;
// it follows nobody elsewhere, neither a redirect nor a proxy from the environment.
func newClient(verify bool) *http.Client {
	return &http.Client{
		Transport: &http.Transport{
			DisableKeepAlives:      true,
			DisableCompression:     true,
			MaxResponseHeaderBytes: headerLimit,
			TLSClientConfig:        &tls.Config{InsecureSkipVerify: !verify}, // the admin's choice: tls_verify
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// judge knows a status by its number alone: the words beside it are the server's, and may be anything.
func judge(status int, accepted []int) checks.Result {
	good := slices.Contains(accepted, status)
	if len(accepted) == 0 {
		good = status >= 200 && status < 400
	}
	text := fmt.Sprintf("HTTP %d", status)
	if words := http.StatusText(status); words != "" {
		text += " " + words
	}
	if good {
		return healthy("%s", text)
	}
	return failed("%s", text)
}

// httpError leaves the URL out of the reason: it may carry a password, and the check's name says enough.
func httpError(err error) checks.Result {
	if asked, ok := errors.AsType[*url.Error](err); ok {
		err = asked.Err
	}
	return connectError(err)
}
