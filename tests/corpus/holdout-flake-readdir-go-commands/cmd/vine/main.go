package main

import (
	"log"
	"net/http"
	"os"

	"github.com/redis/go-redis/v9"
)

func main() {
	where := os.Getenv("REDIS_URL")
	if where == "" {
		log.Fatal("vine: REDIS_URL is not set")
	}
	options, err := redis.ParseURL(where)
	if err != nil {
		log.Fatal(err)
	}
	store := redis.NewClient(options)

	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		items, err := store.LRange(r.Context(), "timeline", 0, 49).Result()
		if err != nil {
			http.Error(w, "the timeline is asleep", http.StatusBadGateway)
			return
		}
		for _, item := range items {
			w.Write([]byte(item + "\n"))
		}
	})

	port := os.Getenv("PORT")
	if port == "" {
		port = "8080"
	}
	log.Fatal(http.ListenAndServe(":"+port, mux))
}
