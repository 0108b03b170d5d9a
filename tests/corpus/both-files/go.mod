module bothways

go 1.22
