package main

import (
	"encoding/json"
	"log"
	"net/http"
	"os"
)

type hours struct{ Lock, Opens, Closes string }

func main() {
	http.HandleFunc("/hours", func(w http.ResponseWriter, _ *http.Request) {
		json.NewEncoder(w).Encode([]hours{{"Upper", "08:00", "19:30"}, {"Lower", "08:30", "19:00"}})
	})
	log.Fatal(http.ListenAndServe(":"+os.Getenv("PORT"), nil))
}
