package cluster

// Status is where a node tells about itself over HTTP: metrics, and a page for people.
type Status struct {
	Listen      Bind
	Certificate string // PEM, the chain behind it; empty: plain HTTP
	Key         string
	Names       []string // by which it may be asked for, beside those of the node
}

func (b builder) status() {
	raw := b.raw.Status
	if raw == nil {
		return
	}
	b.cluster.Status = &Status{Listen: Bind(raw.Listen), Certificate: string(raw.Certificate), Key: string(raw.Key), Names: plainTexts(raw.Names)}
	_, certificate := b.places["status.certificate"]
	_, key := b.places["status.key"]
	switch {
	case certificate && !key:
		b.add("status.certificate", mistake{"use a certificate without its key", "no key", "the file with the private key", ""})
	case key && !certificate:
		b.add("status.key", mistake{"use a key without a certificate", "no certificate", "the file with the certificate", ""})
	}
}
