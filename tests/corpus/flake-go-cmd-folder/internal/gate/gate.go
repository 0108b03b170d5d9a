// Package gate moves the gate.
package gate

import "fmt"

// Move opens the gate so far and says so.
func Move(percent int) string {
	return fmt.Sprintf("gate at %d%%", percent)
}
