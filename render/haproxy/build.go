package haproxy

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// Build is what the renderer has to know about the HAProxy that is installed.
type Build struct {
	Version      string // in full, such as 2.6.12-1+deb12u4
	Major, Minor int
	TLS          bool // built with OpenSSL
}

var (
	// "HA-Proxy" is how versions before 2.4 spell their name. They are read, so that the error can tell their version.
	versionLine = regexp.MustCompile(`(?m)^HA-?Proxy version ((\d{1,4})\.(\d{1,4})\S*)`)
	featureLine = regexp.MustCompile(`(?m)^Feature list : (.*)$`)
)

// ParseBuild reads what "haproxy -vv" prints.
func ParseBuild(text string) (Build, error) {
	version := versionLine.FindStringSubmatch(text)
	if version == nil {
		return Build{}, fmt.Errorf("cannot read the version of HAProxy: got %q, want the output of haproxy -vv", firstLine(text))
	}
	build := Build{Version: version[1]}
	build.Major, _ = strconv.Atoi(version[2]) // at most four digits, as the expression says
	build.Minor, _ = strconv.Atoi(version[3])
	if !build.atLeast(2, 4) {
		return Build{}, fmt.Errorf("cannot render for HAProxy %s: want 2.4 or later", build.Version)
	}
	if features := featureLine.FindStringSubmatch(text); features != nil {
		for _, feature := range strings.Fields(features[1]) {
			build.TLS = build.TLS || strings.HasPrefix(feature, "+OPENSSL") // also +OPENSSL_AWSLC and +OPENSSL_WOLFSSL
		}
	}
	return build, nil
}

func (b Build) atLeast(major, minor int) bool {
	return b.Major > major || b.Major == major && b.Minor >= minor
}

// firstLine is what a person needs to see of text that is something else altogether.
func firstLine(text string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	if len(line) > 80 {
		line = line[:80]
	}
	return line
}
