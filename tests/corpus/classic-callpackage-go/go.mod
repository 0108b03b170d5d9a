module git.example.org/harbours/tidebell/v2

go 1.23

require github.com/go-chi/chi/v5 v5.1.0
