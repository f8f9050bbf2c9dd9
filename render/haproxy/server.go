package haproxy

import (
	"fmt"
	"net"
	"regexp"
	"strconv"

	"github.com/lbsup/lbsup/render/cluster"
)

var hostName = regexp.MustCompile(`^[A-Za-z0-9._-]+$`)

// server writes one server. All its settings stand on its own line and none in default-server, because that is also what a server
// that is added at run time has to be told.
func (p *page) server(where string, pool cluster.Pool, s cluster.Server, number int) {
	if isHostName(s.Host) && !hostName.MatchString(s.Host) { // it also stands inside of a sample expression, where quotes do not help
		p.fail(fmt.Errorf("%s: cannot write the host name %q of server %q", where, s.Host, s.Name))
		return
	}
	address := net.JoinHostPort(s.Host, strconv.Itoa(int(s.Port)))
	p.line(append([]string{"server", s.Name, address}, p.attributes(where, pool, s, number)...)...)
}

// attributes are what a server is told after its address: here, and where it is added at run time. Its number is 0 where the
// algorithm makes nothing of it.
func (p *page) attributes(where string, pool cluster.Pool, s cluster.Server, number int) []string {
	var words []string
	if number > 0 {
		words = append(words, "id", strconv.Itoa(number))
	}
	if isHostName(s.Host) {
		words = append(words, "resolvers", resolversName)
	}
	words = append(words, p.serverTLS(where, s)...)
	words = append(words, serverCheck(pool.Check, s)...)
	if pool.Sticky != nil {
		words = append(words, "cookie", s.Name)
	}
	if s.Weight > 0 {
		words = append(words, "weight", strconv.Itoa(s.Weight))
	}
	if s.MaxConn > 0 {
		words = append(words, "maxconn", strconv.Itoa(s.MaxConn))
	}
	if s.Backup {
		words = append(words, "backup")
	}
	return words
}

func serverCheck(c cluster.HealthCheck, s cluster.Server) []string {
	if c.Off {
		return nil
	}
	words := []string{"check"}
	if c.Interval > 0 {
		words = append(words, "inter", duration(c.Interval))
	}
	if c.Rise > 0 {
		words = append(words, "rise", strconv.Itoa(c.Rise))
	}
	if c.Fall > 0 {
		words = append(words, "fall", strconv.Itoa(c.Fall))
	}
	if c.TLS || s.TLS { // a server that is spoken TLS to is checked the same way, but one added at run time only if it is said
		words = append(words, "check-ssl")
	}
	if c.TLS && !s.TLS {
		words = append(words, "verify", "none")
	}
	return words
}

// elBundle is where Enterprise Linux keeps the certificate authorities that it trusts.
const elBundle = "/etc/pki/tls/certs/ca-bundle.crt"

// serverTLS writes how HAProxy speaks TLS to a server. A name is asked for by SNI, and with Verify the certificate must be for it.
func (p *page) serverTLS(where string, s cluster.Server) []string {
	if !s.TLS {
		return nil
	}
	if !p.build.TLS {
		p.fail(fmt.Errorf("%s: cannot speak TLS to server %q: HAProxy %s was built without OpenSSL", where, s.Name, p.build.Version))
	}
	words := []string{"ssl"}
	if isHostName(s.Host) {
		words = append(words, "sni", "str("+s.Host+")", "check-sni", s.Host)
	}
	if !s.Verify {
		return append(words, "verify", "none")
	}
	words = append(words, "verify", "required", "ca-file", p.trusted(where))
	if isHostName(s.Host) {
		return append(words, "verifyhost", s.Host)
	}
	p.note(where, "the certificate of server %q is checked for who signed it but not for its address, which HAProxy cannot do; "+
		"write a host name to have that checked", s.Name)
	return words
}

// trusted is where HAProxy finds the authorities that the system trusts.
func (p *page) trusted(where string) string {
	if p.build.atLeast(2, 6) {
		return "@system-ca"
	}
	p.note(where, "certificates are checked against %s: HAProxy %s does not know where the system's authorities are, 2.6 does", elBundle, p.build.Version)
	return elBundle
}
