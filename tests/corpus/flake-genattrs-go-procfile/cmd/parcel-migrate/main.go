package main

import (
	"database/sql"
	"embed"
	"log"
	"os"

	_ "github.com/lib/pq"
)

//go:embed *.sql
var steps embed.FS

func main() {
	if len(os.Args) != 2 || os.Args[1] != "up" {
		log.Fatal("usage: parcel-migrate up")
	}
	db, err := sql.Open("postgres", os.Getenv("DATABASE_URL"))
	if err != nil {
		log.Fatal(err)
	}
	files, _ := steps.ReadDir(".")
	for _, file := range files {
		text, _ := steps.ReadFile(file.Name())
		if _, err := db.Exec(string(text)); err != nil {
			log.Fatalf("%s: %v", file.Name(), err)
		}
	}
}
