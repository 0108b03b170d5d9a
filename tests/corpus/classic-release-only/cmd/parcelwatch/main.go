package main

import (
	"fmt"
	"log"
	"net/http"
	"os"
)

func main() {
	port := os.Getenv("PORT")
	if port == "" {
		port = "8088"
	}
	http.HandleFunc("/parcels/", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "parcel %s is on its way\n", r.URL.Path[len("/parcels/"):])
	})
	log.Fatal(http.ListenAndServe(":"+port, nil))
}
