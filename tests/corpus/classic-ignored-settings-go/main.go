package main

import (
	"fmt"
	"log"
	"net/http"
	"os"
)

var operator = "nobody"

func main() {
	http.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, "counts of curlews, run by %s\n", operator)
	})
	log.Fatal(http.ListenAndServe(":"+os.Getenv("PORT"), nil))
}
