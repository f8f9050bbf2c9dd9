package page

import (
	"context"
	"net/http"
	"sync"
	"testing"

	"github.com/lbsup/lbsup/supervisor/page"
	"github.com/lbsup/lbsup/supervisor/status"
)

// played is a source whose story goes on.
type played struct {
	mu    sync.Mutex
	story story
	news  chan struct{}
}

func (p *played) Status(context.Context) (status.Snapshot, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.story.snap, nil
}

func (p *played) Past() (page.Past, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.story.past, nil
}

func (p *played) News() <-chan struct{} {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.news
}

func (p *played) become(s story) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.story = s
	close(p.news)
	p.news = make(chan struct{})
}

// The page follows what happens, says when nobody tells it any more, and recovers by itself.
func TestLive(t *testing.T) {
	b := start(t)
	source := &played{story: well(), news: make(chan struct{})}
	site := page.NewSite(source, http.NotFoundHandler())
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- site.Run(ctx) }()
	t.Cleanup(func() { cancel(); <-ended })
	site.Replace(page.Settings{Listen: "127.0.0.1:0"})
	at := listening(t, site)
	b.visit("http://"+at+"/", desk)

	headline := func(is string) { b.until("document.querySelector('h1').textContent == '" + is + "'") }
	headline("loadbalancer-1 holds the VIPs")
	source.become(haproxyDead())
	headline("loadbalancer-2 holds the VIPs")
	b.until("document.querySelector('#voice').textContent == 'loadbalancer-2 holds the VIPs. 2 things are failing'") // what a screen reader says
	b.until("document.querySelectorAll('#findings li').length == 2")
	b.until("document.title.startsWith('●')")
	source.become(verifying())
	b.until("document.querySelector('#change-steps [aria-current=step]').textContent == 'verifying'")
	source.become(splitBrain())
	headline("loadbalancer-1 and loadbalancer-2 both have the VIPs of VI_1")
	b.until("document.querySelectorAll('#board .way[data-tone=bad]').length >= 4")

	site.Replace(page.Settings{})
	b.until("document.body.hasAttribute('data-lost') && !document.querySelector('#lost').hidden")
	headline("loadbalancer-1 and loadbalancer-2 both have the VIPs of VI_1") // what it knew stays in sight
	source.become(well())
	site.Replace(page.Settings{Listen: at})
	headline("loadbalancer-1 holds the VIPs")
	b.until("!document.body.hasAttribute('data-lost') && document.querySelector('#lost').hidden")
}

// Everything can be reached and opened with the keys alone, and stays as it is when something happens.
func TestKeyboard(t *testing.T) {
	b := start(t)
	source := &played{story: many(), news: make(chan struct{})}
	url, _ := serve(t, source)
	b.visit(url, desk)
	b.until("document.querySelectorAll('#services details').length == 40")

	b.key("Tab")
	b.until("document.activeElement.classList.contains('skip') && document.activeElement.getBoundingClientRect().top >= 0")
	b.key("Enter")
	b.until("document.activeElement.id == 'main'")
	for _, id := range []string{"moments", "", "filter"} { // the timeline and the checks can be scrolled
		b.key("Tab")
		b.until("document.activeElement.id == '" + id + "' && document.activeElement.matches(':focus-visible')")
	}
	b.value("document.querySelector('#filter').value = 'customer-150', document.querySelector('#filter').dispatchEvent(new Event('input')), null", new(any))
	b.until("document.querySelectorAll('#services details').length == 1 && document.querySelector('#filtered').textContent == '1 of 200'")
	b.key("Tab")
	b.until("document.activeElement.tagName == 'SUMMARY'")
	b.key("Enter")
	b.until("document.querySelectorAll('#services details[open] li').length == 10")

	changed := many()
	changed.snap.Services[150].Pools[0].Servers[0].Status = "DOWN"
	source.become(changed)
	b.until("document.querySelector('#services .count').textContent == '9 of 10 up'")
	b.until("document.querySelectorAll('#services details[open] li').length == 10 && document.activeElement.tagName == 'SUMMARY'")
}

// What comes from elsewhere is text and stays text.
func TestHostileText(t *testing.T) {
	b := start(t)
	s := well()
	const script = `<img src=x onerror="document.title='owned'"><script>document.title='owned'</script>`
	s.snap.Cluster, s.snap.Findings = script, []status.Finding{{Severity: status.Failing, What: script, Hint: script}}
	s.snap.Checks[0].Reason, s.snap.Services[0].Name, s.snap.Instances[0].Why = script, script, script
	s.snap.Services[0].Pools[0].Servers[0].Detail = script
	s.past.Moments[0].Text, s.past.Moves[0].Cause = script, script
	url, _ := serve(t, s)
	b.visit(url, desk)
	b.until("document.querySelector('#findings li')?.textContent.includes('<img')")
	b.until("document.querySelectorAll('main img, main script').length == 0 && document.title != 'owned'")
	if len(b.said) > 0 {
		t.Errorf("the page complained: %v", b.said)
	}
}
