package main

import (
	"fmt"
	"log"
	"net/http"
	"os"
)

func main() {
	http.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintln(w, "there 07:12, back 17:40")
	})
	log.Fatal(http.ListenAndServe(":"+os.Getenv("PORT"), nil))
}
