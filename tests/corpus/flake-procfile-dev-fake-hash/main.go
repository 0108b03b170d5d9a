package main

import (
	_ "embed"
	"fmt"
	"log"
	"net/http"
	"os"

	"golang.org/x/net/html"
)

//go:embed assets/app.min.css
var css []byte

// Lists the links of a page that has no feed.
func links(w http.ResponseWriter, r *http.Request) {
	page, err := http.Get(r.URL.Query().Get("page"))
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	defer page.Body.Close()
	for z := html.NewTokenizer(page.Body); z.Next() != html.ErrorToken; {
		if token := z.Token(); token.Data == "a" {
			fmt.Fprintln(w, token.Attr)
		}
	}
}

func main() {
	http.HandleFunc("/app.css", func(w http.ResponseWriter, _ *http.Request) { w.Write(css) })
	http.HandleFunc("/", links)
	log.Fatal(http.ListenAndServe(":"+os.Getenv("PORT"), nil))
}
