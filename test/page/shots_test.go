package page

import (
	"context"
	"flag"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/lbsup/lbsup/supervisor/page"
)

var shots = flag.String("shots", "", "the folder to leave pictures in; none: they are thrown away")

// serve shows a story with the real site, and returns its address and what takes it away.
func serve(t *testing.T, s page.Source) (url string, end func()) {
	t.Helper()
	site := page.NewSite(s, http.NotFoundHandler())
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- site.Run(ctx) }()
	end = func() { cancel(); <-done; done <- nil }
	t.Cleanup(end)
	site.Replace(page.Settings{Listen: "127.0.0.1:0"})
	return "http://" + listening(t, site) + "/", end
}

// listening waits until a site listens, and says where.
func listening(t *testing.T, site *page.Site) string {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); site.Address() == ""; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the site never listened: ", site.Trouble())
		}
	}
	return site.Address()
}

var desk, phone = window{width: 1280, height: 900}, window{width: 390, height: 844}

// Each state is drawn on a desk and a phone, in light and in the dark, and looked at by rules that hold for all of them.
// `make page-shots` leaves the pictures for a person to look at.
func TestStates(t *testing.T) {
	b := start(t)
	for _, row := range []struct {
		name  string
		story story
		tone  string
		lost  bool
	}{
		{"well", well(), "good", false},
		{"haproxy-dead", haproxyDead(), "bad", false},
		{"split-brain", splitBrain(), "bad", false},
		{"verifying", verifying(), "good", false},
		{"supervisor-lost", well(), "good", true},
		{"many", many(), "warn", false},
		{"empty", empty(), "bad", false},
	} {
		url, end := serve(t, row.story)
		b.visit(url, desk)
		b.until("document.body.dataset.tone == '" + row.tone + "' && document.querySelector('#board-lines') && (!view.nodes.length || document.querySelector('#board .box'))")
		if row.lost {
			end()
			b.until("document.body.hasAttribute('data-lost')")
		}
		for name, w := range map[string]window{"light": desk, "dark": {desk.width, desk.height, true}, "phone": phone, "phone-dark": {phone.width, phone.height, true}} {
			b.look(w)
			b.until("innerWidth == " + map[bool]string{true: "390", false: "1280"}[w.width == 390])
			b.until("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))")
			t.Run(row.name+" "+name, func(t *testing.T) {
				b := *b
				b.t = t
				lookAt(t, &b)
				b.shot(picture(t, row.name+"-"+name+".png"))
			})
		}
		if len(b.said) > 0 && !row.lost { // a connection that was refused is told by the console too
			t.Errorf("%s: the page complained: %v", row.name, b.said)
		}
	}
}

func picture(t *testing.T, name string) string {
	if *shots == "" {
		return filepath.Join(t.TempDir(), name)
	}
	check(t, os.MkdirAll(*shots, 0o755))
	return filepath.Join(*shots, name)
}
