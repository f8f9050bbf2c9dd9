package page

import (
	"crypto/tls"
	"fmt"
	"os"
	"sync"
	"time"
)

// certificate is a pair of files that may be renewed at any time.
type certificate struct {
	file, key string
	clock     func() time.Time

	mu     sync.Mutex
	loaded *tls.Certificate
	stamp  string // of the files that it was read from
}

// get returns the certificate as it is on the disk, or the last one that could be read.
func (c *certificate) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	err := c.look()
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.loaded == nil {
		return nil, err
	}
	return c.loaded, nil
}

// look reads the files if they are others than those that were read last, and says what is wrong with them.
func (c *certificate) look() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	stamp, err := stampOf(c.file, c.key)
	if err != nil {
		return fmt.Errorf("cannot use the certificate %s: %w", c.file, err)
	}
	if c.loaded == nil || stamp != c.stamp {
		pair, err := tls.LoadX509KeyPair(c.file, c.key)
		if err != nil {
			return fmt.Errorf("cannot use the certificate %s with the key %s: %w", c.file, c.key, err)
		}
		c.loaded, c.stamp = &pair, stamp
	}
	if leaf := c.loaded.Leaf; leaf != nil && c.clock().After(leaf.NotAfter) {
		return fmt.Errorf("the certificate %s has expired: it was good until %s", c.file, leaf.NotAfter.UTC().Format(time.DateTime+" MST"))
	}
	return nil
}

func stampOf(files ...string) (stamp string, err error) {
	for _, name := range files {
		info, err := os.Stat(name)
		if err != nil {
			return "", err
		}
		stamp += fmt.Sprintf("%d %d ", info.Size(), info.ModTime().UnixNano())
	}
	return stamp, nil
}
