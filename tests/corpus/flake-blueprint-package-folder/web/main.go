package main

import (
	"cmp"
	"fmt"
	"log"
	"net/http"
	"os"
)

func main() {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /jars", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintln(w, "plums 4\nbeans 11")
	})
	address := ":" + cmp.Or(os.Getenv("PORT"), "8080")
	log.Printf("larder at %s", address)
	log.Fatal(http.ListenAndServe(address, mux))
}
