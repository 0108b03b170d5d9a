// Package public embeds what the frontend's build left in dist.
package public

import (
	"embed"
	"io/fs"
)

//go:embed all:dist
var files embed.FS

func Dist() fs.FS {
	dist, err := fs.Sub(files, "dist")
	if err != nil {
		panic(err)
	}
	return dist
}
