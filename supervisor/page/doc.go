// Package page knows how to show a node to whoever has a browser: one page that draws the pair as people draw it on a
// whiteboard, kept up to date, over HTTP or HTTPS, read-only.
package page
