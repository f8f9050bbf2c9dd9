package apply

import (
	"bytes"
	"context"
	"crypto/x509"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
)

// The kinds of supply.
const (
	SupplyCertificate = "certificate"
	SupplyHandWritten = "hand-written"
)

// supply is a file that HAProxy loads beside its configuration, with its content.
type supply struct {
	Supply
	data []byte
	leaf *x509.Certificate // of a certificate whose key belongs to it
	flaw error             // of one that HAProxy could not use
}

// readSupplies takes in certificates and hand-written files. A change in one of them is a change of HAProxy, though
// not a byte of its configuration differs.
func (a *attempt) readSupplies(context.Context) error {
	if a.local == nil {
		return nil
	}
	var refused problems
	for _, name := range a.local.CertificateFiles() {
		if err := a.readCertificate(name); err != nil {
			refused = append(refused, reasons(err)...)
		}
	}
	for i, name := range a.local.HAProxy.Files {
		data, info, err := a.trusted().read("hand-written HAProxy file", name, maxFile)
		if err != nil {
			refused = append(refused, reasons(err)...)
			continue
		}
		a.took(name, info)
		a.mask.learn(data)
		copied := fmt.Sprintf("%s%d-%s", writtenPrefix, i+1, filepath.Base(name))
		a.supplies = append(a.supplies, supply{Supply: Supply{Path: name, Kind: SupplyHandWritten, Copy: copied}, data: data})
	}
	if files := a.local.HAProxy.Files; len(files) > 0 && !slices.Contains(files, a.HAProxyConfig) {
		a.note(fmt.Sprintf("haproxy.service loads %q unless its environment says otherwise: see that it loads %s",
			a.HAProxyConfig, strings.Join(files, ", ")))
	}
	if len(refused) > 0 {
		return refused
	}
	return nil
}

// suppliesChanged says whether HAProxy has other files to load than the current generation made it load.
func (a *attempt) suppliesChanged() bool {
	if a.local == nil {
		return false
	}
	if !slices.EqualFunc(a.recordSupplies(), a.base.manifest.Supplies, Supply.same) {
		return true
	}
	for _, s := range a.supplies {
		if s.Copy != "" && !bytes.Equal(s.data, a.base.files[s.Copy]) {
			return true
		}
	}
	return false
}

func (a *attempt) recordSupplies() []Supply {
	var out []Supply
	for _, s := range a.supplies {
		out = append(out, s.Supply)
	}
	return out
}
