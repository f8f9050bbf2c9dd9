package page

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/lbsup/lbsup/test/need"
)

// browser is a headless Chromium that is told what to do through a pipe: no port, nothing else to install. See
// --remote-debugging-pipe and https://chromedevtools.github.io/devtools-protocol.
type browser struct {
	t       *testing.T
	out     *os.File
	in      *bufio.Reader
	last    int
	session string
	tab     string
	said    []string // what a page complained about
}

// message is one of the protocol's.
type message struct {
	ID      int             `json:"id,omitempty"`
	Method  string          `json:"method,omitempty"`
	Session string          `json:"sessionId,omitempty"`
	Params  json.RawMessage `json:"params,omitempty"`
	Result  json.RawMessage `json:"result,omitempty"`
	Error   *struct {
		Message string `json:"message"`
	} `json:"error,omitempty"`
}

// programs that are such a browser, the smallest first.
var programs = []string{"chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"}

func find() string {
	for _, name := range programs {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

// start starts a browser that ends with the test.
func start(t *testing.T) *browser {
	t.Helper()
	program := find()
	need.That(t, program != "", "Chromium: make setup-page installs it")
	toRead, ours, err := os.Pipe()
	check(t, err)
	theirs, toWrite, err := os.Pipe()
	check(t, err)
	command := exec.Command(program, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--hide-scrollbars",
		"--ignore-certificate-errors", "--user-data-dir="+t.TempDir(), "--remote-debugging-pipe", "about:blank")
	command.ExtraFiles = []*os.File{toRead, toWrite} // file descriptors 3 and 4
	command.Env = append(os.Environ(), "TZ=UTC", "HOME="+t.TempDir())
	check(t, command.Start())
	_, _ = toRead.Close(), toWrite.Close()
	b := &browser{t: t, out: ours, in: bufio.NewReader(theirs)}
	t.Cleanup(func() {
		b.ask("Browser.close", nil, nil)
		_ = ours.Close()
		_ = command.Wait()
		_ = theirs.Close()
	})
	check(t, theirs.SetReadDeadline(time.Now().Add(2*time.Minute))) // a browser that hangs fails the test, and does not hang it
	return b
}

// ask sends a command and reads until its answer.
func (b *browser) ask(method string, params, into any) {
	b.t.Helper()
	b.last++
	text, err := json.Marshal(params)
	check(b.t, err)
	line, err := json.Marshal(message{ID: b.last, Method: method, Session: b.session, Params: text})
	check(b.t, err)
	_, err = b.out.Write(append(line, 0))
	check(b.t, err)
	for {
		text, err := b.in.ReadBytes(0)
		check(b.t, err)
		var m message
		check(b.t, json.Unmarshal(text[:len(text)-1], &m))
		if m.ID != b.last {
			b.heard(m)
			continue
		}
		if m.Error != nil {
			b.t.Fatalf("%s: %s", method, m.Error.Message)
		}
		if into != nil {
			check(b.t, json.Unmarshal(m.Result, into))
		}
		return
	}
}

// heard keeps what the page's console says: a refused style or script, an error.
func (b *browser) heard(m message) {
	if m.Session != b.session {
		return
	}
	switch m.Method {
	case "Log.entryAdded", "Runtime.exceptionThrown", "Runtime.consoleAPICalled":
		b.said = append(b.said, string(m.Params))
	}
}

type parameters map[string]any

// window is what a page is seen through.
type window struct {
	width, height int
	dark          bool
}

// visit opens a page in a window of its own.
func (b *browser) visit(url string, w window) {
	b.t.Helper()
	var target struct {
		ID string `json:"targetId"`
	}
	b.session, b.said = "", nil
	if b.tab != "" {
		b.ask("Target.closeTarget", parameters{"targetId": b.tab}, nil)
	}
	b.ask("Target.createTarget", parameters{"url": "about:blank"}, &target)
	var attached struct {
		Session string `json:"sessionId"`
	}
	b.ask("Target.attachToTarget", parameters{"targetId": target.ID, "flatten": true}, &attached)
	b.session, b.tab = attached.Session, target.ID
	b.ask("Page.enable", parameters{}, nil)
	b.ask("Log.enable", parameters{}, nil)
	b.ask("Runtime.enable", parameters{}, nil)
	b.look(w)
	b.ask("Page.navigate", parameters{"url": url}, nil)
}

// look changes the window.
func (b *browser) look(w window) {
	b.t.Helper()
	scheme := map[bool]string{true: "dark", false: "light"}[w.dark]
	b.ask("Emulation.setEmulatedMedia", parameters{"features": []parameters{
		{"name": "prefers-color-scheme", "value": scheme}, {"name": "prefers-reduced-motion", "value": "reduce"}}}, nil)
	b.ask("Emulation.setDeviceMetricsOverride", parameters{"width": w.width, "height": w.height, "deviceScaleFactor": 1, "mobile": w.width < 600}, nil)
}

// value evaluates a JavaScript expression.
func (b *browser) value(expression string, into any) {
	b.t.Helper()
	var answer struct {
		Result struct {
			Value json.RawMessage `json:"value"`
		} `json:"result"`
		Wrong json.RawMessage `json:"exceptionDetails"`
	}
	b.ask("Runtime.evaluate", parameters{"expression": expression, "returnByValue": true, "awaitPromise": true}, &answer)
	if answer.Wrong != nil {
		b.t.Fatalf("cannot evaluate %s: %s", expression, answer.Wrong)
	}
	if len(answer.Result.Value) > 0 {
		check(b.t, json.Unmarshal(answer.Result.Value, into))
	}
}

// until waits for a condition in the page.
func (b *browser) until(condition string) {
	b.t.Helper()
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); {
		so := false
		b.value("new Promise(done => setTimeout(() => done(Boolean("+condition+")), 20))", &so)
		if so {
			return
		}
	}
	b.t.Fatalf("never became true: %s\nthe page said: %v", condition, b.said)
}

// key presses a key.
func (b *browser) key(name string) {
	b.t.Helper()
	press := map[string]parameters{
		"Tab":   {"type": "rawKeyDown", "key": "Tab", "code": "Tab", "windowsVirtualKeyCode": 9},
		"Enter": {"type": "keyDown", "key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 13, "text": "\r"},
	}[name]
	b.ask("Input.dispatchKeyEvent", press, nil)
	b.ask("Input.dispatchKeyEvent", parameters{"type": "keyUp", "key": name, "code": name, "windowsVirtualKeyCode": press["windowsVirtualKeyCode"]}, nil)
}

// shot takes a picture of the whole page.
func (b *browser) shot(file string) {
	b.t.Helper()
	var picture struct {
		Data string `json:"data"`
	}
	b.ask("Page.captureScreenshot", parameters{"format": "png", "captureBeyondViewport": true, "clip": b.whole()}, &picture)
	png, err := base64.StdEncoding.DecodeString(picture.Data)
	check(b.t, err)
	check(b.t, os.WriteFile(file, png, 0o644))
}

func (b *browser) whole() parameters {
	var size []float64
	b.value("[document.documentElement.clientWidth, document.documentElement.scrollHeight]", &size)
	return parameters{"x": 0, "y": 0, "width": size[0], "height": size[1], "scale": 1}
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (w window) String() string { return fmt.Sprintf("%dx%d", w.width, w.height) }
