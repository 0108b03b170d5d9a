module example.org/post/parcelwatch

go 1.22
