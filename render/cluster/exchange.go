package cluster

import "strings"

// Exchange is how the nodes tell each other of themselves.
type Exchange struct {
	Port uint16

	KeyFile string // a secret of all nodes, or else:

	Certificate, Key, Authority string
}

func (b builder) exchange() {
	raw := b.raw.Peers
	if raw == nil {
		return
	}
	b.cluster.Exchange = &Exchange{Port: uint16(raw.Port), KeyFile: string(raw.KeyFile),
		Certificate: string(raw.Certificate), Key: string(raw.Key), Authority: string(raw.Authority)}
	var written, missing []string
	for _, key := range []string{"certificate", "key", "ca"} {
		if _, is := b.places["peers."+key]; is {
			written = append(written, key)
		} else {
			missing = append(missing, key)
		}
	}
	_, shared := b.places["peers.key_file"]
	switch {
	case shared && len(written) > 0:
		b.add("peers.key_file", mistake{"use a key file and certificates", "key_file and " + strings.Join(written, ", "), "one or the other", ""})
	case !shared && len(written) == 0:
		b.add("peers", mistake{"tell peers from strangers", "neither key_file nor certificates", "key_file, or certificate, key and ca", ""})
	case !shared && len(missing) > 0:
		b.add("peers", mistake{"tell peers from strangers", strings.Join(written, ", ") + " without " + strings.Join(missing, ", "), "certificate, key and ca", ""})
	}
}

// listenForPeers reports who listens where a node waits for the others.
func (b builder) listenForPeers(l listeners) {
	if b.cluster.Exchange == nil {
		return
	}
	for _, n := range b.cluster.Nodes {
		if n.Address.IsValid() {
			b.listen(l, "peers.port", Bind{n.Address, b.cluster.Exchange.Port})
		}
	}
}
