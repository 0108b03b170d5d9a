package main

import (
	"flag"
	"fmt"
	"net/http"
	"os"
)

var version = "dev"

func main() {
	gate := flag.String("gate", "http://localhost:9470", "address of turnpiked")
	flag.Parse()

	switch flag.Arg(0) {
	case "open", "close":
		answer, err := http.Post(*gate+"/"+flag.Arg(0), "text/plain", nil)
		if err != nil {
			fmt.Fprintln(os.Stderr, "turnpike:", err)
			os.Exit(1)
		}
		fmt.Println(answer.Status)
	case "version":
		fmt.Println(version)
	default:
		fmt.Fprintln(os.Stderr, "usage: turnpike [-gate URL] open|close|version")
		os.Exit(2)
	}
}
