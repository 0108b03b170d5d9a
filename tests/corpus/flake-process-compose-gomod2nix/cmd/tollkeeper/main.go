package main

import (
	"database/sql"
	"fmt"
	"log"
	"net/http"
	"os"

	"github.com/go-chi/chi/v5"
	_ "github.com/lib/pq"
)

func main() {
	db, err := sql.Open("postgres", mustEnv("DATABASE_URL"))
	if err != nil {
		log.Fatal(err)
	}
	port := os.Getenv("PORT")
	if port == "" {
		port = "8081"
	}
	router := chi.NewRouter()
	router.Get("/tolls/{bridge}", func(w http.ResponseWriter, r *http.Request) {
		var cents int
		row := db.QueryRowContext(r.Context(), "select cents from tolls where bridge = $1", chi.URLParam(r, "bridge"))
		if err := row.Scan(&cents); err != nil {
			http.Error(w, "no toll", http.StatusNotFound)
			return
		}
		fmt.Fprintln(w, cents)
	})
	log.Fatal(http.ListenAndServe(":"+port, router))
}

func mustEnv(name string) string {
	value := os.Getenv(name)
	if value == "" {
		log.Fatalf("%s is missing", name)
	}
	return value
}
