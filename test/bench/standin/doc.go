// Package standin stands in for keepalived's track_process, which hears of processes through the kernel's process connector: that exists in the machine's first network
// namespace only, so that in a host of the lab, as in any container, keepalived says "connection refused" and stays in FAULT. The stand-in
// waits for the end of the processes just as immediately and tells keepalived by a track file; what keepalived does then is the same.
package standin
