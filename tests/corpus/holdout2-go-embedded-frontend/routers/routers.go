// Package routers holds the HTTP side and the commands git calls.
package routers

import (
	"net/http"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/go-chi/chi/v5"

	"git.bracken.example/hub/public"
)

func New(data string) http.Handler {
	r := chi.NewRouter()
	r.Get("/{owner}/{repo}/log", func(w http.ResponseWriter, req *http.Request) {
		dir := filepath.Join(data, filepath.Base(chi.URLParam(req, "owner")), filepath.Base(chi.URLParam(req, "repo"))+".git")
		out, err := exec.CommandContext(req.Context(), "git", "-C", dir, "log", "--oneline", "-n", "50").Output()
		if err != nil {
			http.NotFound(w, req)
			return
		}
		_, _ = w.Write(out)
	})
	r.Handle("/*", http.FileServerFS(public.Dist()))
	return r
}

func Hook(data string, args []string) int {
	if _, err := os.Stat(data); err != nil || len(args) == 0 {
		return 1
	}
	return 0
}

func Doctor(data string) int {
	repos, _ := filepath.Glob(filepath.Join(data, "*", "*.git"))
	for _, repo := range repos {
		if exec.Command("git", "-C", repo, "fsck").Run() != nil {
			return 1
		}
	}
	return 0
}
