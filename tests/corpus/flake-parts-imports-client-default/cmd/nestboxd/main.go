package main

import (
	"fmt"
	"log"
	"net/http"
	"os"
)

func main() {
	if len(os.Args) < 2 {
		usage()
	}
	switch os.Args[1] {
	case "serve":
		port := os.Getenv("PORT")
		if port == "" {
			port = "7030"
		}
		http.HandleFunc("GET /boxes", func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprintln(w, `["oak","barn"]`)
		})
		log.Fatal(http.ListenAndServe(":"+port, nil))
	case "check":
		fmt.Println("all cameras answer")
	default:
		usage()
	}
}

func usage() {
	fmt.Fprintln(os.Stderr, "usage: nestboxd serve|check")
	os.Exit(2)
}
