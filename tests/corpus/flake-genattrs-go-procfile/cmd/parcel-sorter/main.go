package main

import (
	"database/sql"
	"flag"
	"log"
	"os"
	"time"

	_ "github.com/lib/pq"
)

func main() {
	concurrency := flag.Int("concurrency", 1, "parcels sorted at the same time")
	flag.Parse()
	db, err := sql.Open("postgres", os.Getenv("DATABASE_URL"))
	if err != nil {
		log.Fatal(err)
	}
	for range time.Tick(2 * time.Second) {
		if _, err := db.Exec("select depot.sort_next($1)", *concurrency); err != nil {
			log.Print(err)
		}
	}
}
