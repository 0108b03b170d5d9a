package main

import (
	"fmt"
	"log"
	"net/http"
	"os"

	"github.com/redis/go-redis/v9"
)

func main() {
	if len(os.Args) != 3 || os.Args[1] != "gateway" || os.Args[2] != "run" {
		fmt.Fprintln(os.Stderr, "usage: tollgated gateway run")
		os.Exit(2)
	}
	opts, err := redis.ParseURL(os.Getenv("REDIS_URL"))
	if err != nil {
		log.Fatal("REDIS_URL: ", err)
	}
	rdb := redis.NewClient(opts)
	http.HandleFunc("/check", func(w http.ResponseWriter, r *http.Request) {
		n, err := rdb.Incr(r.Context(), r.URL.Query().Get("key")).Result()
		if err != nil || n > 100 {
			w.WriteHeader(http.StatusTooManyRequests)
		}
	})
	port := os.Getenv("PORT")
	if port == "" {
		port = "8080"
	}
	log.Fatal(http.ListenAndServe(":"+port, nil))
}
