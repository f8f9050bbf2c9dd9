package pair

import ("testing";"os";"time";"fmt")

func TestScratch(t *testing.T) {
	s := openShift()
	switch os.Getenv("SYS") { case "v": s = vSphere(); case "w": s = web() }
	p := up(t, s)
	for _, n := range p.nodes() { fmt.Println(n.Name, n.PID(1)) }
	tl := p.follow(t, s.vips[0])
	w := watchStarts(t, p.first)
	last := ""
	for { if _, err := os.Stat("/tmp/scratch-stop"); err == nil { break }; time.Sleep(100*time.Millisecond)
	  if s := tl.now().String(); s != last { last = s; fmt.Println(s, "twice", tl.now().twice(), "vacant", tl.now().vacant()) }
	}
	for k, v := range w.counts() { fmt.Println(k, v) }
}
