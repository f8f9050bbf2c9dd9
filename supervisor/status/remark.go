package status

import "io"

// Remark is one thing that a command found out, for a list of such things.
type Remark struct {
	Kind RemarkKind
	Text string
}

// RemarkKind says what a remark means to the reader.
type RemarkKind uint8

// The kinds of remark.
const (
	Fine  RemarkKind = iota // looked at and good
	Open                    // could not be looked at here
	Risky                   // allowed, and has cost others a failover
	Wrong                   // looked at and bad
)

// RemarksText writes a heading and the remarks below it. Output is what a daemon said, if anything.
func RemarksText(w io.Writer, head Remark, remarks []Remark, output string, style Style) error {
	p := &page{Style: style}
	p.putMarked(0, head.tone(), line{{head.Text, strong}})
	for _, r := range remarks {
		p.putMarked(p.marked(), r.tone(), say(r.Text))
	}
	p.output(p.marked(), output, 0)
	return p.writeTo(w)
}

func (r Remark) tone() tone {
	return map[RemarkKind]tone{Fine: good, Open: faint, Risky: warn, Wrong: bad}[r.Kind]
}
