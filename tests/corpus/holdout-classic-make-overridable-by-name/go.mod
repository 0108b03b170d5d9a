module turnpike.example.org/turnpike

go 1.22
