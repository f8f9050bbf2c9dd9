package peers

import (
	"net/netip"
	"reflect"

	"github.com/lbsup/lbsup/render/cluster"
)

// Settings say who talks to whom, and by what they know each other. The zero Settings are nobody.
type Settings struct {
	Cluster string
	Self    cluster.Node
	Peers   []cluster.Node
	Port    uint16

	KeyFile string // a secret that every node has; or else:

	Certificate, Key string // PEM files of this node
	Authority        string // PEM file with the certificates of who vouches for every node
}

// Of returns the settings of a cluster as one node sees it.
func Of(l *cluster.Local) Settings {
	if l == nil || l.Exchange == nil {
		return Settings{}
	}
	e := l.Exchange
	return Settings{Cluster: l.Name, Self: l.Node, Peers: l.Peers, Port: e.Port,
		KeyFile: e.KeyFile, Certificate: e.Certificate, Key: e.Key, Authority: e.Authority}
}

func (s Settings) off() bool { return s.Port == 0 }

func (s Settings) same(as Settings) bool { return reflect.DeepEqual(s, as) }

func (s Settings) at(n cluster.Node) string {
	return netip.AddrPortFrom(n.Address, s.Port).String()
}
