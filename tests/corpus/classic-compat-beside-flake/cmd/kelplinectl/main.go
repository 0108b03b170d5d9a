package main

import (
	"fmt"
	"net/http"
	"os"
)

// Tells a server that the ferry was seen.
func main() {
	if _, err := http.Post(os.Args[1]+"/seen", "text/plain", nil); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
