package main

import (
	"context"
	"log"
	"os"
	"time"

	"github.com/jackc/pgx/v5"
)

// Every night the lifts of the day go into the book.
func main() {
	dsn, ok := os.LookupEnv("DATABASE_URL")
	if !ok {
		log.Fatal("DATABASE_URL must be set")
	}
	for {
		time.Sleep(time.Until(time.Now().Truncate(24 * time.Hour).Add(26 * time.Hour)))
		db, err := pgx.Connect(context.Background(), dsn)
		if err != nil {
			log.Print(err)
			continue
		}
		if _, err := db.Exec(context.Background(), "insert into book select * from lifts where day = current_date - 1"); err != nil {
			log.Print(err)
		}
		db.Close(context.Background())
	}
}
