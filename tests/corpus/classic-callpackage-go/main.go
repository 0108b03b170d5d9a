package main

import (
	"encoding/json"
	"log"
	"net/http"
	"os"

	"github.com/go-chi/chi/v5"

	"git.example.org/harbours/tidebell/v2/internal/tides"
)

var version = "dev"

func main() {
	r := chi.NewRouter()
	r.Get("/healthz", func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte(version)) })
	r.Get("/harbours/{name}", func(w http.ResponseWriter, req *http.Request) {
		json.NewEncoder(w).Encode(tides.For(chi.URLParam(req, "name")))
	})

	port := os.Getenv("PORT")
	if port == "" {
		port = "8080"
	}
	log.Fatal(http.ListenAndServe(":"+port, r))
}
