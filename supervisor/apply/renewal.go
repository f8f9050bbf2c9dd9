package apply

import (
	"bytes"
	"context"
	"crypto/sha1" // the only fingerprint that HAProxy shows
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Certificates are those in the memory of the running HAProxy. Their keys are root's, so it is the root side that
// replaces them.
type Certificates interface {
	// Serving returns the SHA-1 fingerprint of the certificate that HAProxy has from a file, in hexadecimal.
	Serving(ctx context.Context, file string) (string, error)
	// Set replaces it, and returns nil once HAProxy has shown the new one. The key is in contents, and errors do
	// not repeat it.
	Set(ctx context.Context, file string, contents []byte) error
}

// Renewal is a certificate that HAProxy shall serve instead of the one that it had from the same file.
type Renewal struct {
	File        string    `json:"file"`
	Fingerprint string    `json:"fingerprint"` // SHA-256
	Ends        time.Time `json:"ends"`
	Pushed      bool      `json:"pushed"`           // the running HAProxy serves it
	Reason      string    `json:"reason,omitempty"` // why it was not
}

// renew gives renewed certificates to the running HAProxy. It comes before the commit: stopped in between, the next
// apply finds the same renewal again, and doing it twice does nothing. A certificate that HAProxy does not take this way
// is no reason to refuse: a reload brings it.
func (a *attempt) renew(ctx context.Context) error {
	loads := a.suppliesChanged() && !a.onlyRenewed()
	for _, s := range a.supplies {
		switch {
		case !a.renews(s):
		case a.checkOnly && a.Certificates != nil:
			a.note(fmt.Sprintf("certificate %q is another one: the running HAProxy would be given it", s.Path))
		default:
			a.push(ctx, s)
		}
	}
	reason := a.notPushed()
	switch {
	case a.targets[0].changes():
		a.report.Explained = a.report.Explained && reason == ""
	case loads:
		a.report.Reason = "a file that HAProxy loads changed"
	default:
		a.report.HAProxy, a.report.Reason = reason != "", reason
	}
	return nil
}

// serve makes sure of the certificates that nobody renewed: an apply or a HAProxy that stopped at the wrong moment may
// have left another one in memory than on the disk. A HAProxy that does not answer reads the disk when it starts.
func (a *attempt) serve(ctx context.Context) {
	if a.Certificates == nil || a.checkOnly {
		return
	}
	for _, s := range a.supplies {
		if s.leaf == nil || a.report.Started.After(s.Ends) {
			continue
		}
		has, err := a.Certificates.Serving(ctx, s.Path)
		if err != nil {
			break
		}
		if !strings.EqualFold(has, s.shown()) {
			a.push(ctx, s)
		}
	}
	a.report.Reason = a.notPushed()
	a.report.HAProxy = a.report.Reason != ""
}

// push asks the running HAProxy to take a certificate and notes what became of it. Once it has not taken one, the reload
// that brings that one brings the others too, and a HAProxy that does not answer is not asked again and again.
func (a *attempt) push(ctx context.Context, s supply) {
	r := Renewal{File: s.Path, Fingerprint: s.Fingerprint, Ends: s.Ends}
	switch {
	case a.notPushed() != "":
		r.Reason = "a reload brings it"
	case a.Certificates == nil:
		r.Reason = fmt.Sprintf("cannot change HAProxy's certificate %q at run time: there is no way to ask it", s.Path)
	default:
		err := a.Certificates.Set(ctx, s.Path, s.data)
		if r.Pushed = err == nil; err != nil {
			r.Reason = a.mask.hide(err.Error())
		}
	}
	a.report.Renewed = append(a.report.Renewed, r)
}

// notPushed is why HAProxy has to load its certificates again; empty when it has them all.
func (a *attempt) notPushed() string {
	for _, r := range a.report.Renewed {
		if !r.Pushed {
			return r.Reason
		}
	}
	return ""
}

// renews says whether a supply is another certificate in a file that HAProxy has loaded already.
func (a *attempt) renews(s supply) bool {
	return s.Kind == SupplyCertificate && slices.ContainsFunc(a.base.manifest.Supplies, func(was Supply) bool {
		return was.Kind == s.Kind && was.Path == s.Path && was.Digest != s.Digest
	})
}

// onlyRenewed says whether HAProxy has the same files to load as before, with other certificates in them.
func (a *attempt) onlyRenewed() bool {
	for _, s := range a.supplies {
		if s.Copy != "" && !bytes.Equal(s.data, a.base.files[s.Copy]) {
			return false
		}
	}
	return slices.EqualFunc(a.recordSupplies(), a.base.manifest.Supplies, func(s, was Supply) bool {
		return s.Path == was.Path && s.Kind == was.Kind && s.Copy == was.Copy
	})
}

// shown is the fingerprint as HAProxy shows it.
func (s supply) shown() string {
	sum := sha1.Sum(s.leaf.Raw)
	return hex.EncodeToString(sum[:])
}
