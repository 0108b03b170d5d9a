module bridges.example/tollhouse

go 1.23

require (
	github.com/go-chi/chi/v5 v5.1.0
	github.com/lib/pq v1.10.9
)
