package doctor

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/lbsup/lbsup/render/cluster"
	"github.com/lbsup/lbsup/render/host"
)

// most is more than any file that is looked at.
const most = 1 << 20

// read returns the beginning of a file, and whether there is one that this user may read.
func (h Host) read(path string) (string, bool) {
	data, err := h.bytes(path)
	return string(data), err == nil
}

func (h Host) bytes(path string) ([]byte, error) {
	info, err := os.Stat(h.Root + path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() { // a FIFO in its place would keep us waiting
		return nil, errors.New("it is no file")
	}
	file, err := os.Open(h.Root + path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(io.LimitReader(file, most))
}

func (h Host) there(path string) bool { _, err := os.Stat(h.Root + path); return err == nil }

// list names the files that a pattern matches, without Root.
func (h Host) list(pattern string) (out []string) {
	found, err := filepath.Glob(h.Root + pattern)
	if err != nil {
		return nil
	}
	for _, path := range found {
		out = append(out, strings.TrimPrefix(path, h.Root))
	}
	return out
}

// installer is the command that installs packages here.
func (h Host) installer() string {
	if h.there("/usr/bin/dnf") {
		return "dnf"
	}
	return "apt-get"
}

func (h Host) sysctls(needs host.Needs) map[string]string {
	out := map[string]string{}
	take := func(path string) {
		if text, ok := h.read(path); ok {
			out[path] = strings.TrimSpace(text)
		}
	}
	for _, list := range [][]host.Sysctl{needs.Sysctls, needs.Unneeded} {
		for _, s := range list {
			take(s.Path())
		}
	}
	take("/proc/sys/net/ipv4/conf/all/rp_filter") // which counts for every interface
	return out
}

func (h Host) certificates(l *cluster.Local) map[string]Certificate {
	out := map[string]Certificate{}
	for _, path := range certificateFiles(l) {
		out[path] = h.certificate(path)
	}
	return out
}

// certificate reads a PEM file as HAProxy does. The errors of crypto/tls name what is wrong and never quote the key.
func (h Host) certificate(path string) Certificate {
	info, err := os.Stat(h.Root + path)
	if err != nil {
		return Certificate{Problem: plain(err)}
	}
	if info.IsDir() {
		return h.directory(path)
	}
	data, err := h.bytes(path)
	if err != nil {
		return Certificate{Problem: plain(err)}
	}
	pair, err := tls.X509KeyPair(data, data)
	if err != nil {
		return Certificate{Problem: strings.TrimPrefix(err.Error(), "tls: ")}
	}
	leaf, err := x509.ParseCertificate(pair.Certificate[0])
	if err != nil {
		return Certificate{Problem: err.Error()}
	}
	return Certificate{From: leaf.NotBefore, Until: leaf.NotAfter, Public: info.Mode().Perm()&0o004 != 0 && h.reachable(path)}
}

// directory is as good as the worst file in it: HAProxy loads them all.
func (h Host) directory(path string) (worst Certificate) {
	files := h.list(path + "/*")
	if len(files) == 0 {
		return Certificate{Problem: "it is an empty directory"}
	}
	for i, file := range files {
		c := h.certificate(file)
		if c.Problem != "" {
			return Certificate{Problem: fmt.Sprintf("%s: %s", filepath.Base(file), c.Problem)}
		}
		if i == 0 || c.Until.Before(worst.Until) {
			worst = c
		}
	}
	return worst
}

// reachable says whether everybody may come as far as a file.
func (h Host) reachable(path string) bool {
	for dir := filepath.Dir(path); dir != "/"; dir = filepath.Dir(dir) {
		if info, err := os.Stat(h.Root + dir); err != nil || info.Mode().Perm()&0o001 == 0 {
			return false
		}
	}
	return true
}

func plain(err error) string {
	if inner := new(fs.PathError); errors.As(err, &inner) {
		return inner.Err.Error()
	}
	return err.Error()
}

func (h Host) platform() string {
	dmi := func(name string) string {
		text, _ := h.read("/sys/class/dmi/id/" + name)
		return strings.TrimSpace(text)
	}
	return platformOf(dmi("sys_vendor"), dmi("product_name"), dmi("chassis_asset_tag"))
}
