module kitchen.example/larder

go 1.24
