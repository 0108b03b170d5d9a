module kelpline.example/kelpline

go 1.23
