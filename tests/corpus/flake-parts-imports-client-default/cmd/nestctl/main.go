package main

import (
	"flag"
	"io"
	"log"
	"net/http"
	"os"
)

func main() {
	server := flag.String("server", "http://localhost:7030", "address of nestboxd")
	flag.Parse()
	answer, err := http.Get(*server + "/boxes")
	if err != nil {
		log.Fatal(err)
	}
	defer answer.Body.Close()
	io.Copy(os.Stdout, answer.Body)
}
