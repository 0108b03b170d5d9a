package main

import (
	"encoding/json"
	"html/template"
	"log"
	"net/http"
	"os"
)

type site struct {
	Title  string
	Mosses []string
}

func main() {
	raw, err := os.ReadFile("config/site.json")
	if err != nil {
		log.Fatal(err)
	}
	var s site
	if err := json.Unmarshal(raw, &s); err != nil {
		log.Fatal(err)
	}

	pages := template.Must(template.ParseGlob("templates/*.html"))
	http.Handle("/static/", http.StripPrefix("/static/", http.FileServer(http.Dir("static"))))
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		pages.ExecuteTemplate(w, "index.html", s)
	})
	log.Fatal(http.ListenAndServe(":"+os.Getenv("PORT"), nil))
}
