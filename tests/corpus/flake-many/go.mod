module stall

go 1.22
