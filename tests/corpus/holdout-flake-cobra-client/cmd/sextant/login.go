package main

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
)

// login waits for the browser to come back with a token, then stops listening.
func login(server string) error {
	done := &http.Server{Addr: "127.0.0.1:8976"}
	done.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		home, _ := os.UserConfigDir()
		os.WriteFile(filepath.Join(home, "sextant-token"), []byte(r.FormValue("token")), 0o600)
		fmt.Fprintln(w, "Signed in. You can close this window.")
		go done.Close()
	})
	fmt.Printf("Open %s/login?back=http://127.0.0.1:8976 in your browser.\n", server)
	if err := done.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
