package lab

import (
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"sync"
)

// nameserver answers the names of the backends over UDP: enough of RFC 1035 for a resolver that asks one question at a time.
type nameserver struct {
	conn net.PacketConn

	mu    sync.RWMutex
	names map[string]netip.Addr
}

const (
	typeA      = 1
	typeAAAA   = 28
	classIN    = 1
	headerSize = 12
)

func serveNames(namespace string, address netip.Addr, servers []Server) (*nameserver, error) {
	conn, err := listenPacket(namespace, netip.AddrPortFrom(address, 53).String())
	if err != nil {
		return nil, fmt.Errorf("cannot serve names: %v", err)
	}
	s := &nameserver{conn: conn, names: map[string]netip.Addr{}}
	for _, server := range servers {
		s.set(server.Name, server.Address)
	}
	go s.serve()
	return s, nil
}

// Resolve makes the lab's nameserver answer a name with an address; the zero address makes it forget the name.
func (l *Lab) Resolve(name string, address netip.Addr) {
	if l.names != nil {
		l.names.set(name, address)
	}
}

func (s *nameserver) set(name string, address netip.Addr) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if name = strings.ToLower(name); address.IsValid() {
		s.names[name] = address
	} else {
		delete(s.names, name)
	}
}

func (s *nameserver) close() { s.conn.Close() }

func (s *nameserver) serve() {
	packet := make([]byte, 4096)
	for {
		size, from, err := s.conn.ReadFrom(packet)
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil {
			continue
		}
		if answer, ok := s.answer(packet[:size]); ok {
			_, _ = s.conn.WriteTo(answer, from) // who asked will ask again
		}
	}
}

// answer makes the reply to a query; nothing is said to what is none.
func (s *nameserver) answer(query []byte) ([]byte, bool) {
	name, end, ok := question(query)
	if !ok {
		return nil, false
	}
	s.mu.RLock()
	address, known := s.names[name]
	s.mu.RUnlock()
	kind := binary.BigEndian.Uint16(query[end-4:])
	class := binary.BigEndian.Uint16(query[end-2:])

	reply := append([]byte{}, query[:end]...)
	reply[2], reply[3] = 0x84|query[2]&1, 0x80 // an authoritative answer, with the asker's wish for recursion
	if !known {
		reply[3] |= 3 // no such name
	}
	clear(reply[6:headerSize])
	raw := address.AsSlice()
	if known && class == classIN && (kind == typeA && len(raw) == 4 || kind == typeAAAA && len(raw) == 16) {
		reply[7] = 1
		reply = append(reply, 0xc0, headerSize) // the name is where the question has it
		reply = binary.BigEndian.AppendUint16(reply, kind)
		reply = binary.BigEndian.AppendUint16(reply, classIN)
		reply = binary.BigEndian.AppendUint32(reply, 1) // a second of life, so that a change is soon seen
		reply = binary.BigEndian.AppendUint16(reply, uint16(len(raw)))
		reply = append(reply, raw...)
	}
	return reply, true
}

// question reads the one question of a query: its name in lower case and where it ends.
func question(query []byte) (name string, end int, ok bool) {
	if len(query) < headerSize || query[2]&0x80 != 0 || binary.BigEndian.Uint16(query[4:]) != 1 {
		return "", 0, false
	}
	var labels []string
	for at := headerSize; at < len(query); {
		size := int(query[at])
		at++
		if size == 0 {
			if len(query) < at+4 {
				return "", 0, false
			}
			return strings.ToLower(strings.Join(labels, ".")), at + 4, true
		}
		if size > 63 || at+size > len(query) {
			return "", 0, false
		}
		labels = append(labels, string(query[at:at+size]))
		at += size
	}
	return "", 0, false
}
