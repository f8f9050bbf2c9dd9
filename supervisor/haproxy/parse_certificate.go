package haproxy

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// Certificate is one that HAProxy has loaded.
type Certificate struct {
	File        string // as the configuration names it
	Used        bool   // some bind or server has it
	Serial      string // hexadecimal, in capitals
	NotAfter    time.Time
	Subject     string
	Fingerprint string // SHA-1 of the leaf, hexadecimal, in capitals
}

// certificateTime is how OpenSSL prints a time (ASN1_TIME_print(3)).
const certificateTime = "Jan _2 15:04:05 2006 MST"

// ParseCertificate reads the answer to "show ssl cert FILE".
func ParseCertificate(text string) (Certificate, error) {
	var c Certificate
	var at error
	for line := range strings.SplitSeq(text, "\n") {
		name, value, found := strings.Cut(strings.TrimSpace(line), ": ")
		if !found {
			continue
		}
		switch name {
		case "Filename":
			c.File = value
		case "Status":
			c.Used = value == "Used"
		case "Serial":
			c.Serial = strings.ToUpper(value)
		case "notAfter":
			if c.NotAfter, at = time.Parse(certificateTime, value); at != nil {
				return Certificate{}, fmt.Errorf("cannot read HAProxy's certificate %q: notAfter: got %q", c.File, value)
			}
		case "Subject":
			c.Subject = value
		case "SHA1 FingerPrint":
			c.Fingerprint = strings.ToUpper(value)
		}
	}
	if c.File == "" || c.Fingerprint == "" {
		return Certificate{}, errors.New("cannot read HAProxy's certificate: it has no file or no fingerprint")
	}
	return c, nil
}

// certificateFiles reads the answer to "show ssl cert": a line for each file, an asterisk before one that is being changed.
func certificateFiles(text string) (files []string) {
	for line := range strings.SplitSeq(text, "\n") {
		if line = strings.TrimSpace(line); strings.HasPrefix(line, "/") {
			files = append(files, line)
		}
	}
	return files
}
