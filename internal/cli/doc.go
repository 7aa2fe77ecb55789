// Package cli is barewire's command line: it turns arguments into calls of the
// other packages, and their errors into one clear line and an exit status.
package cli
