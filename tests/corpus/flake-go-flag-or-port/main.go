package main

import (
	"flag"
	"fmt"
	"log"
	"net/http"
	"os"
)

func main() {
	port := flag.String("port", os.Getenv("PORT"), "port to listen on")
	flag.Parse()
	if *port == "" {
		*port = "8080"
	}
	http.HandleFunc("POST /ring/{number}", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintln(w, "noted:", r.PathValue("number"))
	})
	log.Fatal(http.ListenAndServe(":"+*port, nil))
}
