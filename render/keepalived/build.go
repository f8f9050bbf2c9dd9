package keepalived

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Build is what the renderer has to know about the keepalived that is installed.
type Build struct {
	Version             string // such as 2.2.7
	Major, Minor, Patch int
	Auth                bool // built with VRRPv2 authentication
	Contained           bool // it runs in a container, which no version line tells: the caller says so
}

var (
	versionLine = regexp.MustCompile(`(?m)^Keepalived v((\d{1,4})\.(\d{1,4})\.(\d{1,4}))`)
	optionsLine = regexp.MustCompile(`(?m)^Config options:(.*)$`)
)

// ParseBuild reads what "keepalived -v" prints on its standard error.
func ParseBuild(text string) (Build, error) {
	version := versionLine.FindStringSubmatch(text)
	if version == nil {
		line, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
		return Build{}, fmt.Errorf("cannot read the version of keepalived: got %.80q, want the output of keepalived -v", line)
	}
	build := Build{Version: version[1]}
	build.Major, _ = strconv.Atoi(version[2]) // at most four digits each, as the expression says
	build.Minor, _ = strconv.Atoi(version[3])
	build.Patch, _ = strconv.Atoi(version[4])
	if !build.atLeast(2, 1, 5) {
		return Build{}, fmt.Errorf("cannot render for keepalived %s: want 2.1.5 or later", build.Version)
	}
	if options := optionsLine.FindStringSubmatch(text); options != nil {
		build.Auth = slices.Contains(strings.Fields(options[1]), "VRRP_AUTH")
	}
	return build, nil
}

func (b Build) atLeast(major, minor, patch int) bool {
	return slices.Compare([]int{b.Major, b.Minor, b.Patch}, []int{major, minor, patch}) >= 0
}
