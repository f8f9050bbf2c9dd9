// Package vuln knows whether what is linked has known vulnerabilities: vuln.sh asks, and its test sees each answer.
package vuln
