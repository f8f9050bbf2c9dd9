package wire

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// socket is one that the runtime's poller waits on, so that it can be left.
type socket struct {
	file *os.File
	raw  syscall.RawConn
	link string
}

func newSocket(link string, family, kind, protocol int) (*socket, error) {
	fd, err := unix.Socket(family, kind|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, protocol)
	if err != nil {
		return nil, fmt.Errorf("cannot listen on %q: %w", link, err)
	}
	file := os.NewFile(uintptr(fd), "wire")
	raw, err := file.SyscallConn()
	if err != nil {
		file.Close()
		return nil, fmt.Errorf("cannot listen on %q: %w", link, err)
	}
	return &socket{file: file, raw: raw, link: link}, nil
}

// openPacket opens a packet socket on one link. It is opened for no protocol, so that nothing passes before the filter is in place.
func openPacket(link string, protocol uint16, filter []unix.SockFilter) (*socket, error) {
	iface, err := net.InterfaceByName(link)
	if err != nil {
		return nil, fmt.Errorf("cannot listen on %q: there is no such link", link)
	}
	s, err := newSocket(link, unix.AF_PACKET, unix.SOCK_DGRAM, 0)
	if err != nil {
		return nil, err
	}
	err = s.control(func(fd int) error {
		if len(filter) > 0 {
			program := unix.SockFprog{Len: uint16(len(filter)), Filter: unsafe.SliceData(filter)}
			if err := unix.SetsockoptSockFprog(fd, unix.SOL_SOCKET, unix.SO_ATTACH_FILTER, &program); err != nil {
				return err
			}
		}
		return unix.Bind(fd, &unix.SockaddrLinklayer{Protocol: bigEndian(protocol), Ifindex: iface.Index})
	})
	if err != nil {
		s.close()
		return nil, fmt.Errorf("cannot listen on %q: %w", link, err)
	}
	return s, nil
}

// bigEndian is a protocol as packet(7) wants it, on a machine of any byte order.
func bigEndian(v uint16) uint16 {
	b := [2]byte{byte(v >> 8), byte(v)}
	return *(*uint16)(unsafe.Pointer(&b))
}

func (s *socket) close() { s.file.Close() }

func (s *socket) control(f func(fd int) error) error {
	var inner error
	if err := s.raw.Control(func(fd uintptr) { inner = f(int(fd)) }); err != nil {
		return err
	}
	return inner
}

// each calls take with every packet until ctx ends.
func (s *socket) each(ctx context.Context, take func(packet []byte, from unix.Sockaddr)) error {
	stop := context.AfterFunc(ctx, func() { s.file.SetReadDeadline(time.Unix(1, 0)) })
	defer stop()
	buffer := make([]byte, 2048) // longer than an advert of 255 IPv4 addresses, or than any frame of an ordinary link
	for {
		size, from, err := s.receive(buffer)
		switch {
		case ctx.Err() != nil || errors.Is(err, os.ErrDeadlineExceeded):
			return nil
		case errors.Is(err, unix.ENETDOWN): // the link went down and may come back
		case err != nil:
			return fmt.Errorf("cannot listen on %q: %w", s.link, err)
		default:
			take(buffer[:size], from)
		}
	}
}

func (s *socket) receive(buffer []byte) (size int, from unix.Sockaddr, err error) {
	waited := s.raw.Read(func(fd uintptr) bool {
		size, from, err = unix.Recvfrom(int(fd), buffer, 0)
		return err != unix.EAGAIN && err != unix.EINTR
	})
	if waited != nil {
		return 0, nil, waited
	}
	return size, from, err
}
