module example.org/rings/dunlin

go 1.23
