module mossbook.example/mossbookd

go 1.22
