package main

import (
	"fmt"
	"log"
	"net/http"
	"os"
	"time"
)

func main() {
	if len(os.Args) != 2 || os.Args[1] != "watch" {
		fmt.Fprintln(os.Stderr, "usage: kelpline-server watch")
		os.Exit(2)
	}
	last := time.Now()
	http.HandleFunc("POST /seen", func(w http.ResponseWriter, _ *http.Request) { last = time.Now() })
	http.HandleFunc("GET /", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, last) })
	log.Fatal(http.ListenAndServe(":"+os.Getenv("PORT"), nil))
}
