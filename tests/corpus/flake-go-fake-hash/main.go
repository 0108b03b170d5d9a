package main

import (
	"fmt"
	"log"
	"math"
	"net/http"
	"strconv"

	"github.com/julienschmidt/httprouter"
)

func main() {
	router := httprouter.New()
	router.GET("/", wall)
	log.Fatal(http.ListenAndServe(":8000", router))
}

func wall(w http.ResponseWriter, r *http.Request, _ httprouter.Params) {
	low, high := math.Inf(1), math.Inf(-1)
	for _, name := range []string{"a", "b", "c"} {
		metres, err := strconv.ParseFloat(r.FormValue(name), 64)
		if err != nil {
			http.Error(w, name+" is not a number", http.StatusBadRequest)
			return
		}
		low, high = min(low, metres), max(high, metres)
	}
	fmt.Fprintln(w, high-low < 0.01)
}
