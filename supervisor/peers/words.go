package peers

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/url"
	"os"
	"syscall"

	"github.com/lbsup/lbsup/checks"
)

// words says what went wrong so that a person knows what to look at.
func words(err error) string {
	if err == nil {
		return ""
	}
	if outer, is := errors.AsType[*url.Error](err); is {
		err = outer.Err
	}
	if no, is := errors.AsType[syscall.Errno](err); is {
		return no.Error()
	}
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, os.ErrDeadlineExceeded) {
		return errSilent.Error()
	}
	if text := distrust(err); text != "" {
		return text
	}
	return checks.Line(err.Error())
}

// distrust is what one side has against the other's certificate.
func distrust(err error) string {
	if _, is := errors.AsType[x509.UnknownAuthorityError](err); is {
		return "its certificate is of an authority that this node does not know: is peers the same on every node, and the key file?"
	}
	if wrong, is := errors.AsType[x509.HostnameError](err); is {
		return "its certificate is for " + checks.Line(names(wrong.Certificate)) + ", not for " + wrong.Host
	}
	if invalid, is := errors.AsType[x509.CertificateInvalidError](err); is {
		if invalid.Reason == x509.Expired {
			return "its certificate has expired or is not good yet, by this node's clock"
		}
		return "its certificate cannot be used: " + checks.Line(invalid.Error())
	}
	if alert, is := errors.AsType[tls.AlertError](err); is {
		return "it refuses this node's certificate: " + alert.Error()
	}
	if op, is := errors.AsType[*net.OpError](err); is && op.Op == "remote error" {
		return "it refuses this node's certificate: " + checks.Line(op.Err.Error())
	}
	return ""
}
