// Package links finds links in messages.
package links

import "strings"

// Find returns the links of a message.
func Find(message string) (found []string) {
	for _, word := range strings.Fields(message) {
		if strings.HasPrefix(word, "https://") {
			found = append(found, word)
		}
	}
	return found
}
