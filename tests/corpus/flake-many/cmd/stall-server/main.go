package main

import (
	"log"
	"net/http"
	"os"
)

func main() {
	http.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte("apples, pears\n")) })
	log.Fatal(http.ListenAndServe(":"+os.Getenv("PORT"), nil))
}
