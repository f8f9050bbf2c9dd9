package page

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"strings"
	"sync"
)

//go:embed assets
var assets embed.FS

// composed is the page with its style and its script in it, and the policy that lets these two run and nothing else.
type composed struct {
	text   []byte
	policy string
}

// scripts in the order in which they build on each other.
var scripts = []string{"words.js", "draw.js", "lists.js", "plot.js", "live.js"}

// document puts the page together, once.
var document = sync.OnceValue(func() composed {
	style, script := asset("style.css"), []byte{}
	for _, name := range scripts {
		script = append(script, asset(name)...)
	}
	text := asset("page.html")
	text = bytes.Replace(text, []byte("/*STYLE*/"), style, 1)
	text = bytes.Replace(text, []byte("/*SCRIPT*/"), script, 1)
	return composed{text, strings.Join([]string{
		"default-src 'none'", "style-src " + hash(style), "script-src " + hash(script), "connect-src 'self'", "img-src data:",
		"base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'", "require-trusted-types-for 'script'",
	}, "; ")}
})

// asset is a file that is built in: it cannot be missing.
func asset(name string) []byte {
	text, err := assets.ReadFile("assets/" + name)
	if err != nil {
		panic(err)
	}
	return text
}

func hash(text []byte) string {
	sum := sha256.Sum256(text)
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}
