package main

import (
	"cmp"
	"log"
	"net/http"
	"os"
	"sync/atomic"
)

var version = "dev"

func main() {
	var open atomic.Bool

	http.HandleFunc("POST /open", func(w http.ResponseWriter, _ *http.Request) { open.Store(true) })
	http.HandleFunc("POST /close", func(w http.ResponseWriter, _ *http.Request) { open.Store(false) })
	http.HandleFunc("GET /pass", func(w http.ResponseWriter, _ *http.Request) {
		if !open.Load() {
			http.Error(w, "wait", http.StatusTooManyRequests)
		}
	})

	listen := cmp.Or(os.Getenv("TURNPIKE_LISTEN"), ":9470")
	log.Printf("turnpiked %s on %s", version, listen)
	log.Fatal(http.ListenAndServe(listen, nil))
}
