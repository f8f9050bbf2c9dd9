package keepalived

import (
	"context"
	"errors"
	"fmt"
	"os"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// FIFO is keepalived's notify FIFO.
type FIFO struct {
	Path    string
	Trouble func(error) // told of each line that is no transition; may be nil
}

// compare is how often the FIFO that is open is compared with the one at the path.
const compare = 5 * time.Second

// errReplaced says that another FIFO is at the path than the one that is open.
var errReplaced = errors.New("it was replaced")

// Run calls emit with each transition until ctx ends, which is no error. It never makes the FIFO: one that is made by a
// daemon has the wrong label for keepalived under SELinux.
func (f FIFO) Run(ctx context.Context, emit func(Transition)) error {
	for {
		err := f.follow(ctx, emit)
		if ctx.Err() != nil {
			return nil
		}
		if !errors.Is(err, errReplaced) {
			return fmt.Errorf("cannot read keepalived's FIFO %q: %v", f.Path, err)
		}
	}
}

// follow reads one open FIFO.
func (f FIFO) follow(ctx context.Context, emit func(Transition)) error {
	file, err := f.open()
	if err != nil {
		return err
	}
	defer file.Close()
	waiting, err := unread(file)
	if err != nil {
		return err
	}
	var lines splitter
	buffer := make([]byte, 4096)
	for ctx.Err() == nil {
		n, err := f.read(ctx, file, buffer)
		old := min(n, waiting)
		waiting -= old
		lines.feed(buffer[:old], func(line string, err error) { f.line(line, err, true, emit) })
		lines.feed(buffer[old:n], func(line string, err error) { f.line(line, err, false, emit) })
		if errors.Is(err, os.ErrDeadlineExceeded) {
			err = f.same(file)
		}
		if err != nil {
			return err
		}
	}
	return ctx.Err()
}

// unread is how many bytes wait in an open FIFO. keepalived, which has it open too, keeps them there while nobody reads, and drops what no longer fits.
func unread(file *os.File) (n int, err error) {
	raw, err := file.SyscallConn()
	if err != nil {
		return 0, err
	}
	if failed := raw.Control(func(fd uintptr) { n, err = unix.IoctlGetInt(int(fd), unix.TIOCINQ) }); failed != nil {
		return 0, failed
	}
	return n, err
}

// open opens the FIFO for writing too: so it always has a writer, and a keepalived that goes and comes back is no end of
// file.
func (f FIFO) open() (*os.File, error) {
	info, err := os.Lstat(f.Path)
	if err == nil && info.Mode().Type() != os.ModeNamedPipe {
		return nil, errors.New("it is no FIFO")
	}
	file, err := os.OpenFile(f.Path, os.O_RDWR|syscall.O_NONBLOCK|syscall.O_NOFOLLOW, 0)
	if path := (*os.PathError)(nil); errors.As(err, &path) {
		return nil, path.Err
	}
	return file, err
}

// read reads what there is, and gives up when it is time to compare or when ctx ends.
func (f FIFO) read(ctx context.Context, file *os.File, buffer []byte) (int, error) {
	file.SetReadDeadline(time.Now().Add(compare))
	stop := context.AfterFunc(ctx, func() { file.SetReadDeadline(time.Unix(1, 0)) })
	defer stop()
	return file.Read(buffer)
}

// same tells a FIFO at the path that is not the open one, which nobody would ever write to again.
func (f FIFO) same(file *os.File) error {
	atPath, err := os.Stat(f.Path)
	if err != nil {
		return errors.New("it was removed")
	}
	opened, err := file.Stat()
	if err == nil && !os.SameFile(atPath, opened) {
		err = errReplaced
	}
	return err
}

func (f FIFO) line(line string, err error, old bool, emit func(Transition)) {
	var transition Transition
	if err == nil {
		transition, err = ParseLine(line)
	}
	if err != nil {
		if f.Trouble != nil {
			f.Trouble(err)
		}
		return
	}
	transition.At, transition.Old = time.Now(), old
	emit(transition)
}
