package main

import (
	"flag"
	"fmt"
	"log"
	"net/http"
	"sync"
)

type book struct {
	sync.Mutex
	guests []string
}

func (b *book) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	b.Lock()
	defer b.Unlock()
	if r.Method == http.MethodPost {
		b.guests = append(b.guests, r.FormValue("name"))
	}
	for _, guest := range b.guests {
		fmt.Fprintln(w, guest)
	}
}

func main() {
	addr := flag.String("addr", "127.0.0.1:4280", "address and port to listen on")
	quiet := flag.Bool("quiet", false, "say nothing")
	flag.Parse()
	if !*quiet {
		log.Printf("guest book on %s", *addr)
	}
	log.Fatal(http.ListenAndServe(*addr, &book{}))
}
