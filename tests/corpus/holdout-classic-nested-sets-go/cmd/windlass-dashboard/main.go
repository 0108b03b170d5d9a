package main

import (
	"fmt"
	"log"
	"net"
	"net/http"
	"os"

	"github.com/jackc/pgx/v5/pgxpool"
)

func main() {
	dsn, ok := os.LookupEnv("DATABASE_URL")
	if !ok {
		log.Fatal("DATABASE_URL must be set")
	}

	mux := http.NewServeMux()
	mux.HandleFunc("GET /lifts", func(w http.ResponseWriter, r *http.Request) {
		pool, err := pgxpool.New(r.Context(), dsn)
		if err != nil {
			http.Error(w, err.Error(), http.StatusServiceUnavailable)
			return
		}
		defer pool.Close()
		var lifts int
		if err := pool.QueryRow(r.Context(), "select count(*) from lifts").Scan(&lifts); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		fmt.Fprintf(w, "%d lifts\n", lifts)
	})

	port := os.Getenv("PORT")
	if port == "" {
		port = "7600"
	}
	server := &http.Server{Addr: net.JoinHostPort("127.0.0.1", port), Handler: mux}
	log.Fatal(server.ListenAndServe())
}
