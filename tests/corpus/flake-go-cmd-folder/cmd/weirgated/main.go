package main

import (
	"fmt"
	"log"
	"net/http"
	"os"

	"example.org/hydro/weir/internal/gate"
)

var version = "dev"

func main() {
	port := os.Getenv("PORT")
	if port == "" {
		port = "4000"
	}
	http.Handle("/", http.FileServer(http.Dir("static")))
	http.HandleFunc("POST /gate/open", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintln(w, gate.Move(100))
	})
	log.Printf("weirgated %s on :%s", version, port)
	log.Fatal(http.ListenAndServe(":"+port, nil))
}
