package main

import (
	"fmt"
	"io"
	"net/http"
	"os"

	"github.com/spf13/cobra"
)

func main() {
	var server string

	root := &cobra.Command{Use: "sextant", Short: "Ask a chart server where you are", SilenceUsage: true}
	root.PersistentFlags().StringVar(&server, "server", "https://charts.example.org", "the chart server")

	root.AddCommand(&cobra.Command{
		Use:   "fix ALTITUDE TIME",
		Short: "A position from one sight",
		Args:  cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			answer, err := http.Get(fmt.Sprintf("%s/fix?altitude=%s&time=%s", server, args[0], args[1]))
			if err != nil {
				return err
			}
			defer answer.Body.Close()
			_, err = io.Copy(cmd.OutOrStdout(), answer.Body)
			return err
		},
	})
	root.AddCommand(&cobra.Command{
		Use:   "login",
		Short: "Sign in with the browser",
		RunE: func(cmd *cobra.Command, _ []string) error {
			return login(server)
		},
	})

	if root.Execute() != nil {
		os.Exit(1)
	}
}
