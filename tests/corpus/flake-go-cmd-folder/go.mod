module example.org/hydro/weir

go 1.23
