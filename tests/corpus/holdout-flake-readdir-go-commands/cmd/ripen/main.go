package main

import (
	"context"
	"log"
	"os"
	"time"

	"github.com/redis/go-redis/v9"
)

func main() {
	where := os.Getenv("REDIS_URL")
	if where == "" {
		log.Fatal("ripen: REDIS_URL is not set")
	}
	options, err := redis.ParseURL(where)
	if err != nil {
		log.Fatal(err)
	}
	store := redis.NewClient(options)
	for range time.Tick(5 * time.Minute) {
		feeds, err := store.SMembers(context.Background(), "feeds").Result()
		if err != nil {
			log.Print(err)
			continue
		}
		log.Printf("going round %d feeds", len(feeds))
	}
}
